package io.github.normkit;

import io.github.normkit.functional.ChannelView;
import java.util.Objects;

/**
 * Group normalization: the channels of a sample are cut into groups of neighbours, each normalized
 * on its own.
 *
 * <p>Wu and He, <a href="https://arxiv.org/abs/1803.08494">Group Normalization</a>, 2018.
 *
 * <pre>{@code
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias
 * }</pre>
 *
 * <p>Mean and variance run over the channels of a group and all spatial dimensions of one sample;
 * the variance is the biased one, divided by n. ε stands inside the root. Weight and bias have one
 * element for each channel and begin as 1 and 0. Training and evaluation do not differ, and no
 * sample has an influence on another. With as many groups as channels it is {@link InstanceNorm};
 * one group without weight and bias is {@link LayerNorm} over all but the batch.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the statistics in double.
 * With {@code xhat = (x - mean) / sqrt(variance + epsilon)}, {@code g = dy * weight} and means over
 * the group,
 *
 * <pre>{@code
 * dx      = (g - mean(g) - xhat * mean(g * xhat)) / sqrt(variance + epsilon)
 * dWeight = Σ over the channel, in all samples, of dy * xhat
 * dBias   = Σ over the channel, in all samples, of dy
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)}, {@code (N, C, D, H,
 * W)} and so on, or with the channels last. Dimensions of 0 give an empty result.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-5, weight and bias, channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the groups do not divide the
 * channels, if the input has another number of channels, or if it is a single sample whose groups
 * hold one value each.
 *
 * <pre>{@code
 * GroupNorm norm = new GroupNorm(32, 256);
 * Tensor y = norm.forward(x);            // x: (N, 256, H, W)
 * }</pre>
 */
public final class GroupNorm extends MaskedChannelLayer {

  private final int groups;

  /**
   * Makes a layer with the defaults.
   *
   * @param groups the number of groups, at least 1
   * @param channels the number of channels, a multiple of the groups
   * @throws IllegalArgumentException if they are not
   */
  public GroupNorm(int groups, int channels) {
    this(builder(groups, channels));
  }

  private GroupNorm(Builder builder) {
    super(builder, null, null);
    groups = builder.groups;
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param groups the number of groups, at least 1
   * @param channels the number of channels, a multiple of the groups
   * @return the builder
   * @throws IllegalArgumentException if they are not
   */
  public static Builder builder(int groups, int channels) {
    return new Builder(groups, channels);
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return true;
  }

  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return ChannelView.groupNorm(n, channels, spatial, groups, channelsLast);
  }

  @Override
  boolean sharesBatch() {
    return false;
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {
    if (shape.size() == groups) {
      throw invalid(
          "a single sample's groups must hold more than one value, or its output is the bias alone:"
              + " got "
              + shape.size()
              + " values in "
              + groups
              + " groups of "
              + shape);
    }
  }

  /** Options of a {@link GroupNorm}. */
  public static final class Builder extends ChannelNormBuilder<Builder> {

    private final int groups;

    private Builder(int groups, int channels) {
      super("GroupNorm", Convention.PYTORCH.epsilon(), true, 2, "channels", channels);
      this.groups = Errors.atLeastOne("GroupNorm", "groups", groups);
      if (channels % groups != 0) {
        throw new IllegalArgumentException(
            "GroupNorm: channels must be divisible by groups: got channels="
                + channels
                + ", groups="
                + groups);
      }
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return epsilon(Objects.requireNonNull(convention, "convention").epsilon());
    }

    @Override
    public GroupNorm build() {
      return new GroupNorm(this);
    }
  }
}
