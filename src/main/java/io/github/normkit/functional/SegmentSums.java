package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.SEGMENTS;

import io.github.normkit.internal.Lanes;

/**
 * The sums that the gradients of neighbouring channels of a sample need, with the channels first.
 *
 * <p>Those of the blocks of a channel are added up in order. A few channels at a time, as in {@link
 * SegmentMoments}.
 */
final class SegmentSums {

  /** How many channels are taken at a time at most. */
  private static final int CHANNELS = 8;

  private final double[] means = new double[CHANNELS];
  private final double[] lanes = new double[CHANNELS * Lanes.LENGTH];

  /**
   * Takes channels of a sample.
   *
   * @param sums receives {@code Σ dy} of each channel of the sample, then {@code Σ dy * xhat} and
   *     {@code Σ |dy|}. Modified.
   */
  void take(ChannelCall call, int sample, int from, int to, double[] sums) {
    for (int c = from; c < to; c += CHANNELS) {
      int n = Math.min(CHANNELS, to - c);
      for (int block = 0; block < call.view.blocks(); block++) {
        add(call, sample, c, n, block, sums);
      }
    }
  }

  private void add(ChannelCall call, int sample, int first, int n, int block, double[] sums) {
    ChannelView view = call.view;
    int o = sample * view.sampleSize() + first * view.spatial();
    o += block * view.blockSamples() * view.stride();
    for (int i = 0; i < n; i++) {
      means[i] = call.mean[call.set(sample, first + i)];
    }
    SEGMENTS.sums(
        call.dy,
        call.dyOff + o,
        call.x,
        call.xOff + o,
        n,
        view.samplesOf(block),
        view.stride(),
        view.spatial(),
        means,
        lanes);
    for (int i = 0; i < n; i++) {
      int at = i * Lanes.LENGTH;
      int c = first + i;
      double dot = Lanes.fold(lanes, at + Lanes.SECOND) * call.rstd[call.set(sample, c)];
      put(sums, c, Lanes.fold(lanes, at), block);
      put(sums, view.channels() + c, dot, block);
      put(sums, 2 * view.channels() + c, Lanes.fold(lanes, at + Lanes.THIRD), block);
    }
  }

  private static void put(double[] sums, int i, double sum, int block) {
    sums[i] = block == 0 ? sum : sums[i] + sum;
  }
}
