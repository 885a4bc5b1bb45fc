package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelView;
import java.util.Arrays;

/**
 * Batch renormalization: {@link BatchNorm} whose training output is corrected towards that of
 * evaluation, for small or uneven batches.
 *
 * <p>Ioffe, <a href="https://arxiv.org/abs/1702.03275">Batch Renormalization: Towards Reducing
 * Minibatch Dependence in Batch-Normalized Models</a>, 2017.
 *
 * <pre>{@code
 * y = ((x - mean) / sqrt(variance + epsilon) * r + d) * weight + bias
 * r = clip(sqrt(variance + epsilon) / sqrt(runningVariance + epsilon), 1 / rMax, rMax)
 * d = clip((mean - runningMean) / sqrt(runningVariance + epsilon), -dMax, dMax)
 * }</pre>
 *
 * <p>In training, mean and variance of a channel run over the batch and all spatial dimensions; the
 * variance is the biased one. r and d are taken from the running statistics before the batch
 * updates them, and are constants to the gradient. Where neither is clipped, the output is that of
 * evaluation, by the running statistics; with {@code rMax = 1} and {@code dMax = 0}, as the layer
 * begins, it is BatchNorm's. The schedule between the two is the caller's, by {@link #limits}: the
 * paper trains 5000 steps as BatchNorm, then raises rMax to 3 by step 40000 and dMax to 5 by step
 * 25000.
 *
 * <p><b>Running statistics</b> are {@link BatchNorm}'s, and so are the names in the state, but by
 * default they take in the biased variance with a momentum of 0.01, as the paper does: r compares
 * the batch with them. The paper averages the standard deviation, this layer the variance. The
 * limits are not in the state.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input, the statistics in double, r and
 * d. With {@code xhat = (x - mean) / sqrt(variance + epsilon)}, {@code g = dy * r * weight} and
 * means over the channel,
 *
 * <pre>{@code
 * dx      = (g - mean(g) - xhat * mean(g * xhat)) / sqrt(variance + epsilon)   in training
 * dx      = dy * weight / sqrt(runningVariance + epsilon)                      else
 * dWeight = r * Σ over the channel of dy * xhat + d * Σ over the channel of dy
 * dBias   = Σ over the channel of dy
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)} and so on, or with
 * the channels last. An empty batch gives an empty result and leaves the running statistics as they
 * are.
 *
 * <h2>Defaults</h2>
 *
 * <p>rMax 1, dMax 0; ε 1e-5, momentum 0.01, biased running variance, weight and bias, channels
 * first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has another number of
 * channels, or in training one value per channel.
 *
 * <pre>{@code
 * BatchRenorm norm = new BatchRenorm(64);
 * norm.limits(1 + 2 * progress, 5 * progress);     // before a step; progress from 0 to 1
 * Tensor y = norm.forward(x);
 * }</pre>
 */
public final class BatchRenorm extends ChannelLayer {

  private final double[] r;
  private final double[] d;

  /** The affine map of xhat, r * weight and d * weight + bias, and the gradients by it. */
  private final Affine corrected;

  private final Affine correctedGradients;
  private double rMax;
  private double dMax;

  /**
   * Makes a layer with the defaults.
   *
   * @param numFeatures the number of channels, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public BatchRenorm(int numFeatures) {
    this(builder(numFeatures));
  }

  private BatchRenorm(Builder builder) {
    super(builder, builder.runningStatistics());
    rMax = builder.rMax;
    dMax = builder.dMax;
    r = new double[channels];
    d = new double[channels];
    corrected = Affine.of(new float[channels], new float[channels]);
    correctedGradients = Affine.of(new float[channels], new float[channels]);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param numFeatures the number of channels, at least 1
   * @return the builder
   * @throws IllegalArgumentException if it is less
   */
  public static Builder builder(int numFeatures) {
    return new Builder(numFeatures);
  }

  /**
   * Sets the limits of r and d for the forwards to come.
   *
   * @param rMax at least 1, may be infinite
   * @param dMax at least 0, may be infinite
   * @throws IllegalArgumentException if they are not
   */
  public void limits(double rMax, double dMax) {
    checkLimits(rMax, dMax);
    this.rMax = rMax;
    this.dMax = dMax;
  }

