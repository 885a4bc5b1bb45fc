package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.COLUMNS;

import java.util.Arrays;

/**
 * The rows of a sample with its channels last, in chunks that threads may share.
 *
 * <p>Columns are summed down the rows of a chunk, and the chunks of a block in order. The shape
 * alone says where they are cut.
 */
final class Chunks {

  /** About the number of elements of a chunk. */
  private static final int ELEMENTS = 16_384;

  /** The least number of rows of a chunk, which has up to three sums for each column. */
  private static final int LEAST_ROWS = 32;

  /** About the number of elements that a kernel takes column by column: half of an L1 cache. */
  private static final int TILE = 4096;

  /**
   * The least number of rows that a kernel sums: with many sums for each column, where rows are
   * long, a tenth of the time goes into beginning and ending a tile of fewer.
   */
  private static final int TILE_ROWS = 16;

  private Chunks() {}

  private static int rows(ChannelView view) {
    return Math.max(LEAST_ROWS, ELEMENTS / view.channels());
  }

  private static int blockRows(ChannelView view) {
    return view.blockSamples() * view.spatial();
  }

  private static int count(ChannelView view, int rows) {
    return (rows + rows(view) - 1) / rows(view);
  }

  /** How many chunks a block has, unless it is the last. */
  static int countOfBlock(ChannelView view) {
    return count(view, Math.min(view.positions(), blockRows(view)));
  }

  /** How many chunks a sample has. */
  static int count(ChannelView view) {
    int last = view.blocks() - 1;
    return last * countOfBlock(view) + countOf(view, last);
  }

  /** How many chunks a block has. */
  static int countOf(ChannelView view, int block) {
    return count(view, view.samplesOf(block) * view.spatial());
  }

  private static int first(ChannelView view, int chunk) {
    int ofBlock = countOfBlock(view);
    return chunk / ofBlock * blockRows(view) + chunk % ofBlock * rows(view);
  }

  private static int end(ChannelView view, int chunk) {
    int block = chunk / countOfBlock(view);
    int inBlock = chunk % countOfBlock(view) * rows(view);
    int blockRows = view.samplesOf(block) * view.spatial();
    return block * blockRows(view) + inBlock + Math.min(rows(view), blockRows - inBlock);
  }

  /** Whether a sample's rows are to go over the pool. */
  private static boolean parallel(ChannelCall call, boolean split) {
    return split && call.parallel(count(call.view));
  }

  /**
   * The moments of each chunk's columns about the first row of its block, one sum of all columns,
   * then the other.
   */
  static void moments(ChannelCall call, int xOff, double[] sums, boolean split) {
    int chunks = count(call.view);
    if (parallel(call, split)) {
      Parallel.run(call.pool, chunks, (from, to) -> moments(call, from, to, xOff, sums));
    } else {
      moments(call, 0, chunks, xOff, sums);
    }
  }

  private static void moments(ChannelCall call, int from, int to, int xOff, double[] sums) {
    ChannelView view = call.view;
    int cols = view.channels();
    int tile = Math.max(1, TILE / cols);
    int ofBlock = countOfBlock(view);
    Scratch scratch = Scratch.take();
    float[] shift = scratch.floats(0, cols);
    for (int chunk = from; chunk < to; chunk++) {
      if (chunk == from || chunk % ofBlock == 0) {
        int block = chunk / ofBlock;
        System.arraycopy(call.x, xOff + block * blockRows(view) * cols, shift, 0, cols);
      }
      int at = chunk * 2 * cols;
      int end = end(view, chunk);
      Arrays.fill(sums, at, at + 2 * cols, 0);
      for (int r = first(view, chunk); r < end; r += tile) {
        int n = Math.min(tile, end - r);
        int o = r * cols;
        COLUMNS.moments(call.x, xOff + o, n, cols, 0, shift, sums, at);
      }
    }
    scratch.give();
  }

  /** The sums of each chunk's columns for the gradient, one sum of all columns, then the others. */
  static void sums(
      ChannelCall call, int dyOff, int xOff, double[] mean, double[] sums, boolean split) {
    int chunks = count(call.view);
    if (parallel(call, split)) {
      Parallel.run(call.pool, chunks, (from, to) -> sums(call, from, to, dyOff, xOff, mean, sums));
    } else {
      sums(call, 0, chunks, dyOff, xOff, mean, sums);
    }
  }

  private static void sums(
      ChannelCall call, int from, int to, int dyOff, int xOff, double[] mean, double[] sums) {
    int cols = call.view.channels();
    int tile = Math.max(TILE_ROWS, TILE / cols);
    for (int chunk = from; chunk < to; chunk++) {
      int at = chunk * 3 * cols;
      int end = end(call.view, chunk);
      Arrays.fill(sums, at, at + 3 * cols, 0);
      for (int r = first(call.view, chunk); r < end; r += tile) {
        int n = Math.min(tile, end - r);
        int o = r * cols;
        COLUMNS.sums(call.dy, dyOff + o, call.x, xOff + o, n, cols, 0, mean, sums, at);
      }
    }
  }

  /** Normalizes the columns of a sample. */
  static void normalize(
      ChannelCall call, float[] x, int xOff, float[] y, int yOff, float[] params, boolean split) {
    int chunks = count(call.view);
    if (parallel(call, split)) {
      Parallel.run(
          call.pool,
          chunks,
          (from, to) -> normalize(call.view, from, to, x, xOff, y, yOff, params));
    } else {
      normalize(call.view, 0, chunks, x, xOff, y, yOff, params);
    }
  }

  private static void normalize(
      ChannelView view,
      int from,
      int to,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      float[] params) {
    int cols = view.channels();
    int tile = Math.max(1, TILE / cols);
    int end = end(view, to - 1);
    for (int r = first(view, from); r < end; r += tile) {
      int n = Math.min(tile, end - r);
      int o = r * cols;
      COLUMNS.normalize(x, xOff + o, y, yOff + o, n, cols, 0, params);
    }
  }

  /** Writes the gradient of the columns of the sample that begins at {@code off}. */
  static void gradient(ChannelCall call, int off, float[] params, boolean split) {
    int chunks = count(call.view);
    if (parallel(call, split)) {
      Parallel.run(call.pool, chunks, (from, to) -> gradient(call, from, to, off, params));
    } else {
      gradient(call, 0, chunks, off, params);
    }
  }

  private static void gradient(ChannelCall call, int from, int to, int off, float[] params) {
    int cols = call.view.channels();
    int tile = Math.max(1, TILE / cols);
    int end = end(call.view, to - 1);
    for (int r = first(call.view, from); r < end; r += tile) {
      int n = Math.min(tile, end - r);
      int o = off + r * cols;
      COLUMNS.gradient(
          call.dy,
          call.dyOff + o,
          call.x,
          call.xOff + o,
          call.dx,
          call.dxOff + o,
          n,
          cols,
          0,
          params);
    }
  }
}
