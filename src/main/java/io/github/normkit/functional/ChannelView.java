package io.github.normkit.functional;

/**
 * Which elements of a tensor with channels share statistics.
 *
 * <p>The tensor is read as {@code samples × pooled × channels × spatial} (channels first) or {@code
 * samples × pooled × spatial × channels} (channels last). A set of elements with one mean and one
 * variance are {@code channels / groups} neighbouring channels at all {@code pooled × spatial}
 * positions of one sample; set {@code sample * groups + group} is theirs. BatchNorm pools its
 * batch: one sample, a group for each channel. GroupNorm pools nothing. InstanceNorm is GroupNorm
 * with as many groups as channels.
 *
 * @param samples how many samples have statistics of their own
 * @param pooled how many samples share each set
 * @param channels the number of channels
 * @param spatial the number of spatial positions of a sample
 * @param groups the number of groups; divides the channels
 * @param channelsLast whether the channel is the innermost dimension
 */
public record ChannelView(
    int samples, int pooled, int channels, int spatial, int groups, boolean channelsLast) {

  /** The least number of spatial positions of a whole block. */
  private static final int BLOCK = 1024;

  /**
   * Makes a view of any kind; {@link #batchNorm} and {@link #groupNorm} make those of the layers.
   *
   * @param samples how many samples have statistics of their own
   * @param pooled how many samples share each set
   * @param channels the number of channels, at least 1
   * @param spatial the number of spatial positions of a sample
   * @param groups the number of groups, at least 1
   * @param channelsLast whether the channel is the innermost dimension
   * @throws IllegalArgumentException if a size is negative, there are no channels or groups, the
   *     groups do not divide the channels or the number of elements exceeds an {@code int}
   */
  public ChannelView {
    if (samples < 0 || pooled < 0 || spatial < 0 || channels < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "ChannelView: sizes must not be negative, channels and groups at least 1: got samples="
              + samples
              + ", pooled="
              + pooled
              + ", channels="
              + channels
              + ", spatial="
              + spatial
              + ", groups="
              + groups);
    }
    if (channels % groups != 0) {
      throw new IllegalArgumentException(
          "ChannelView: channels must be divisible by groups: got channels="
              + channels
              + ", groups="
              + groups);
    }
    double size = (double) samples * pooled * channels * spatial;
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "ChannelView: the number of elements must fit an int: got "
              + size
              + ", limit "
              + Integer.MAX_VALUE);
    }
  }

  /**
   * Returns the view of BatchNorm: statistics over the batch and all spatial positions, for each
   * channel.
   *
   * @param n the batch size
   * @param channels the number of channels
   * @param spatial the number of spatial positions, 1 for (N, C)
   * @param channelsLast whether the channel is the innermost dimension
   * @return the view
   */
  public static ChannelView batchNorm(int n, int channels, int spatial, boolean channelsLast) {
    // With one position the layouts are the same, and columns the faster view of it.
    return new ChannelView(1, n, channels, spatial, channels, channelsLast || spatial == 1);
  }

  /**
   * Returns the view of GroupNorm: statistics over all spatial positions of a group of channels,
   * for each sample.
   *
   * @param n the batch size
   * @param channels the number of channels
   * @param spatial the number of spatial positions
   * @param groups the number of groups
   * @param channelsLast whether the channel is the innermost dimension
   * @return the view
   */
  public static ChannelView groupNorm(
      int n, int channels, int spatial, int groups, boolean channelsLast) {
    return new ChannelView(n, 1, channels, spatial, groups, channelsLast);
  }

  /**
   * Returns the number of sets.
   *
   * @return how many means and variances there are
   */
  public int sets() {
    return samples * groups;
  }

  /**
   * Returns the number of elements of a set.
   *
   * @return what the variance is divided by
   */
  public int setSize() {
    return channels / groups * pooled * spatial;
  }

  /**
   * Returns the number of elements of the tensor.
   *
   * @return the product of the sizes
   */
  public int size() {
    return samples * pooled * channels * spatial;
  }

  /**
   * Returns how many pooled samples make a block. Each block of a set is summed about its own first
   * element, and mean and sum of squares of the blocks are merged in order: so a batch may be cut
   * between blocks, each part be summed elsewhere, and the result have the same bits.
   *
   * @return the least power of two of samples that have 1024 spatial positions or more
   */
  public int blockSamples() {
    int least = (BLOCK - 1) / Math.max(1, spatial) + 1;
    return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
  }

  /**
   * Returns the number of blocks of a set, the last of which may be shorter.
   *
   * @return how many there are, 0 for an empty tensor
   */
  public int blocks() {
    return spatial == 0 ? 0 : (int) ((pooled - 1L + blockSamples()) / blockSamples());
  }

  /** The number of samples of a block. */
  int samplesOf(int block) {
    return Math.min(blockSamples(), pooled - block * blockSamples());
  }

  /** The number of channels that share a set; quotients are slow, and it is asked often. */
  int groupSize() {
    return groups == channels ? 1 : channels / groups;
  }

  /** The number of elements of a sample with statistics of its own. */
  int sampleSize() {
    return pooled * channels * spatial;
  }

  /** The number of spatial positions of a sample with statistics of its own. */
  int positions() {
    return pooled * spatial;
  }

  /** The first channel of a set. */
  int firstChannel(int set) {
    return set % groups * groupSize();
  }

  /** With the channels first, where the runs of a set begin. */
  int start(int set) {
    return set / groups * sampleSize() + firstChannel(set) * spatial;
  }

  /** With the channels first, the distance of the runs of a set. */
  int stride() {
    return channels * spatial;
  }
}
