package io.github.normkit.functional;

/**
 * The mean and variance of each group of columns of a sample.
 *
 * <p>A column is summed about its first element. The columns of a group are merged in order.
 */
final class ColumnStatistics {

  private ColumnStatistics() {}

  /** Takes the statistics of a sample, its rows over the pool if {@code split}. */
  static void take(ChannelCall call, int sample, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    int off = call.xOff + sample * view.sampleSize();
    float[] shift = scratch.floats(0, cols);
    System.arraycopy(call.x, off, shift, 0, cols);
    double[] sums = scratch.doubles(0, Chunks.count(view) * 2 * cols);
    Chunks.moments(call, off, shift, sums, split);
    Gradients.total(sums, Chunks.count(view), 2 * cols);
    Moments moments = scratch.moments;
    for (int g = 0; g < view.groups(); g++) {
      moments.clear();
      for (int c = g * view.groupSize(); c < (g + 1) * view.groupSize(); c++) {
        moments.merge(view.positions(), shift[c], sums[c], sums[cols + c]);
      }
      call.put(view.set(sample, 0) + g, moments);
    }
  }
}
