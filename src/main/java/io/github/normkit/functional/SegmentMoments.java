package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.SEGMENTS;

import io.github.normkit.internal.Lanes;

/**
 * Mean and variance of a few neighbouring sets with their channels first.
 *
 * <p>Each block of a set is summed about its first element, and the blocks are merged in order. A
 * few sets at a time, so that the processor need not wait for the sums of one before it begins the
 * next.
 */
final class SegmentMoments {

  /** How many sets are taken at a time at most. */
  static final int SETS = 8;

  private final Moments[] moments = new Moments[SETS];
  private final float[] shifts = new float[SETS];
  private final double[] sums = new double[SETS * Lanes.LENGTH];

  SegmentMoments() {
    for (int i = 0; i < SETS; i++) {
      moments[i] = new Moments();
    }
  }

  /** Takes the statistics of n sets from the first on, neighbours in memory. */
  void take(ChannelCall call, int first, int n) {
    for (int i = 0; i < n; i++) {
      moments[i].clear();
    }
    for (int block = 0; block < call.view.blocks(); block++) {
      add(call, first, n, block);
    }
    for (int i = 0; i < n; i++) {
      call.put(first + i, moments[i]);
    }
  }

  private void add(ChannelCall call, int first, int n, int block) {
    ChannelView view = call.view;
    int len = view.groupSize() * view.spatial();
    int runs = view.samplesOf(block);
    int p = call.xOff + view.start(first) + block * view.blockSamples() * view.stride();
    for (int i = 0; i < n; i++) {
      shifts[i] = call.x[p + i * len];
    }
    SEGMENTS.moments(call.x, p, n, runs, view.stride(), len, shifts, sums);
    for (int i = 0; i < n; i++) {
      int at = i * Lanes.LENGTH;
      double s = Lanes.fold(sums, at);
      double q = Lanes.fold(sums, at + Lanes.SECOND);
      moments[i].merge(runs * len, shifts[i], s, q);
    }
  }
}
