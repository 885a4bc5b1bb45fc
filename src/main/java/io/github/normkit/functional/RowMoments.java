package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.ROWS;
import static io.github.normkit.internal.ActiveKernels.SEGMENTS;

import io.github.normkit.internal.Lanes;

/**
 * Mean, variance and 1/σ of a few rows.
 *
 * <p>A row is summed as {@code Σ x} and {@code Σ x²}, eight terms at a time in float, which is fast
 * and enough for most. Where the mean is so large beside the deviation that {@code Σ x² - n mean²}
 * cancels, or the squares leave the range of float, or are but a few, it is summed again, in double
 * about its first element. Which it is depends on the row alone.
 *
 * <p>Some rows at a time: what is done once a row, its folds, roots and quotients, is done in loops
 * over them, where the processor need not wait for one before it begins the next.
 */
final class RowMoments {

  /** How many rows are taken at a time at most. */
  static final int MOST = 32;

  /** The row is summed again where less than this share of the sum of squares is variance. */
  private static final double CANCELLED = 1 / 4.0;

  /** Below this mean square, squares of floats lose digits to underflow. */
  private static final double UNDERFLOW = 0x1p-96;

  final double[] mean = new double[MOST];

  /** The biased variances, or the mean squares if the means were not taken off. */
  final double[] variance = new double[MOST];

  final double[] rstd = new double[MOST];

  private final double[] lanes = new double[Lanes.ofRows(MOST)];
  private final double[] sums = new double[MOST];
  private final double[] squares = new double[MOST];
  private final double[] again = new double[Lanes.LENGTH];
  private final float[] shift = new float[1];

  /** Takes the statistics of rows of n elements, their means as 0 unless {@code centered}. */
  void take(float[] x, int off, int stride, int rows, int n, boolean centered, double epsilon) {
    ROWS.moments(x, off, stride, rows, n, lanes);
    ROWS.fold(lanes, 0, rows, sums);
    ROWS.fold(lanes, Lanes.SECOND, rows, squares);
    if (!put(rows, n, centered)) {
      sumAgain(x, off, stride, rows, n, centered);
    }
    invert(rows, epsilon);
  }

  private void invert(int rows, double epsilon) {
    for (int r = 0; r < rows; r++) {
      rstd[r] = Split.rstd(variance[r], epsilon);
    }
  }

  /** Takes in the sums of rows, and returns whether sums in float are enough for all. */
  private boolean put(int rows, int n, boolean centered) {
    for (int r = 0; r < rows; r++) {
      put(r, 0, sums[r], squares[r], n, centered);
    }
    boolean exact = true;
    for (int r = 0; r < rows; r++) {
      exact &= exact(r, n);
    }
    return exact;
  }

  /** Takes in the sums of a row about a shift. */
  private void put(int r, float shift, double s, double q, int n, boolean centered) {
    mean[r] = centered ? shift + s / n : 0;
    variance[r] = (centered ? Moments.aboutMean(s, q, n) : q) / n;
  }

  /** Whether sums in float are enough for a row. */
  private boolean exact(int r, int n) {
    double q = squares[r];
    // In range are enough squares that neither overflow nor underflow; NaN is not.
    boolean inRange = n > Split.FEW && q < Double.POSITIVE_INFINITY && q >= n * UNDERFLOW;
    return inRange && n * variance[r] >= CANCELLED * q;
  }

  private void sumAgain(float[] x, int off, int stride, int rows, int n, boolean centered) {
    for (int r = 0; r < rows; r++) {
      if (!exact(r, n)) {
        shift[0] = centered ? x[off + r * stride] : 0;
        SEGMENTS.moments(x, off + r * stride, 1, 1, 0, n, shift, again);
        double s = Lanes.fold(again, 0);
        put(r, shift[0], s, Lanes.fold(again, Lanes.SECOND), n, centered);
      }
    }
  }

  /** Whether the squares of some numbers, none of them NaN, sum to no more than a float. */
  boolean squaresFit(float[] a, int off, int n) {
    ROWS.moments(a, off, 0, 1, n, lanes);
    return Lanes.fold(lanes, Lanes.SECOND) <= Float.MAX_VALUE;
  }
}
