package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;

/**
 * The arguments of one call of {@link RowNorm} or {@link HeadNorm}, which its pieces of work share.
 *
 * <p>A call is taken, its rows are set, and {@link #forward} or {@link #backward} checks all of it
 * and makes it. Kept in a {@link Scratch}, so that a call allocates nothing, and cleared at its
 * end, so that it keeps nobody's arrays alive.
 */
final class RowCall {

  /** The input of the norm; where a residual is added, receives the sum first. */
  final Rows x = new Rows();

  final Rows y = new Rows();
  final Rows dy = new Rows();
  final Rows dx = new Rows();

  /** What is added up to x before it is normalized; not given if nothing is. */
  final Rows addend = new Rows();

  final Rows residual = new Rows();

  /** What the residual is multiplied by. */
  float scale;

  /** The gradient of the sum that came another way; without an array if that is 0. */
  final Rows dsum = new Rows();

  int rows;
  int cols;

  /** How many heads, each a row to be normalized, a row of the arrays holds one after the other. */
  int heads;

  Affine affine;
  double epsilon;

  /** Whether the mean is taken off: LayerNorm, not RMSNorm. */
  boolean centered;

  /** How many elements at the end of a row its statistics leave out. */
  int rest;

  /** Whether a row is divided by its norm or, if that is less, by ε: UnitNorm. */
  boolean unit;

  /** The mean of each row; null for RMSNorm, and in forward if it is not wanted. */
  double[] mean;

  /** The 1/σ of each row; in forward null if it is not wanted. */
  double[] rstd;

  Affine gradients;

  /** Receives the sum of the weight's gradient over all columns, of rows of length 1. */
  double weightSum;

  ForkJoinPool pool;

  private final Scratch scratch;

  RowCall(Scratch scratch) {
    this.scratch = scratch;
  }

  /** A call on rows of one head each, without a mean; one that throws is not given back. */
  static RowCall take(int rows, int cols, Affine affine, double[] rstd, ForkJoinPool pool) {
    RowCall call = Scratch.take().rowCall;
    call.rows = rows;
    call.cols = cols;
    call.heads = 1;
    call.affine = affine;
    call.rstd = rstd;
    call.pool = pool;
    return call;
  }

  /** Has the mean of each row taken off. */
  void center(double[] mean) {
    centered = true;
    this.mean = mean;
  }

  /** Checks the arguments before anything is written, then normalizes. */
  void forward(String operation, double epsilon) {
    Checks.epsilon(operation, epsilon);
    this.epsilon = epsilon;
    int length = heads * cols;
    x.check(operation, rows, length);
    y.check(operation, rows, length);
    if (residual.given()) {
      addend.check(operation, rows, length);
      residual.check(operation, rows, length);
      y.checkSameOrApart(operation, addend, rows, length);
      x.checkSameOrApart(operation, addend, rows, length);
      x.checkSameOrApart(operation, residual, rows, length);
      y.checkSameOrApart(operation, residual, rows, length);
    }
    y.checkSameOrApart(operation, x, rows, length);
    Checks.affine(operation, "affine", affine, cols);
    takeHeads(operation);
    RowForward.run(this);
    give();
  }

  /**
   * Checks the arguments before anything is written, then back-propagates.
   *
   * @return the sum of the weight's gradient over all columns, of rows of length 1
   */
  double backward(String operation, Affine gradients) {
    if (centered) {
      Checks.notNull(mean, "mean");
    }
    Checks.notNull(rstd, "rstd");
    this.gradients = gradients;
    int length = heads * cols;
    dy.check(operation, rows, length);
    x.check(operation, rows, length);
    dx.check(operation, rows, length);
    dx.checkSameOrApart(operation, dy, rows, length);
    dx.checkApart(operation, x, rows, length);
    if (dsum.array != null) {
      dsum.check(operation, rows, length);
      dx.checkSameOrApart(operation, dsum, rows, length);
    }
    Checks.affine(operation, "affine", affine, cols);
    Checks.affine(operation, "gradients", gradients, cols);
    takeHeads(operation);
    RowBackward.run(this);
    double sum = weightSum;
    give();
    return sum;
  }

