package io.github.normkit;

import java.util.Objects;

/**
 * The options of layers that normalize channels: {@link BatchNorm}, {@link GroupNorm} and {@link
 * InstanceNorm}.
 *
 * @param <B> the builder's own type
 */
public abstract class ChannelNormBuilder<B extends ChannelNormBuilder<B>> extends NormBuilder<B> {

  final int channels;
  final int leastRank;

  Layout layout = Layout.CHANNELS_FIRST;
  int[] ranks = {};

  ChannelNormBuilder(
      String layer, double epsilon, boolean affine, int leastRank, String what, int channels) {
    super(layer, epsilon, affine, affine);
    this.leastRank = leastRank;
    this.channels = Errors.atLeastOne(layer, what, channels);
  }

  /**
   * Sets where the channels stand.
   *
   * @param layout the layout; default {@link Layout#CHANNELS_FIRST}
   * @return this builder
   */
  public final B layout(Layout layout) {
    this.layout = Objects.requireNonNull(layout, "layout");
    return self();
  }

  /**
   * Restricts the input to some ranks, as the classes of PyTorch do: {@code rank(4)} for their 2d
   * layers, {@code rank(2, 3)} for BatchNorm1d.
   *
   * @param ranks the ranks that are accepted; none for all that are legal, the default
   * @return this builder
   * @throws IllegalArgumentException if one is less than the layer needs, 2 or for InstanceNorm 3
   */
  public final B rank(int... ranks) {
    for (int rank : Objects.requireNonNull(ranks, "ranks")) {
      if (rank < leastRank) {
        throw new IllegalArgumentException(
            layer() + ": ranks must be at least " + leastRank + ": got " + rank);
      }
    }
    this.ranks = ranks.clone();
    return self();
  }
}
