package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;

/**
 * Mean and variance of a set of elements, gathered part by part in one pass over each.
 *
 * <p>A part is summed in float, {@code Σ x} and {@code Σ x²}, and finished in double. Two guards
 * make it sure. Where the mean is so large beside the deviation that {@code Σ x² - n mean²}
 * cancels, the part, still in cache, is summed again about its mean. Where the squares leave the
 * range of float, or are but a few, it is summed in double. Parts are merged in order with the
 * formula of Chan, Golub and LeVeque (1979). Where a set is cut into parts depends on its shape
 * alone, the rest on the part's elements alone.
 */
final class Moments {

  /** The length at which runs are cut: 16 KiB, and 64 additions to a lane. */
  static final int PART = 4096;

  /** The most runs of a part: each is one more addition to a lane. */
  private static final int RUNS = 32;

  /** A second pass is made where less than this share of the sum of squares is variance. */
  private static final double CANCELLED = 1 / 4.0;

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
    clear();
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
      m2 += inRange(q, n, epsilon) ? q : Wide.squares(x, off + i, n, 1, 0);
    }
  }

  /** Begins a set to {@link #merge} others into. */
  void clear() {
    count = 0;
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

  private void addPart(float[] x, int off, int runs, int stride, int len, double epsilon) {
    int n = runs * len;
    float shift = 0;
    KERNELS.moments(x, off, runs, stride, len, shift, acc);
    double s = Lanes.fold(acc, 0);
    double q = Lanes.fold(acc, Lanes.SECOND);
    if (inRange(q, n, epsilon) && aboutMean(s, q, n) < CANCELLED * q) {
      shift = (float) (s / n);
      KERNELS.moments(x, off, runs, stride, len, shift, acc);
      s = Lanes.fold(acc, 0);
      q = Lanes.fold(acc, Lanes.SECOND);
    }
    if (inRange(q, n, epsilon)) {
      merge(n, shift + s / n, aboutMean(s, q, n));
    } else {
      mergeWide(x, off, runs, stride, len);
    }
  }

  private void mergeWide(float[] x, int off, int runs, int stride, int len) {
    double sum = 0;
    for (int run = 0; run < runs; run++) {
      sum += Wide.sum(x, off + run * stride, len, 1);
    }
    double n = runs * (double) len;
    double squares = 0;
    for (int run = 0; run < runs; run++) {
      squares += Wide.squares(x, off + run * stride, len, 1, sum / n);
    }
    merge(n, sum / n, squares);
  }

  /** Moves a sum of squares from the shift to the mean; rounding must not make it negative. */
  static double aboutMean(double s, double q, double n) {
    return Math.max(0, q - s * (s / n));
  }

  /** Whether a float sum of n squares has its digits: enough terms, no overflow or underflow. */
  private static boolean inRange(double q, double n, double epsilon) {
    return n > Split.FEW
        && q < Double.POSITIVE_INFINITY
        && (epsilon >= UNDERFLOW || q >= n * UNDERFLOW);
  }

  /** Whether the sums of a column, about a shift near its mean, give its variance. */
  static boolean reliable(double s, double q, double n, double epsilon) {
    return inRange(q, n, epsilon) && aboutMean(s, q, n) >= CANCELLED * q;
  }
}
