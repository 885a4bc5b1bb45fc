package io.github.normkit.weights;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Spectral normalization: a weight divided by its largest singular value, so that a linear layer
 * makes no difference of two inputs longer.
 *
 * <p>Miyato, Kataoka, Koyama and Yoshida, <a href="https://arxiv.org/abs/1802.05957">Spectral
 * Normalization for Generative Adversarial Networks</a>, 2018.
 *
 * <pre>{@code
 * w = W / σ        σ = uᵀ W v
 * }</pre>
 *
 * <p>W is the weight as a matrix, with the indices of {@link Builder#dim} as rows and those of all
 * other dimensions as columns. The vectors u and v, of length 1, last from step to step and come
 * near the singular vectors of σ by power iteration, so many times in each forward in training:
 *
 * <pre>{@code
 * v = Wᵀ u / ‖Wᵀ u‖
 * u = W v / ‖W v‖
 * }</pre>
 *
 * <p>as in the paper's algorithm 1 and {@code torch.nn.utils.spectral_norm}; PyTorch's newer {@code
 * parametrizations.spectral_norm} takes u first. Evaluation takes u and v as they are. Both begin
 * as random numbers of {@link Builder#seed}, followed by 15 iterations with the given weight.
 *
 * <p>Where {@code |σ| <= epsilon}, the weight is divided by ε. A product {@code Wᵀ u} or {@code W
 * v} of zeros, or that is not finite, leaves v or u as it is; a NaN in W makes all of w NaN, and
 * nothing that lasts.
 *
 * <p>For {@link #backward}, forward keeps u, v and σ. The vectors count as constants, as in the
 * paper:
 *
 * <pre>{@code
 * dW = dw / σ - u vᵀ * Σ(dw * W) / σ²
 * }</pre>
 *
 * <p>and without the second term where σ is ε.
 *
 * <h2>Shapes</h2>
 *
 * <p>The weight has 2 dimensions or more: {@code (out, in)}, {@code (out, in / groups, k, ...)}, or
 * with {@code dim(1)} {@code (in, out / groups, k, ...)}; u has as many elements as the dimension,
 * v as many as the others together.
 *
 * <h2>Defaults</h2>
 *
 * <p>One iteration, ε 1e-12, dim 0, seed 0.
 *
 * <h2>State</h2>
 *
 * <p>{@code weight_orig}, {@code weight_u} and {@code weight_v}, the names of {@code
 * torch.nn.utils.spectral_norm}. {@link #loadState} also takes those of {@code
 * torch.nn.utils.parametrizations.spectral_norm}, {@code parametrizations.weight.original}, {@code
 * parametrizations.weight.0._u} and {@code ...0._v}.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormalizedWeight} says; {@link IllegalArgumentException} if a loaded u or v is not
 * of length 1, to a hundredth.
 *
 * <pre>{@code
 * SpectralNorm norm = new SpectralNorm(Tensor.wrap(w, Shape.of(64, 32, 3, 3)));
 * Tensor weight = norm.forward();          // one power iteration; for the convolution
 * norm.backward(dWeight);                  // adds into the gradient of weight_orig
 * Tensor plain = norm.plainWeight();       // when training is over
 * }</pre>
 */
public final class SpectralNorm extends BaseWeight {

  private static final String NAME = "SpectralNorm";

  /** As many as PyTorch takes: enough for a σ that is of use before the first step. */
  private static final int FIRST_ITERATIONS = 15;

  private final int iterations;
  private final double epsilon;
  private final WeightMatrix matrix;
  private final WeightMatrix transposed;
  private final Parameter weight;
  private final Tensor u;
  private final Tensor v;

  private float[] keptU = {};
  private float[] keptV = {};
  private double keptSigma;

  /**
   * Makes a normalized weight with the defaults.
   *
   * @param weight the weight to begin with; copied
   * @throws IllegalArgumentException if it has less than 2 dimensions or no elements
   */
  public SpectralNorm(Tensor weight) {
    this(builder(weight));
  }

  private SpectralNorm(Builder builder) {
    super(NAME, builder.weight.shape());
    iterations = builder.iterations;
    epsilon = builder.epsilon;
    Shape shape = builder.weight.shape();
    matrix = WeightMatrix.of(shape, Checks.dims(NAME, new int[] {builder.dim}, shape));
    transposed = matrix.transposed();
    weight = parameter("weight_orig", builder.weight);
    Random random = new Random(builder.seed);
    u = randomUnit(random, matrix.rows());
    v = randomUnit(random, matrix.columns());
    iterate(FIRST_ITERATIONS);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param weight the weight to begin with; copied when the weight is built
   * @return the builder
   * @throws IllegalArgumentException if it has less than 2 dimensions or no elements
   */
  public static Builder builder(Tensor weight) {
    return new Builder(weight);
  }

  private static Tensor randomUnit(Random random, int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextDouble() - 0.5;
    }
    Tensor unit = Tensor.full(Shape.of(length), (float) (1 / Math.sqrt(length)));
    direction(values, unit);
    return unit;
  }

  private void iterate(int times) {
    double[] left = new double[matrix.rows()];
    double[] right = new double[matrix.columns()];
    for (int i = 0; i < times; i++) {
      transposed.times(weight.value(), widened(u), right);
      direction(right, v);
      matrix.times(weight.value(), widened(v), left);
      direction(left, u);
    }
  }

  /** Writes a vector divided by its length, or nothing if it has no direction. */
  private static void direction(double[] values, Tensor unit) {
    double length = length(values);
    if (length > 0 && length < Double.POSITIVE_INFINITY) {
      for (int i = 0; i < values.length; i++) {
        unit.array()[i] = (float) (values[i] / length);
      }
    }
  }

  private static double length(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static double[] widened(Tensor vector) {
    float[] values = vector.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private double sigma() {
    return matrix.bilinear(weight.value(), u.array(), v.array());
  }

  /** What the weight is divided by; NaN stays NaN. */
  private double divisor(double sigma) {
    return Math.abs(sigma) <= epsilon ? epsilon : sigma;
  }

  private void divide(double divisor, Tensor out) {
    float[] from = weight.value().array();
    for (int i = 0; i < from.length; i++) {
      out.array()[out.offset() + i] = (float) (from[i] / divisor);
    }
  }

  @Override
  void computeAndKeep(Tensor out) {
    if (isTraining()) {
      iterate(iterations);
    }
    keptU = u.toArray();
    keptV = v.toArray();
    keptSigma = sigma();
    divide(divisor(keptSigma), out);
  }

  @Override
  void compute(Tensor out) {
    divide(divisor(sigma()), out);
  }

  @Override
  void gradient(Tensor dw) {
    double divisor = divisor(keptSigma);
    double slope = 0;
    // A divisor that is ε does not depend on the weight.
    if (Math.abs(keptSigma) > epsilon) {
      double[] dots = new double[matrix.rows()];
      matrix.dots(dw, weight.value(), dots);
      for (double dot : dots) {
        slope += dot;
      }
      slope = slope / keptSigma / keptSigma;
    }
    matrix.addScaled(dw, 1 / divisor, slope, keptU, keptV, weight.gradient());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight);
  }

  @Override
  Map<String, Tensor> buffers() {
    Map<String, Tensor> buffers = new LinkedHashMap<>();
    buffers.put("weight_u", u);
    buffers.put("weight_v", v);
    return buffers;
  }

  @Override
  Map<String, String> otherNames() {
    return Map.of(
        "weight_orig", "parametrizations.weight.original",
        "weight_u", "parametrizations.weight.0._u",
        "weight_v", "parametrizations.weight.0._v");
  }

  @Override
  void checkValues(String key, Tensor tensor) {
    if (buffers().containsKey(key)) {
      double length = length(widened(tensor));
      if (!(Math.abs(length - 1) <= 0.01)) {
        throw invalid(key + " must have length 1, to a hundredth: got " + (float) length);
      }
    }
  }

  /** Options of a {@link SpectralNorm}. */
  public static final class Builder {

    private final Tensor weight;
    private int iterations = 1;
    private double epsilon = 1e-12;
    private int dim;
    private long seed;

    private Builder(Tensor weight) {
      this.weight = Checks.weight(NAME, weight, 2);
    }

    /**
     * Sets how many power iterations a forward in training takes.
     *
     * @param iterations a number of at least 1; default 1
     * @return this builder
     * @throws IllegalArgumentException if it is less
     */
    public Builder iterations(int iterations) {
      if (iterations < 1) {
        throw new IllegalArgumentException(
            NAME + ": iterations must be at least 1: got " + iterations);
      }
      this.iterations = iterations;
      return this;
    }

    /**
     * Sets ε, the least that the weight is divided by.
     *
     * @param epsilon a finite positive number; default 1e-12
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder epsilon(double epsilon) {
      this.epsilon = Checks.epsilon(NAME, epsilon);
      return this;
    }

    /**
     * Sets the dimension whose indices are the rows of the matrix, that of the outputs.
     *
     * @param dim a dimension, at least 0 and less than the weight's rank; default 0
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder dim(int dim) {
      this.dim = Checks.dim(NAME, dim, weight.shape());
      return this;
    }

    /**
     * Sets the seed of the numbers that u and v begin as.
     *
     * @param seed any number; default 0
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Builds the normalized weight, in training mode, after its first iterations.
     *
     * @return a new one with a parameter and vectors of its own
     */
    public SpectralNorm build() {
      return new SpectralNorm(this);
    }
  }
}
