package io.github.normkit.functional;

/**
 * Channels last: a sample is a dense matrix with a row for each spatial position and a column for
 * each channel.
 *
 * <p>Samples are what threads share; where there is but one, as in BatchNorm, {@link Chunks} of its
 * rows. A column that leaves the range of float is copied by the kernel and then overwritten in
 * double.
 */
final class Columns {

  /** Rows that are taken column by column in double, few enough to stay in cache. */
  private static final int WIDE_ROWS = 16;

  private Columns() {}

  static void forward(ChannelCall call) {
    int samples = call.view.samples();
    if (call.parallel(samples)) {
      Parallel.run(call.pool, samples, (from, to) -> forward(call, from, to, false));
    } else {
      forward(call, 0, samples, true);
    }
  }

  /** Some samples, the rows of each over the pool if {@code split}. */
  private static void forward(ChannelCall call, int from, int to, boolean split) {
    Scratch scratch = Scratch.take();
    for (int sample = from; sample < to; sample++) {
      ColumnStatistics.take(call, sample, split, scratch);
      normalize(call, sample, split, scratch);
    }
    scratch.give();
  }

  /** The statistics of one sample alone. */
  static void statistics(ChannelCall call) {
    Scratch scratch = Scratch.take();
    ColumnStatistics.take(call, 0, true, scratch);
    scratch.give();
  }

  static void normalize(ChannelCall call) {
    Scratch scratch = Scratch.take();
    for (int sample = 0; sample < call.view.samples(); sample++) {
      normalize(call, sample, true, scratch);
    }
    scratch.give();
  }

  private static void normalize(ChannelCall call, int sample, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    float[] params = scratch.floats(0, 3 * cols);
    boolean allFit = true;
    for (int c = 0; c < cols; c++) {
      int set = call.set(sample, c);
      double mean = call.mean[set];
      double scale = call.scale(set, c);
      boolean fits = call.fits(set, c);
      params[c] = fits ? (float) mean : 0;
      params[cols + c] = fits ? (float) scale : 1;
      params[2 * cols + c] = fits ? Split.bias(mean, scale, call.affine.shift(c)) : 0;
      allFit &= fits;
    }
    int o = sample * view.sampleSize();
    Chunks.normalize(call, call.x, call.xOff + o, call.y, call.yOff + o, params, split);
    for (int r = 0; r < view.positions() && !allFit; r += WIDE_ROWS) {
      wideNormalize(call, sample, r, Math.min(WIDE_ROWS, view.positions() - r));
    }
  }

  /** Normalizes, in double, the columns that the kernels could not, which left x there. */
  private static void wideNormalize(ChannelCall call, int sample, int row, int n) {
    ChannelView view = call.view;
    int cols = view.channels();
    int first = call.yOff + sample * view.sampleSize() + row * cols;
    for (int c = 0; c < cols; c++) {
      int set = call.set(sample, c);
      if (!call.fits(set, c)) {
        float[] y = call.y;
        int p = first + c;
        Wide.normalize(y, p, y, p, n, cols, call.mean[set], call.rstd[set], call.affine, c, 0);
      }
    }
  }

  static void backward(ChannelCall call) {
    if (call.view.samples() > 1) {
      SampleParts.backward(
          call, (c, sample, sums, scratch) -> backward(c, sample, sums, false, scratch));
      return;
    }
    Scratch scratch = Scratch.take();
    backward(call, 0, call.partSums, true, scratch);
    scratch.give();
  }

  /** The sums of one sample alone. */
  static void sums(ChannelCall call) {
    Scratch scratch = Scratch.take();
    sums(call, 0, call.partSums, true, scratch);
    scratch.give();
  }

  /** The gradient of one sample by sums that are there. */
  static void gradient(ChannelCall call) {
    Scratch scratch = Scratch.take();
    gradient(call, 0, call.partSums, true, scratch);
    scratch.give();
  }

  private static void backward(
      ChannelCall call, int sample, double[] sums, boolean split, Scratch scratch) {
    sums(call, sample, sums, split, scratch);
    if (call.constant) {
      constantGradient(call, sample, split, scratch);
    } else {
      gradient(call, sample, sums, split, scratch);
    }
  }

