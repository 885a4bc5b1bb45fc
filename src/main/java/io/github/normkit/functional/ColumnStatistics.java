package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

/**
 * The mean and variance of each group of columns of a sample.
 *
 * <p>A column is summed about the mean of its first block of rows, itself taken about the first
 * row, so that a constant column gives sums of exactly zero. One whose sums cancel all the same, or
 * leave the range of float, is summed again in double. The columns of a group are merged in order.
 */
final class ColumnStatistics {

  private ColumnStatistics() {}

  /** Takes the statistics of a sample, its rows over the pool if {@code split}. */
  static void take(ChannelCall call, int sample, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    int off = call.xOff + sample * view.sampleSize();
    float[] shift = scratch.floats(0, cols);
    shift(view, call.x, off, shift, scratch.floats(1, 2 * cols));
    double[] sums = scratch.doubles(0, Chunks.count(view) * 2 * cols);
    Chunks.moments(call, off, shift, sums, split);
    Gradients.total(sums, Chunks.count(view), 2 * cols);
    Moments moments = scratch.moments;
    for (int g = 0; g < view.groups(); g++) {
      moments.clear();
      for (int c = g * view.groupSize(); c < (g + 1) * view.groupSize(); c++) {
        mergeColumn(call, moments, off, c, shift[c], sums[c], sums[cols + c]);
      }
      call.put(view.set(sample, 0) + g, moments);
    }
  }

  private static void shift(ChannelView view, float[] x, int off, float[] shift, float[] sums) {
    int cols = view.channels();
    int rows = Math.min(Chunks.BLOCK, view.positions());
    System.arraycopy(x, off, shift, 0, cols);
    KERNELS.columnMoments(x, off, rows, cols, 0, shift, sums);
    for (int c = 0; c < cols; c++) {
      shift[c] += sums[c] / rows;
    }
  }

  private static void mergeColumn(
      ChannelCall call, Moments moments, int off, int c, float shift, double s, double q) {
    int n = call.view.positions();
    if (Moments.reliable(s, q, n, call.epsilon)) {
      moments.merge(n, shift + s / n, Moments.aboutMean(s, q, n));
    } else {
      int cols = call.view.channels();
      double mean = Wide.sum(call.x, off + c, n, cols) / n;
      moments.merge(n, mean, Wide.squares(call.x, off + c, n, cols, mean));
    }
  }
}
