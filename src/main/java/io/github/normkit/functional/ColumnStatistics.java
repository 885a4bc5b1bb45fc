package io.github.normkit.functional;

/**
 * The mean and variance of each group of columns of a sample.
 *
 * <p>A column is summed about the first element of each block. The columns of a group, and the
 * blocks of each, are merged in order.
 */
final class ColumnStatistics {

  private ColumnStatistics() {}

  /** Takes the statistics of a sample, its rows over the pool if {@code split}. */
  static void take(ChannelCall call, int sample, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    int off = call.xOff + sample * view.sampleSize();
    double[] sums = scratch.doubles(0, Chunks.count(view) * 2 * cols);
    Chunks.moments(call, off, sums, split);
    int ofBlock = Chunks.countOfBlock(view) * 2 * cols;
    // Out of the loops, for they divide: a seventh of the time where columns are short.
    int blocks = view.blocks();
    int blockSamples = view.blockSamples();
    int groupSize = view.groupSize();
    for (int block = 0; block < blocks; block++) {
      Gradients.total(sums, block * ofBlock, Chunks.countOf(view, block), 2 * cols);
    }
    Moments moments = scratch.moments;
    for (int g = 0; g < view.groups(); g++) {
      moments.clear();
      for (int c = g * groupSize; c < (g + 1) * groupSize; c++) {
        for (int block = 0; block < blocks; block++) {
          int before = block * blockSamples;
          int first = off + before * view.spatial() * cols;
          int at = block * ofBlock + c;
          int n = Math.min(blockSamples, view.pooled() - before) * view.spatial();
          moments.merge(n, call.x[first + c], sums[at], sums[at + cols]);
        }
      }
      call.put(sample * view.groups() + g, moments);
    }
  }
}
