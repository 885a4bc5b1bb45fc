package io.github.normkit.weights;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Weight normalization: a weight's length and direction as parameters of their own.
 *
 * <p>Salimans and Kingma, <a href="https://arxiv.org/abs/1602.07868">Weight Normalization: A Simple
 * Reparameterization to Accelerate Training of Deep Neural Networks</a>, 2016.
 *
 * <pre>{@code
 * w = g * v / ‖v‖        ‖v‖ = sqrt(Σ v²)
 * }</pre>
 *
 * <p>There is a length g for each index of the chosen {@link Builder#dims}; the norm runs over all
 * other dimensions. With the default, dim 0, each output of a weight {@code (out, in)} or {@code
 * (out, in / groups, k, ...)} has its own. It begins with v the given weight and g its norms, so
 * that w is the given weight. Training and evaluation do not differ.
 *
 * <p>For {@link #backward}, forward keeps the norms in double. For each g,
 *
 * <pre>{@code
 * dg = Σ dw * v / ‖v‖
 * dv = (dw - v / ‖v‖ * dg) * g / ‖v‖
 * }</pre>
 *
 * <p>A v of zeros has no direction: its w is 0, and its gradients are 0. There is no ε.
 *
 * <h2>Shapes</h2>
 *
 * <p>w and v have the given weight's shape, of 1 dimension or more; g has its rank, with 1 for the
 * dimensions that the norm runs over, and is a scalar if these are all.
 *
 * <h2>State</h2>
 *
 * <p>{@code weight_g} and {@code weight_v}, the names of PyTorch's {@code
 * torch.nn.utils.weight_norm}. {@link #loadState} also takes those of its {@code
 * torch.nn.utils.parametrizations.weight_norm}, {@code parametrizations.weight.original0} and
 * {@code ...original1}.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormalizedWeight} says.
 *
 * <pre>{@code
 * WeightNorm norm = new WeightNorm(Tensor.wrap(w, Shape.of(64, 32, 3, 3)));
 * Tensor weight = norm.forward();          // for the convolution
 * norm.backward(dWeight);                  // adds into the gradients of weight_g and weight_v
 * Tensor plain = norm.plainWeight();       // when training is over
 * }</pre>
 */
public final class WeightNorm extends BaseWeight {

  private static final String NAME = "WeightNorm";

  private final WeightMatrix matrix;
  private final Parameter g;
  private final Parameter v;
  private final double[] norms;

  /**
   * Makes a normalized weight with a length for each index of dimension 0.
   *
   * @param weight the weight to begin with; copied
   * @throws IllegalArgumentException if it is a scalar or has no elements
   */
  public WeightNorm(Tensor weight) {
    this(builder(weight));
  }

  private WeightNorm(Builder builder) {
    super(NAME, builder.weight.shape());
    matrix = WeightMatrix.of(builder.weight.shape(), builder.isRow);
    v = parameter("weight_v", builder.weight);
    norms = new double[matrix.rows()];
    takeNorms(norms);
    Tensor lengths = Tensor.zeros(lengths(builder.weight.shape(), builder.isRow));
    for (int r = 0; r < norms.length; r++) {
      lengths.array()[r] = (float) norms[r];
    }
    g = parameter("weight_g", lengths);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param weight the weight to begin with; copied when the weight is built
   * @return the builder
   * @throws IllegalArgumentException if it is a scalar or has no elements
   */
  public static Builder builder(Tensor weight) {
    return new Builder(weight);
  }

  /** The shape with 1 for the dimensions of a norm, and none if these are all. */
  private static Shape lengths(Shape shape, boolean[] isRow) {
    int[] dims = shape.toArray();
    boolean any = false;
    for (int d = 0; d < dims.length; d++) {
      any |= isRow[d];
      dims[d] = isRow[d] ? dims[d] : 1;
    }
    return any ? Shape.of(dims) : Shape.of();
  }

  private void takeNorms(double[] norms) {
    matrix.dots(v.value(), v.value(), norms);
    for (int r = 0; r < norms.length; r++) {
      norms[r] = Math.sqrt(norms[r]);
    }
  }

  /** What v is multiplied by, {@code g / ‖v‖}. */
  private double[] factors(double[] norms) {
    double[] factors = new double[norms.length];
    for (int r = 0; r < factors.length; r++) {
      factors[r] = norms[r] == 0 ? 0 : g.value().array()[r] / norms[r];
    }
    return factors;
  }

  @Override
  void computeAndKeep(Tensor out) {
    takeNorms(norms);
    matrix.scale(v.value(), factors(norms), out);
  }

  @Override
  void compute(Tensor out) {
    double[] own = new double[norms.length];
    takeNorms(own);
    matrix.scale(v.value(), factors(own), out);
  }

  @Override
  void gradient(Tensor dw) {
    double[] factors = factors(norms);
    double[] slopes = new double[norms.length];
    matrix.dots(dw, v.value(), slopes);
    for (int r = 0; r < slopes.length; r++) {
      double dg = norms[r] == 0 ? 0 : slopes[r] / norms[r];
      slopes[r] = norms[r] == 0 ? 0 : factors[r] * (dg / norms[r]);
      WeightMatrix.add(g.gradient(), r, dg);
    }
    matrix.addScaled(dw, factors, v.value(), slopes, v.gradient());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(g, v);
  }

  @Override
  Map<String, String> otherNames() {
    return Map.of(
        "weight_g", "parametrizations.weight.original0",
        "weight_v", "parametrizations.weight.original1");
  }

  /** Options of a {@link WeightNorm}. */
  public static final class Builder {

    private final Tensor weight;
    private boolean[] isRow;

    private Builder(Tensor weight) {
      this.weight = Checks.weight(NAME, weight, 1);
      dims(0);
    }

    /**
     * Sets the dimensions that have a length for each of their indices; the norm runs over the
     * others. One is PyTorch's {@code dim}, none its {@code None}, with one length for the whole
     * weight; several are Flax's {@code feature_axes}.
     *
     * @param dims the dimensions, each at least 0 and less than the weight's rank; default 0. Not
     *     negative: PyTorch takes -1 for {@code None}, not for the last.
     * @return this builder
     * @throws IllegalArgumentException if one is out of range or there twice
     */
    public Builder dims(int... dims) {
      isRow = Checks.dims(NAME, dims, weight.shape());
      return this;
    }

    /**
     * Builds the normalized weight, in training mode.
     *
     * @return a new one with parameters of its own
     */
    public WeightNorm build() {
      return new WeightNorm(this);
    }
  }
}
