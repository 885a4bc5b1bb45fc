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
 * range of float, is summed again in double; one that leaves it in all is copied by the kernel and
 * then overwritten. Samples are what threads share; where there is but one, as in BatchNorm, chunks
 * of its rows, cut at places that depend on the shape alone.
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
    int groups = view.groups();
    double[] sampleMean = scratch.doubles(1, groups);
    double[] sampleVariance = scratch.doubles(2, groups);
    for (int sample = from; sample < to; sample++) {
      int p = xOff + sample * view.sampleSize();
      int q = yOff + sample * view.sampleSize();
      statistics(view, x, p, epsilon, sampleMean, sampleVariance, pool, scratch);
      if (mean != null) {
        System.arraycopy(sampleMean, 0, mean, sample * groups, groups);
      }
      if (variance != null) {
        System.arraycopy(sampleVariance, 0, variance, sample * groups, groups);
      }
      normalize(view, x, p, y, q, affine, epsilon, sampleMean, sampleVariance, 0, pool, scratch);
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
    for (int sample = 0; sample < view.samples(); sample++) {
      int o = sample * view.sampleSize();
      int at = sample * view.groups();
      normalize(view, x, xOff + o, y, yOff + o, affine, epsilon, mean, variance, at, pool, scratch);
    }
    scratch.give();
  }

  /** Normalizes a sample by the statistics of its groups from index {@code at} on. */
  private static void normalize(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      int at,
      ForkJoinPool pool,
      Scratch scratch) {
    int cols = view.channels();
    float[] params = scratch.floats(0, 3 * cols);
    boolean allFit = true;
    for (int c = 0; c < cols; c++) {
      int set = at + c / view.groupSize();
      double rstd = Split.rstd(variance[set], epsilon);
      double scale = rstd * affine.scale(c);
      boolean fits = Split.fits(rstd, scale);
      params[c] = fits ? Split.head(mean[set]) : 0;
      params[cols + c] = fits ? (float) scale : 1;
      params[2 * cols + c] = fits ? Split.bias(mean[set], scale, affine.shift(c)) : 0;
      allFit &= fits;
    }
    apply(view, x, xOff, y, yOff, params, pool);
    for (int c = 0; c < cols && !allFit; c++) {
      int set = at + c / view.groupSize();
      double rstd = Split.rstd(variance[set], epsilon);
      if (!Split.fits(rstd, rstd * affine.scale(c))) {
        int p = yOff + c;
        Wide.normalize(y, p, y, p, rows(view), cols, mean[set], rstd, affine, c, 0);
      }
    }
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
    double[] sums = scratch.doubles(0, view.samples() * 2 * view.channels());
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
    for (int sample = from; sample < to; sample++) {
      int o = sample * view.sampleSize();
      int set = sample * view.groups();
      int at = sample * 2 * view.channels();
      sums(view, dy, dyOff + o, x, xOff + o, epsilon, mean, variance, set, sums, at, pool, scratch);
      if (constant) {
        constantGradient(
            view, dy, dyOff + o, dx, dxOff + o, affine, epsilon, variance, set, pool, scratch);
      } else {
        gradient(
            view, dy, dyOff + o, x, xOff + o, dx, dxOff + o, affine, epsilon, mean, variance, set,
            sums, at, pool, scratch);
      }
    }
    scratch.give();
  }

  /** Takes the mean and variance of each group of a sample. */
  private static void statistics(
      ChannelView view,
      float[] x,
      int off,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool,
      Scratch scratch) {
    int rows = rows(view);
    int cols = view.channels();
    float[] shift = scratch.floats(1, cols);
    shift(x, off, Math.min(BLOCK, rows), cols, shift, scratch.floats(2, 2 * cols));
    int chunks = chunks(view);
    double[] sums = scratch.doubles(0, chunks * 2 * cols);
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
      mean[g] = moments.mean();
      variance[g] = moments.variance();
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
      double mean = Wide.sum(x, off + c, rows, cols) / rows;
      moments.merge(rows, mean, Wide.squares(x, off + c, rows, cols, mean));
    }
  }

  /** Sums dy and dy * xhat of each column of a sample, into {@code sums} from {@code at} on. */
  private static void sums(
      ChannelView view,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      double epsilon,
      double[] mean,
      double[] variance,
      int set,
      double[] sums,
      int at,
      ForkJoinPool pool,
      Scratch scratch) {
    int cols = view.channels();
    float[] head = scratch.floats(0, cols);
    for (int c = 0; c < cols; c++) {
      head[c] = Split.head(mean[set + c / view.groupSize()]);
    }
    int chunks = chunks(view);
    double[] parts = scratch.doubles(0, chunks * 2 * cols);
    if (Parallel.pays(pool, chunks, view.sampleSize())) {
      Parallel.run(
          pool,
          chunks,
          (from, to) -> sumsOfChunks(view, from, to, dy, dyOff, x, xOff, head, parts));
    } else {
      sumsOfChunks(view, 0, chunks, dy, dyOff, x, xOff, head, parts);
    }
    total(sums, at, parts, chunks, cols);
    for (int c = 0; c < cols; c++) {
      double m = mean[set + c / view.groupSize()];
      double rstd = Split.rstd(variance[set + c / view.groupSize()], epsilon);
      double dot = Split.dot(sums[at + cols + c], sums[at + c], m, rstd);
      if (!Split.ordinary(rstd, view.setSize()) || !Double.isFinite(dot)) {
        int p = dyOff + c;
        sums[at + c] = Wide.sum(dy, p, rows(view), cols);
        dot = Wide.dot(dy, p, x, xOff + c, rows(view), cols, m, rstd, Affine.NONE, 0, 0);
      }
      sums[at + cols + c] = dot;
    }
  }

  private static void sumsOfChunks(
      ChannelView view,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] head,
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
        KERNELS.columnSums(dy, dyOff + o, x, xOff + o, n, cols, 0, head, block);
        add(block, parts, at, 2 * cols);
      }
    }
    scratch.give();
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantGradient(
      ChannelView view,
      float[] dy,
      int dyOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double epsilon,
      double[] variance,
      int set,
      ForkJoinPool pool,
      Scratch scratch) {
    int cols = view.channels();
    float[] params = scratch.floats(0, 3 * cols);
    Arrays.fill(params, 0, 3 * cols, 0);
    boolean allFit = true;
    for (int c = 0; c < cols; c++) {
      double rstd = Split.rstd(variance[set + c / view.groupSize()], epsilon);
      double scale = rstd * affine.scale(c);
      boolean fits = Split.fits(rstd, scale);
      params[cols + c] = fits ? (float) scale : 1;
      allFit &= fits;
    }
    apply(view, dy, dyOff, dx, dxOff, params, pool);
    for (int c = 0; c < cols && !allFit; c++) {
      double rstd = Split.rstd(variance[set + c / view.groupSize()], epsilon);
      double scale = rstd * affine.scale(c);
      if (!Split.fits(rstd, scale)) {
        Wide.scale(dx, dxOff + c, dx, dxOff + c, rows(view), cols, scale);
      }
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
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      int set,
      double[] sums,
      int at,
      ForkJoinPool pool,
      Scratch scratch) {
    int cols = view.channels();
    float[] params = scratch.floats(0, 4 * cols);
    double[] meanSum = scratch.doubles(1, view.groups());
    double[] meanDot = scratch.doubles(2, view.groups());
    for (int g = 0; g < view.groups(); g++) {
      meansOfGroup(view, g, affine, sums, at, meanSum, meanDot);
    }
    boolean allFit = true;
    for (int c = 0; c < cols; c++) {
      int g = c / view.groupSize();
      double m = mean[set + g];
      double rstd = Split.rstd(variance[set + g], epsilon);
      boolean fits = fits(view.setSize(), rstd, affine.scale(c), m, meanSum[g], meanDot[g]);
      params[c] = fits ? Split.head(m) : 0;
      params[cols + c] = fits ? (float) (rstd * affine.scale(c)) : 1;
      params[2 * cols + c] = fits ? Split.slope(meanDot[g], rstd) : 0;
      params[3 * cols + c] = fits ? Split.offset(meanSum[g], meanDot[g], m, rstd) : 0;
      allFit &= fits;
    }
    applyGradient(view, dy, dyOff, x, xOff, dx, dxOff, params, pool);
    for (int c = 0; c < cols && !allFit; c++) {
      int g = c / view.groupSize();
      double rstd = Split.rstd(variance[set + g], epsilon);
      if (!fits(view.setSize(), rstd, affine.scale(c), mean[set + g], meanSum[g], meanDot[g])) {
        int p = dxOff + c;
        Wide.gradient(
            dx,
            p,
            x,
            xOff + c,
            dx,
            p,
            rows(view),
            cols,
            mean[set + g],
            rstd,
            affine,
            c,
            0,
            meanSum[g],
            meanDot[g]);
      }
    }
  }

  private static boolean fits(
      int n, double rstd, double weight, double mean, double meanSum, double meanDot) {
    return Split.ordinary(rstd, n)
        && Split.fits(rstd, rstd * weight)
        && Float.isFinite(Split.slope(meanDot, rstd))
        && Float.isFinite(Split.offset(meanSum, meanDot, mean, rstd));
  }

  /** The means of g and g * xhat over a group. */
  private static void meansOfGroup(
      ChannelView view,
      int g,
      Affine affine,
      double[] sums,
      int at,
      double[] meanSum,
      double[] meanDot) {
    double sum = 0;
    double dot = 0;
    for (int c = g * view.groupSize(); c < (g + 1) * view.groupSize(); c++) {
      double w = affine.scale(c);
      sum += w * sums[at + c];
      dot += w * sums[at + view.channels() + c];
    }
    meanSum[g] = sum / view.setSize();
    meanDot[g] = dot / view.setSize();
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

  private static void applyGradient(
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
