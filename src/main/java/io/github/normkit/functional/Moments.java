package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;

/**
 * Mean and variance of a set of elements, gathered part by part in one pass over each.
 *
 * <p>A part is summed in float about its first element K, {@code Σ (x - K)} and {@code Σ (x - K)²},
 * and finished in double. Two guards make it sure. Where the mean lies so far from K that the
 * difference {@code Σ (x - K)² - n (mean - K)²} cancels, the part, still in cache, is summed again
 * about its mean; since K is one of its elements, the mean is by then near enough. Where the
 * squares leave the range of float, the part is summed in double. Parts are merged in order with
 * the formula of Chan, Golub and LeVeque (1979). Where a set is cut into parts depends on its shape
 * alone.
 */
final class Moments {

  /** The length at which runs are cut: 16 KiB, and 64 additions to a lane. */
  static final int PART = 4096;

  /** The most runs of a part: each is one more addition to a lane. */
  private static final int RUNS = 32;

  /** A second pass is made where less than this share of the sum of squares is variance. */
  private static final double CANCELLED = 1 / 8.0;

  /** Below this mean square, squares of floats lose digits to underflow. */
  private static final double UNDERFLOW = 0x1p-96;

  private final float[] acc;
  private double count;
  private double mean;
  private double m2;

  Moments(float[] acc) {
    this.acc = acc;
  }

  double mean() {
    return mean;
  }

  /** The biased variance. */
  double variance() {
    return m2 / count;
  }

  /** Gathers a set of runs of {@code len} elements, {@code stride} apart, about their mean. */
  void gather(float[] x, int off, int runs, int stride, int len, double epsilon) {
    count = 0;
    mean = 0;
    m2 = 0;
    int runsPerPart = runsPerPart(len);
    for (int run = 0; run < runs; run += runsPerPart) {
      int p = off + run * stride;
      int runsOfPart = Math.min(runsPerPart, runs - run);
      for (int i = 0; i < len; i += PART) {
        addPart(x, p + i, runsOfPart, stride, Math.min(PART, len - i), epsilon);
      }
    }
  }

  /** How many runs of that length, at least 1, make a part. */
  static int runsPerPart(int len) {
    return Math.max(1, Math.min(RUNS, PART / len));
  }

  /** Gathers one run about zero: the mean is 0 and the variance the mean square. */
  void gatherAboutZero(float[] x, int off, int len, double epsilon) {
    count = len;
    mean = 0;
    m2 = 0;
    for (int i = 0; i < len; i += PART) {
      int n = Math.min(PART, len - i);
      KERNELS.moments(x, off + i, 1, 0, n, 0, acc);
      double q = Lanes.fold(acc, Lanes.SECOND);
      m2 += inRange(q, n, epsilon) ? q : Wide.squares(x, off + i, 1, 0, n, 0);
    }
  }

  /** Adds one other set by its count, mean and sum of squares about its mean. */
  void merge(double n, double otherMean, double otherM2) {
    if (count == 0) {
      count = n;
      mean = otherMean;
      m2 = otherM2;
      return;
    }
    double total = count + n;
    double delta = otherMean - mean;
    mean += delta * (n / total);
    m2 += otherM2 + delta * delta * (count * (n / total));
    count = total;
  }

  void clear() {
    count = 0;
  }

  private void addPart(float[] x, int off, int runs, int stride, int len, double epsilon) {
    int n = runs * len;
    float k = x[off];
    KERNELS.moments(x, off, runs, stride, len, k, acc);
    double s = Lanes.fold(acc, 0);
    double q = Lanes.fold(acc, Lanes.SECOND);
    if (!inRange(q, n, epsilon)) {
      double wideMean = Wide.sum(x, off, runs, stride, len) / n;
      merge(n, wideMean, Wide.squares(x, off, runs, stride, len, wideMean));
      return;
    }
    if (aboutMean(s, q, n) < CANCELLED * q) {
      k = (float) (k + s / n);
      KERNELS.moments(x, off, runs, stride, len, k, acc);
      s = Lanes.fold(acc, 0);
      q = Lanes.fold(acc, Lanes.SECOND);
    }
    merge(n, k + s / n, aboutMean(s, q, n));
  }

  /** Moves a sum of squares from the shift to the mean; rounding must not make it negative. */
  static double aboutMean(double s, double q, double n) {
    return Math.max(0, q - s * (s / n));
  }

  /** Whether a float sum of n squares neither overflowed nor lost digits that matter beside ε. */
  private static boolean inRange(double q, double n, double epsilon) {
    return q < Double.POSITIVE_INFINITY && (epsilon >= UNDERFLOW || q >= n * UNDERFLOW);
  }

  /** Whether the sums of a column, about a shift near its mean, give its variance. */
  static boolean reliable(double s, double q, double n, double epsilon) {
    return inRange(q, n, epsilon) && aboutMean(s, q, n) >= CANCELLED * q;
  }
}
