package io.github.normkit.weights;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Arrays;
import java.util.List;

/**
 * Weight standardization: the weights of each output get mean 0 and variance 1.
 *
 * <p>Qiao et al., <a href="https://arxiv.org/abs/1903.10520">Micro-Batch Training with
 * Batch-Channel Normalization and Weight Standardization</a>, 2019.
 *
 * <pre>{@code
 * w = (weight - mean) / sqrt(variance + epsilon) * gain
 * }</pre>
 *
 * <p>Mean and variance of an output run over its fan-in, all dimensions but {@link Builder#dim};
 * the variance is the biased one, divided by n. ε stands inside the root. It is BatchNorm of the
 * weight, with the outputs as channels, and has its arithmetic. The gain, one for each output, is
 * optional and begins as 1; Brock et al., <a href="https://arxiv.org/abs/2101.08692">Characterizing
 * signal propagation to close the performance gap in unnormalized ResNets</a>, 2021, have it, times
 * {@code 1 / sqrt(n)}. Training and evaluation do not differ.
 *
 * <p>For {@link #backward}, forward keeps mean and variance in double. With {@code g = dw * gain},
 * {@code what = (weight - mean) / sqrt(variance + epsilon)} and means over the fan-in,
 *
 * <pre>{@code
 * dWeight = (g - mean(g) - what * mean(g * what)) / sqrt(variance + epsilon)
 * dGain   = Σ over the fan-in of dw * what
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>The weight has 2 dimensions or more: {@code (out, in)}, {@code (out, in / groups, k, ...)}, or
 * with {@code dim(1)} {@code (in, out, k, ...)}. The gain has its rank, with 1 for the dimensions
 * of the fan-in.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-6, dim 0, no gain.
 *
 * <h2>State</h2>
 *
 * <p>{@code weight}, and {@code gain} if there is one.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormalizedWeight} says; {@link IllegalArgumentException} if an output has a fan-in
 * of one, which would be standardized to 0.
 *
 * <pre>{@code
 * WeightStandardization norm =
 *     WeightStandardization.builder(Tensor.wrap(w, Shape.of(64, 32, 3, 3))).gain(true).build();
 * Tensor weight = norm.forward();          // for the convolution
 * norm.backward(dWeight);                  // adds into the gradients of weight and gain
 * Tensor plain = norm.plainWeight();       // when training is over
 * }</pre>
 */
public final class WeightStandardization extends BaseWeight {

  private static final String NAME = "WeightStandardization";

  private final double epsilon;
  private final ChannelView view;
  private final List<Parameter> parameters;
  private final Affine gain;
  private final Affine gainGradient;
  private final double[] mean;
  private final double[] variance;

  /**
   * Makes a standardized weight with the defaults.
   *
   * @param weight the weight to begin with; copied
   * @throws IllegalArgumentException if it has less than 2 dimensions, no elements, or a fan-in of
   *     one
   */
  public WeightStandardization(Tensor weight) {
    this(builder(weight));
  }

  private WeightStandardization(Builder builder) {
    super(NAME, builder.weight.shape());
    Shape shape = builder.weight.shape();
    int outputs = shape.dim(builder.dim);
    int inner = 1;
    for (int d = builder.dim + 1; d < shape.rank(); d++) {
      inner *= shape.dim(d);
    }
    int outer = shape.size() / inner / outputs;
    if (outer * inner == 1) {
      throw invalid(
          "the fan-in must be at least 2: got 1 of " + shape + " with dim=" + builder.dim);
    }
    epsilon = builder.epsilon;
    view = ChannelView.batchNorm(outer, outputs, inner, false);
    mean = new double[outputs];
    variance = new double[outputs];
    Parameter weight = parameter("weight", builder.weight);
    if (builder.gain) {
      int[] dims = new int[shape.rank()];
      Arrays.fill(dims, 1);
      dims[builder.dim] = outputs;
      Parameter own = parameter("gain", Tensor.ones(Shape.of(dims)));
      parameters = List.of(weight, own);
      gain = Affine.of(own.value().array(), null);
      gainGradient = Affine.of(own.gradient().array(), null);
    } else {
      parameters = List.of(weight);
      gain = Affine.NONE;
      gainGradient = Affine.NONE;
    }
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

  @Override
  void computeAndKeep(Tensor out) {
    standardize(out, mean, variance);
  }

  @Override
  void compute(Tensor out) {
    standardize(out, null, null);
  }

  private void standardize(Tensor out, double[] mean, double[] variance) {
    ChannelNorm.forward(
        view,
        weight().value().array(),
        0,
        out.array(),
        out.offset(),
        gain,
        epsilon,
        mean,
        variance,
        null);
  }

  @Override
  void gradient(Tensor dw) {
    float[] own = new float[dw.shape().size()];
    ChannelNorm.backward(
        view,
        false,
        dw.array(),
        dw.offset(),
        weight().value().array(),
        0,
        own,
        0,
        gain,
        epsilon,
        mean,
        variance,
        gainGradient,
        null);
    float[] gradient = weight().gradient().array();
    for (int i = 0; i < own.length; i++) {
      gradient[i] += own[i];
    }
  }

  private Parameter weight() {
    return parameters.get(0);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Options of a {@link WeightStandardization}. */
  public static final class Builder {

    private final Tensor weight;
    private double epsilon = 1e-6;
    private int dim;
    private boolean gain;

    private Builder(Tensor weight) {
      this.weight = Checks.weight(NAME, weight, 2);
    }

    /**
     * Sets ε, which is added to the variance under the root. Weights are small, with a variance
     * near {@code 1 / fan-in}: a large ε shrinks them.
     *
     * @param epsilon a finite positive number; default 1e-6
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder epsilon(double epsilon) {
      this.epsilon = Checks.epsilon(NAME, epsilon);
      return this;
    }

    /**
     * Sets the dimension of the outputs; mean and variance run over the others.
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
     * Sets whether each output has a gain, a parameter that begins as 1.
     *
     * @param gain true for gains; default false
     * @return this builder
     */
    public Builder gain(boolean gain) {
      this.gain = gain;
      return this;
    }

    /**
     * Builds the standardized weight, in training mode.
     *
     * @return a new one with parameters of its own
     * @throws IllegalArgumentException if an output has a fan-in of one
     */
    public WeightStandardization build() {
      return new WeightStandardization(this);
    }
  }
}