  /** Sums dy, dy * xhat and |dy| of each column of a sample. */
  private static void sums(
      ChannelCall call, int sample, double[] sums, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    double[] mean = scratch.doubles(2, cols);
    for (int c = 0; c < cols; c++) {
      mean[c] = call.mean[call.set(sample, c)];
    }
    int o = sample * view.sampleSize();
    double[] parts = scratch.doubles(1, Chunks.count(view) * 3 * cols);
    Chunks.sums(call, call.dyOff + o, call.xOff + o, mean, parts, split);
    int ofBlock = Chunks.countOfBlock(view) * 3 * cols;
    for (int block = 0; block < view.blocks(); block++) {
      int at = block * ofBlock;
      Gradients.total(parts, at, Chunks.countOf(view, block), 3 * cols);
      for (int c = 0; c < cols; c++) {
        parts[at + cols + c] *= call.rstd[call.set(sample, c)];
      }
      Gradients.put(parts, at, sums, 3 * cols, block == 0);
    }
  }

  private static void gradient(
      ChannelCall call, int sample, double[] sums, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    int groupSize = view.groupSize();
    float[] params = scratch.floats(0, 4 * cols);
    double[] wide = scratch.doubles(3, 3 * cols);
    boolean allFit = true;
    for (int g = 0; g < view.groups(); g++) {
      int set = sample * view.groups() + g;
      int first = g * groupSize;
      double meanSum = call.meanSum(first, sums);
      double meanDot = call.meanDot(first, sums);
      boolean setFits = call.gradientFits(set, first, sums);
      for (int c = first; c < first + groupSize; c++) {
        boolean fits = setFits && call.scales(set, c);
        params[c] = fits ? (float) call.mean[set] : 0;
        params[cols + c] = fits ? (float) call.scale(set, c) : 1;
        params[2 * cols + c] = fits ? Split.slope(meanDot, call.rstd[set]) : 0;
        params[3 * cols + c] = fits ? call.offset(set, c, meanSum, meanDot) : 0;
        wide[c] = fits ? 0 : 1;
        wide[cols + c] = meanSum;
        wide[2 * cols + c] = meanDot;
        allFit &= fits;
      }
    }
    Chunks.gradient(call, sample * view.sampleSize(), params, split);
    for (int r = 0; r < view.positions() && !allFit; r += WIDE_ROWS) {
      wideGradient(call, sample, r, Math.min(WIDE_ROWS, view.positions() - r), wide);
    }
  }

  /**
   * Writes, in double, the gradients that the kernels could not, which left dy there.
   *
   * @param wide 1 for each of these columns, 0 for the others, then the means of g, of g * xhat
   */
  private static void wideGradient(ChannelCall call, int sample, int row, int n, double[] wide) {
    ChannelView view = call.view;
    int cols = view.channels();
    int first = sample * view.sampleSize() + row * cols;
    for (int c = 0; c < cols; c++) {
      if (wide[c] != 0) {
        int set = call.set(sample, c);
        float[] dx = call.dx;
        int p = call.dxOff + first + c;
        int q = call.xOff + first + c;
        Wide.gradient(
            dx,
            p,
            call.x,
            q,
            dx,
            p,
            n,
            cols,
            call.mean[set],
            call.rstd[set],
            call.affine,
            c,
            0,
            wide[cols + c],
            wide[2 * cols + c]);
      }
    }
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantGradient(
      ChannelCall call, int sample, boolean split, Scratch scratch) {
    ChannelView view = call.view;
    int cols = view.channels();
    float[] params = scratch.floats(0, 3 * cols);
    boolean allFit = true;
    for (int c = 0; c < cols; c++) {
      int set = call.set(sample, c);
      double scale = call.scale(set, c);
      boolean fits = call.scales(set, c);
      params[c] = 0;
      params[cols + c] = fits ? (float) scale : 1;
      params[2 * cols + c] = 0;
      allFit &= fits;
    }
    int o = sample * view.sampleSize();
    Chunks.normalize(call, call.dy, call.dyOff + o, call.dx, call.dxOff + o, params, split);
    for (int r = 0; r < view.positions() && !allFit; r += WIDE_ROWS) {
      wideScale(call, sample, r, Math.min(WIDE_ROWS, view.positions() - r));
    }
  }

  /** The same in double. */
  private static void wideScale(ChannelCall call, int sample, int row, int n) {
    ChannelView view = call.view;
    int cols = view.channels();
    int first = call.dxOff + sample * view.sampleSize() + row * cols;
    for (int c = 0; c < cols; c++) {
      int set = call.set(sample, c);
      if (!call.scales(set, c)) {
        int p = first + c;
        Wide.scale(call.dx, p, call.dx, p, n, cols, call.scale(set, c));
      }
    }
  }
}
