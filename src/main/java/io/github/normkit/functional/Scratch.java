package io.github.normkit.functional;

import io.github.normkit.internal.Lanes;
import java.util.Arrays;

/**
 * The working memory of a piece of work, kept by its thread for the next, so that steady state
 * allocates nothing.
 *
 * <p>A piece of work takes one and gives it back. Meanwhile its thread may take others: for work
 * inside the work, or, in a pool, for a strange task that it runs while it waits.
 */
final class Scratch {

  /** A box with the first of a list. */
  private static final ThreadLocal<Scratch[]> FREE = ThreadLocal.withInitial(() -> new Scratch[1]);

  /** Runs of segments that go to a kernel at a time at most. */
  static final int PLANES = 64;

  final Moments moments = new Moments();
  final SegmentMoments segmentMoments = new SegmentMoments();
  final SegmentSums segmentSums = new SegmentSums();
  final RowMoments rowMoments = new RowMoments();
  final float[] rowParams = new float[4 * RowMoments.MOST];
  final double[] rowStatistics = new double[2 * RowMoments.MOST];
  final double[] rowLanes = new double[Lanes.ofRows(RowMoments.MOST)];
  final double[][] rowSums = new double[3][RowMoments.MOST];
  final float[] segmentParams = new float[3 * PLANES];
  final RowCall rowCall = new RowCall(this);
  final ChannelCall channelCall = new ChannelCall();

  private final float[][] floats = new float[4][0];
  private final double[][] doubles = new double[4][0];
  private float[] ones = new float[0];
  private Scratch next;

  static Scratch take() {
    Scratch[] free = FREE.get();
    Scratch scratch = free[0];
    if (scratch == null) {
      return new Scratch();
    }
    free[0] = scratch.next;
    return scratch;
  }

  void give() {
    Scratch[] free = FREE.get();
    next = free[0];
    free[0] = this;
  }

  /** The array of a slot, 0 to 3, with at least n floats of any content. */
  float[] floats(int slot, int n) {
    if (floats[slot].length < n) {
      floats[slot] = new float[n];
    }
    return floats[slot];
  }

  /** The array of a slot, 0 to 3, with at least n doubles of any content. */
  double[] doubles(int slot, int n) {
    if (doubles[slot].length < n) {
      doubles[slot] = new double[n];
    }
    return doubles[slot];
  }

  /** At least n ones, which nobody may change. */
  float[] ones(int n) {
    if (ones.length < n) {
      ones = new float[n];
      Arrays.fill(ones, 1);
    }
    return ones;
  }
}