  private static void checkLimits(double rMax, double dMax) {
    Errors.atLeast("BatchRenorm", "rMax", 1, rMax);
    Errors.atLeast("BatchRenorm", "dMax", 0, dMax);
  }

  /**
   * Returns the limit of r.
   *
   * @return how often larger or smaller the batch's deviation may count than the running one
   */
  public double rMax() {
    return rMax;
  }

  /**
   * Returns the limit of d.
   *
   * @return how many running deviations the mean of a batch may count off the running one
   */
  public double dMax() {
    return dMax;
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return isTraining() && !inferring;
  }

  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return ChannelView.batchNorm(n, channels, spatial, channelsLast);
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {
    if (n == 1 && spatial == 1) {
      throw invalid(
          "batch statistics need more than one value per channel: got 1 (batch 1 x spatial 1) of "
              + shape
              + "; use eval mode, a larger batch, or GroupNorm");
    }
  }

  @Override
  void normalizeByInput(Tensor x, Tensor out, double[] mean, double[] variance) {
    super.normalizeByInput(x, out, mean, variance);
    if (takeCorrections(mean, variance)) {
      normalizeBy(x, out, mean, variance, corrected);
    }
  }

  /** Takes r and d of a batch, and returns whether they change its output. */
  private boolean takeCorrections(double[] mean, double[] variance) {
    boolean any = false;
    for (int c = 0; c < channels; c++) {
      double deviation = Math.sqrt(running().variance()[c] + epsilon);
      r[c] = clip(Math.sqrt(variance[c] + epsilon) / deviation, 1 / rMax, rMax);
      d[c] = clip((mean[c] - running().mean()[c]) / deviation, -dMax, dMax);
      corrected.weight()[c] = (float) (r[c] * affine().weight(c));
      corrected.bias()[c] = (float) (d[c] * affine().weight(c) + affine().bias(c));
      any |= r[c] != 1 || d[c] != 0;
    }
    return any;
  }

  private static double clip(double value, double least, double most) {
    return Math.min(Math.max(value, least), most);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    if (constant) {
      super.gradient(dy, x, dx);
      return;
    }
    float[] xhatSums = correctedGradients.weight();
    float[] sums = correctedGradients.bias();
    Arrays.fill(xhatSums, 0);
    Arrays.fill(sums, 0);
    gradient(dy, x, dx, corrected, correctedGradients);
    float[] dWeight = affine().gradients().weight();
    float[] dBias = affine().gradients().bias();
    for (int c = 0; c < channels; c++) {
      if (dWeight != null) {
        dWeight[c] = (float) (dWeight[c] + (r[c] * xhatSums[c] + d[c] * sums[c]));
      }
      if (dBias != null) {
        dBias[c] += sums[c];
      }
    }
  }

  /** Options of a {@link BatchRenorm}. */
  public static final class Builder extends RunningNormBuilder<Builder> {

    private double rMax = 1;
    private double dMax;

    private Builder(int numFeatures) {
      super("BatchRenorm", true, true, 2, "numFeatures", numFeatures);
      momentum(0.01);
      unbiasedVariance(false);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets what the limits of r and d begin as.
     *
     * @param rMax at least 1, may be infinite; default 1
     * @param dMax at least 0, may be infinite; default 0
     * @return this builder
     * @throws IllegalArgumentException if they are not
     */
    public Builder limits(double rMax, double dMax) {
      checkLimits(rMax, dMax);
      this.rMax = rMax;
      this.dMax = dMax;
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return convention(convention, notNull(convention).batchEpsilon());
    }

    /**
     * Builds the layer, in training mode.
     *
     * @throws IllegalArgumentException if it tracks no statistics
     */
    @Override
    public BatchRenorm build() {
      if (!track) {
        throw new IllegalArgumentException(
            "BatchRenorm: corrections must have running statistics:"
                + " got trackRunningStatistics=false");
      }
      return new BatchRenorm(this);
    }
  }
}
