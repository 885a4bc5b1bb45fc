package io.github.normkit;

import io.github.normkit.functional.ChannelView;

/**
 * Instance normalization: each channel of each sample on its own. It is {@link GroupNorm} with one
 * channel in each group, and has no arithmetic of its own.
 *
 * <p>Ulyanov, Vedaldi and Lempitsky, <a href="https://arxiv.org/abs/1607.08022">Instance
 * Normalization: The Missing Ingredient for Fast Stylization</a>, 2016.
 *
 * <pre>{@code
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias
 * }</pre>
 *
 * <p>Mean and variance run over the spatial dimensions of one channel of one sample; the variance
 * is the biased one, divided by n. ε stands inside the root. Weight and bias, an option, have one
 * element for each channel.
 *
 * <p>Training and evaluation do not differ unless the layer keeps running statistics, also an
 * option. Then each forward in training updates them as {@link BatchNorm} does, with the averages
 * of the samples' means and variances, and evaluation normalizes by them.
 *
 * <p>Backward is that of {@link GroupNorm}; where evaluation used running statistics, that of
 * {@link BatchNorm} in evaluation. Forward keeps a reference to its input and the statistics in
 * double.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C, L)}, {@code (N, C, H, W)}, {@code (N, C, D, H, W)} and so on,
 * or with the channels last. A single image without a batch dimension is one with N = 1: {@code
 * x.reshape(Shape.of(1, c, h, w))}. Dimensions of 0 give an empty result.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-5, no weight and bias, no running statistics (with them: momentum 0.1, unbiased running
 * variance), channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has another number of
 * channels, or one spatial element where its own statistics are needed.
 *
 * <pre>{@code
 * InstanceNorm norm = InstanceNorm.builder(64).affine(true).build();
 * Tensor y = norm.forward(x);            // x: (N, 64, H, W)
 * }</pre>
 */
public final class InstanceNorm extends MaskedChannelLayer {

  /**
   * Makes a layer with the defaults.
   *
   * @param channels the number of channels, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public InstanceNorm(int channels) {
    this(builder(channels));
  }

  private InstanceNorm(Builder builder) {
    super(builder, builder.runningStatistics(), null);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param channels the number of channels, at least 1
   * @return the builder
   * @throws IllegalArgumentException if it is less
   */
  public static Builder builder(int channels) {
    return new Builder(channels);
  }

  /**
   * Returns what {@link #infer} amounts to, {@code y = x * scale + shift} for each channel, as its
   * parameters and running statistics are now, in whatever mode.
   *
   * <pre>{@code
   * scale = weight / sqrt(running_var + epsilon)
   * shift = bias - running_mean * scale
   * }</pre>
   *
   * <p>Computed in double; later changes of the layer do not change it. {@link
   * io.github.normkit.folding.Folding} takes it into the layer before or after.
   *
   * @return a new map
   * @throws IllegalStateException if the layer tracks no statistics
   */
  public ChannelAffine toAffine() {
    return affineOfRunning();
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return running() == null || (isTraining() && !inferring);
  }

  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return ChannelView.groupNorm(n, channels, spatial, channels, channelsLast);
  }

  @Override
  boolean sharesBatch() {
    return false;
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {
    if (spatial == 1) {
      throw invalid(
          "statistics of an instance need more than one spatial element: got 1 of "
              + shape
              + "; use eval mode with running statistics, or LayerNorm");
    }
  }

  /** Options of an {@link InstanceNorm}. */
  public static final class Builder extends RunningNormBuilder<Builder> {

    private Builder(int channels) {
      super("InstanceNorm", false, false, 3, "channels", channels);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return convention(convention, notNull(convention).epsilon());
    }

    @Override
    public InstanceNorm build() {
      return new InstanceNorm(this);
    }
  }
}
