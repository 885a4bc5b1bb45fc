package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * Channels last: a sample is a dense matrix with a row for each place and a column for each
 * channel.
 *
 * <p>Columns are summed down the rows in float over blocks of rows, and the blocks in double. The
 * shift of a column is the mean of its first block, itself taken about the first row, so that a
 * constant column gives sums of exactly zero. A column whose sums cancel all the same, or leave the
 * range of float, is summed again in double. Samples are what threads share; where there is but
 * one, as in BatchNorm, chunks of its rows, cut at places that depend on the shape alone.
 */
final class Columns {

  /** Rows that are summed in float before they go to double. */
  private static final int BLOCK = 32;

  /** About the number of elements of a chunk. */
  private static final int CHUNK = 65_536;

  /** About the number of elements that a kernel writes column by column: half of an L1 cache. */
  private static final int TILE = 4096;

  private Columns() {}

  static void forward(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    if (Parallel.pays(pool, view.samples(), view.size())) {
      Parallel.run(
          pool,
          view.samples(),
          (from, to) ->
              forward(view, from, to, x, xOff, y, yOff, affine, epsilon, mean, variance, null));
    } else {
      forward(view, 0, view.samples(), x, xOff, y, yOff, affine, epsilon, mean, variance, pool);
    }
  }

  private static void forward(
      ChannelView view,
      int from,
      int to,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    Scratch scratch = Scratch.take();
    float[] params = scratch.floats(0, 3 * view.channels());
    for (int sample = from; sample < to; sample++) {
      int o = sample * view.sampleSize();
      statistics(view, sample, x, xOff + o, affine, epsilon, mean, variance, params, pool, scratch);
      apply(view, x, xOff + o, y, yOff + o, params, pool);
    }
    scratch.give();
  }

  static void normalize(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    Scratch scratch = Scratch.take();
    float[] params = scratch.floats(0, 3 * view.channels());
    for (int sample = 0; sample < view.samples(); sample++) {
      int o = sample * view.sampleSize();
      for (int g = 0; g < view.groups(); g++) {
        int set = sample * view.groups() + g;
        affineOfGroup(view, g, affine, mean[set], Split.rstd(variance[set], epsilon), params);
      }
      apply(view, x, xOff + o, y, yOff + o, params, pool);
    }
    scratch.give();
  }

  static void backward(
      ChannelView view,
      boolean constant,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      Affine gradients,
      ForkJoinPool pool) {
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(view.samples() * 2 * view.channels());
    if (Parallel.pays(pool, view.samples(), view.size())) {
      Parallel.run(
          pool,
          view.samples(),
          (from, to) ->
              backward(
                  view, constant, from, to, dy, dyOff, x, xOff, dx, dxOff, affine, epsilon, mean,
                  variance, sums, null));
    } else {
      backward(
          view,
          constant,
          0,
          view.samples(),
          dy,
          dyOff,
          x,
          xOff,
          dx,
          dxOff,
          affine,
          epsilon,
          mean,
          variance,
          sums,
          pool);
    }
    Gradients.add(gradients, sums, view.samples(), view.channels());
    scratch.give();
  }

  private static void backward(
      ChannelView view,
      boolean constant,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      double[] sums,
      ForkJoinPool pool) {
    Scratch scratch = Scratch.take();
    int cols = view.channels();
    float[] params = scratch.floats(0, 6 * cols);
    for (int sample = from; sample < to; sample++) {
      int o = sample * view.sampleSize();
      for (int c = 0; c < cols; c++) {
        int set = sample * view.groups() + c / view.groupSize();
        double rstd = Split.rstd(variance[set], epsilon);
        params[c] = Split.head(mean[set]);
        params[cols + c] = Split.scale(rstd);
        params[2 * cols + c] = Split.tail(mean[set], rstd);
      }
      int at = sample * 2 * cols;
      sums(view, dy, dyOff + o, x, xOff + o, params, sums, at, pool, scratch);
      if (constant) {
        constantParams(view, sample, affine, epsilon, variance, params);
        apply(view, dy, dyOff + o, dx, dxOff + o, params, pool);
      } else {
        gradientParams(view, affine, sums, at, params);
        gradient(view, dy, dyOff + o, x, xOff + o, dx, dxOff + o, params, pool);
      }
    }
    scratch.give();
  }

