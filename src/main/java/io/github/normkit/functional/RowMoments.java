package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;

/**
 * Mean and variance of a row.
 *
 * <p>The row is summed as {@code Σ x} and {@code Σ x²}, eight terms at a time in float, which is
 * fast and enough for most. Where the mean is so large beside the deviation that {@code Σ x² - n
 * mean²} cancels, or the squares leave the range of float, or are but a few, it is summed again, in
 * double about its first element. Which it is depends on the row alone.
 */
final class RowMoments {

  /** The row is summed again where less than this share of the sum of squares is variance. */
  private static final double CANCELLED = 1 / 4.0;

  /** Below this mean square, squares of floats lose digits to underflow. */
  private static final double UNDERFLOW = 0x1p-96;

  private final double[] sums = new double[Lanes.LENGTH];
  private double mean;
  private double variance;

  double mean() {
    return mean;
  }

  /** The biased variance, or the mean square if the mean was not taken off. */
  double variance() {
    return variance;
  }

  /** Takes the statistics of a row, its mean as 0 unless {@code centered}. */
  void take(float[] x, int off, int n, boolean centered) {
    KERNELS.rowMoments(x, off, n, sums);
    double s = Lanes.fold(sums, 0);
    double q = Lanes.fold(sums, Lanes.SECOND);
    float shift = 0;
    if (!inRange(q, n) || (centered && Moments.aboutMean(s, q, n) < CANCELLED * q)) {
      shift = centered ? x[off] : 0;
      KERNELS.segmentMoments(x, off, 1, 0, n, shift, sums);
      s = Lanes.fold(sums, 0);
      q = Lanes.fold(sums, Lanes.SECOND);
    }
    mean = centered ? shift + s / n : 0;
    variance = (centered ? Moments.aboutMean(s, q, n) : q) / n;
  }

  /**
   * Whether a sum of n squares, some of it in float, has its digits: enough terms, no overflow or
   * underflow.
   */
  private static boolean inRange(double q, int n) {
    return n > Split.FEW && q < Double.POSITIVE_INFINITY && q >= n * UNDERFLOW;
  }

  /** Whether the squares of some numbers, none of them NaN, sum to no more than a float. */
  boolean squaresFit(float[] a, int off, int n) {
    KERNELS.rowMoments(a, off, n, sums);
    return Lanes.fold(sums, Lanes.SECOND) <= Float.MAX_VALUE;
  }
}