  /** Counts each head as a row from now on, each with statistics of its own. */
  private void takeHeads(String operation) {
    Checks.statistics(operation, "mean", mean, rows * heads);
    Checks.statistics(operation, "rstd", rstd, rows * heads);
    rows *= heads;
    x.split(heads, cols);
    y.split(heads, cols);
    dy.split(heads, cols);
    dx.split(heads, cols);
  }

  /** Whether a pool is given and gains by so many units of work. */
  boolean parallel(int units) {
    return Parallel.pays(pool, units, rows * cols);
  }

  /**
   * How many rows from the first on are worked on at a time: few enough to stay in cache, even for
   * pairs, and with no gap between them.
   */
  int few(int first, int end) {
    int few = Math.max(2, Math.min(RowMoments.MOST, Cache.SOME / Math.max(1, cols)) & -2);
    int left = end - first;
    return Math.min(few, heads == 1 ? left : Math.min(left, heads - first % heads));
  }

  /**
   * How far ahead of n rows the next begin that the kernels may read meanwhile; 0 if they are in
   * cache anyway, or are too few.
   */
  int ahead(int first, int n, int end) {
    boolean pays = end - first > 2 * n && !Cache.holds(rows * cols);
    return pays && few(first + n, end) >= n ? x.at(first + n) - x.at(first) : 0;
  }

  /** The weight as the kernels take it: where it is zero-centered with 1 added, else 1 if null. */
  float[] weight(Scratch scratch) {
    if (affine.weight() == null) {
      return scratch.ones(cols);
    }
    if (!affine.zeroCentered()) {
      return affine.weight();
    }
    float[] weight = scratch.floats(2, cols);
    for (int i = 0; i < cols; i++) {
      weight[i] = affine.scale(i);
    }
    return weight;
  }

  /** The mean that forward took off a row. */
  double mean(int row) {
    return centered ? mean[row] : 0;
  }

  /** How many elements of a row its statistics run over, from the first on. */
  int part() {
    return cols - rest;
  }

  /** Takes the statistics of a few rows. */
  void take(RowMoments moments, int first, int n) {
    moments.take(x.array, x.at(first), x.stride, n, part(), centered, epsilon);
    // The inverse of a smaller ε would be infinite, and zeros times that NaN.
    double least = Math.max(epsilon, Double.MIN_NORMAL);
    for (int r = 0; unit && r < n; r++) {
      moments.rstd[r] = 1 / Math.max(Math.sqrt(moments.variance[r] * cols), least);
    }
  }

  /**
   * What the gradient has of xhat through the statistics of a row: the mean of g * xhat, as far as
   * they run, or of a row of length 1 the sum; nothing if the row was divided by ε.
   *
   * @param dot {@code Σ g * xhat}
   */
  double meanDot(double dot, double rstd) {
    if (unit) {
      return rstd < 1 / epsilon ? dot : 0;
    }
    return dot / part();
  }

  /**
   * Whether the kernels may take the gradient of a row.
   *
   * @param size {@code Σ |g|}
   */
  boolean gradientFits(double size, double meanDot, double rstd) {
    // An xhat beyond the statistics may be of any size, and the mean of g * xhat with it.
    return Split.gradientFits(size, cols, rstd)
        && (rest == 0 || (part() > Split.FEW && Split.fits(meanDot * rstd * rstd)));
  }

  int weightOffset() {
    return affine.weight() == null || affine.zeroCentered() ? 0 : affine.weightOffset();
  }

  private void give() {
    x.clear();
    y.clear();
    dy.clear();
    dx.clear();
    addend.clear();
    residual.clear();
    dsum.clear();
    rest = 0;
    unit = false;
    centered = false;
    affine = null;
    mean = null;
    rstd = null;
    gradients = null;
    weightSum = 0;
    pool = null;
    scratch.give();
  }
}