  /** Takes the statistics of a sample and turns them into the parameters of its columns. */
  private static void statistics(
      ChannelView view,
      int sample,
      float[] x,
      int off,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      float[] params,
      ForkJoinPool pool,
      Scratch scratch) {
    int rows = rows(view);
    int cols = view.channels();
    float[] shift = scratch.floats(1, cols);
    shift(x, off, Math.min(BLOCK, rows), cols, shift, scratch.floats(2, 2 * cols));
    int chunks = chunks(view);
    double[] sums = scratch.doubles(chunks * 2 * cols);
    if (Parallel.pays(pool, chunks, rows * cols)) {
      Parallel.run(
          pool, chunks, (from, to) -> momentsOfChunks(view, from, to, x, off, shift, sums));
    } else {
      momentsOfChunks(view, 0, chunks, x, off, shift, sums);
    }
    total(sums, 0, sums, chunks, cols);
    Moments moments = scratch.moments;
    for (int g = 0; g < view.groups(); g++) {
      moments.clear();
      for (int c = g * view.groupSize(); c < (g + 1) * view.groupSize(); c++) {
        mergeColumn(moments, x, off, rows, cols, c, shift[c], sums, epsilon);
      }
      int set = sample * view.groups() + g;
      if (mean != null) {
        mean[set] = moments.mean();
      }
      if (variance != null) {
        variance[set] = moments.variance();
      }
      double rstd = Split.rstd(moments.variance(), epsilon);
      affineOfGroup(view, g, affine, moments.mean(), rstd, params);
    }
  }

  private static void shift(float[] x, int off, int rows, int cols, float[] shift, float[] sums) {
    System.arraycopy(x, off, shift, 0, cols);
    KERNELS.columnMoments(x, off, rows, cols, 0, shift, sums);
    for (int c = 0; c < cols; c++) {
      shift[c] += sums[c] / rows;
    }
  }

  private static void momentsOfChunks(
      ChannelView view, int from, int to, float[] x, int off, float[] shift, double[] sums) {
    Scratch scratch = Scratch.take();
    int cols = view.channels();
    float[] block = scratch.floats(0, 2 * cols);
    for (int chunk = from; chunk < to; chunk++) {
      int at = chunk * 2 * cols;
      int end = endRow(view, chunk);
      Arrays.fill(sums, at, at + 2 * cols, 0);
      for (int r = firstRow(view, chunk); r < end; r += BLOCK) {
        int n = Math.min(BLOCK, end - r);
        KERNELS.columnMoments(x, off + r * cols, n, cols, 0, shift, block);
        add(block, sums, at, 2 * cols);
      }
    }
    scratch.give();
  }

  private static void mergeColumn(
      Moments moments,
      float[] x,
      int off,
      int rows,
      int cols,
      int c,
      float shift,
      double[] sums,
      double epsilon) {
    double s = sums[c];
    double q = sums[cols + c];
    if (Moments.reliable(s, q, rows, epsilon)) {
      moments.merge(rows, shift + s / rows, Moments.aboutMean(s, q, rows));
    } else {
      double mean = Wide.sum(x, off + c, rows, cols, 1) / rows;
      moments.merge(rows, mean, Wide.squares(x, off + c, rows, cols, 1, mean));
    }
  }

  private static void affineOfGroup(
      ChannelView view, int group, Affine affine, double mean, double rstd, float[] params) {
    int cols = view.channels();
    for (int c = group * view.groupSize(); c < (group + 1) * view.groupSize(); c++) {
      double scale = rstd * affine.scale(c);
      params[c] = Split.head(mean);
      params[cols + c] = Split.scale(scale);
      params[2 * cols + c] = Split.bias(mean, scale, affine.shift(c));
    }
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantParams(
      ChannelView view,
      int sample,
      Affine affine,
      double epsilon,
      double[] variance,
      float[] params) {
    int cols = view.channels();
    Arrays.fill(params, 0, 3 * cols, 0);
    for (int c = 0; c < cols; c++) {
      int set = sample * view.groups() + c / view.groupSize();
      double rstd = Split.rstd(variance[set], epsilon);
      params[cols + c] = Split.scale(rstd * affine.scale(c));
    }
  }

  /** The weight and the means of g and g * xhat over the group, for each column. */
  private static void gradientParams(
      ChannelView view, Affine affine, double[] sums, int at, float[] params) {
    int cols = view.channels();
    for (int g = 0; g < view.groups(); g++) {
      int first = g * view.groupSize();
      int end = first + view.groupSize();
      double sum = 0;
      double dot = 0;
      for (int c = first; c < end; c++) {
        double w = affine.scale(c);
        sum += w * sums[at + c];
        dot += w * sums[at + cols + c];
      }
      for (int c = first; c < end; c++) {
        params[3 * cols + c] = affine.scale(c);
        params[4 * cols + c] = (float) (sum / view.setSize());
        params[5 * cols + c] = (float) (dot / view.setSize());
      }
    }
  }

  /** Sums dy and dy * xhat of each column of a sample, from index {@code at} on. */
  private static void sums(
      ChannelView view,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] params,
      double[] sums,
      int at,
      ForkJoinPool pool,
      Scratch scratch) {
    int cols = view.channels();
    int chunks = chunks(view);
    double[] parts = scratch.doubles(chunks * 2 * cols);
    if (Parallel.pays(pool, chunks, view.sampleSize())) {
      Parallel.run(
          pool,
          chunks,
          (from, to) -> sumsOfChunks(view, from, to, dy, dyOff, x, xOff, params, parts));
    } else {
      sumsOfChunks(view, 0, chunks, dy, dyOff, x, xOff, params, parts);
    }
    total(sums, at, parts, chunks, cols);
  }

  private static void sumsOfChunks(
      ChannelView view,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] params,
      double[] parts) {
    Scratch scratch = Scratch.take();
    int cols = view.channels();
    float[] block = scratch.floats(0, 2 * cols);
    for (int chunk = from; chunk < to; chunk++) {
      int at = chunk * 2 * cols;
      int end = endRow(view, chunk);
      Arrays.fill(parts, at, at + 2 * cols, 0);
      for (int r = firstRow(view, chunk); r < end; r += BLOCK) {
        int n = Math.min(BLOCK, end - r);
        int o = r * cols;
        KERNELS.columnSums(dy, dyOff + o, x, xOff + o, n, cols, 0, params, block);
        add(block, parts, at, 2 * cols);
      }
    }
    scratch.give();
  }

  /** Adds up the parts in order, into {@code total} from index {@code at} on. */
  private static void total(double[] total, int at, double[] parts, int chunks, int cols) {
    for (int j = 0; j < 2 * cols; j++) {
      double sum = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        sum += parts[chunk * 2 * cols + j];
      }
      total[at + j] = sum;
    }
  }

  private static void add(float[] block, double[] sums, int at, int n) {
    for (int j = 0; j < n; j++) {
      sums[at + j] += block[j];
    }
  }

  private static void apply(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      float[] params,
      ForkJoinPool pool) {
    int chunks = chunks(view);
    if (Parallel.pays(pool, chunks, view.sampleSize())) {
      Parallel.run(
          pool, chunks, (from, to) -> applyChunks(view, from, to, x, xOff, y, yOff, params));
    } else {
      applyChunks(view, 0, chunks, x, xOff, y, yOff, params);
    }
  }

  private static void applyChunks(
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
    int end = endRow(view, to - 1);
    for (int r = firstRow(view, from); r < end; r += tile) {
      int n = Math.min(tile, end - r);
      int o = r * cols;
      KERNELS.columnNormalize(x, xOff + o, y, yOff + o, n, cols, 0, params);
    }
  }

  private static void gradient(
      ChannelView view,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      float[] params,
      ForkJoinPool pool) {
    int chunks = chunks(view);
    if (Parallel.pays(pool, chunks, view.sampleSize())) {
      Parallel.run(
          pool,
          chunks,
          (from, to) -> gradientOfChunks(view, from, to, dy, dyOff, x, xOff, dx, dxOff, params));
    } else {
      gradientOfChunks(view, 0, chunks, dy, dyOff, x, xOff, dx, dxOff, params);
    }
  }

  private static void gradientOfChunks(
      ChannelView view,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      float[] params) {
    int cols = view.channels();
    int tile = Math.max(1, TILE / cols);
    int end = endRow(view, to - 1);
    for (int r = firstRow(view, from); r < end; r += tile) {
      int n = Math.min(tile, end - r);
      int o = r * cols;
      KERNELS.columnGradient(dy, dyOff + o, x, xOff + o, dx, dxOff + o, n, cols, 0, params);
    }
  }

  private static int rows(ChannelView view) {
    return view.pooled() * view.spatial();
  }

  private static int chunkRows(ChannelView view) {
    return BLOCK * Math.max(1, CHUNK / (BLOCK * view.channels()));
  }

  private static int chunks(ChannelView view) {
    int chunkRows = chunkRows(view);
    return (rows(view) + chunkRows - 1) / chunkRows;
  }

  private static int firstRow(ChannelView view, int chunk) {
    return chunk * chunkRows(view);
  }

  private static int endRow(ChannelView view, int chunk) {
    return Math.min(rows(view), (chunk + 1) * chunkRows(view));
  }
}
