package io.github.normkit.functional;

/**
 * Statistics in double as the kernels take them, in floats.
 *
 * <p>What the float {@code head} of a mean leaves off is taken into a number that is added after
 * scaling, where it is of the size of xhat and neither lost beside a large mean nor among
 * denormals.
 */
final class Split {

  /** Beyond this and its inverse, 1/σ is left to {@link Wide}. */
  private static final double LARGEST = 0x1p40;

  /** Sets of no more elements have gradients that all but cancel, and are left to Wide as well. */
  static final int FEW = 8;

  /** Beyond this a sum or a product could leave the range of float before a later one returns. */
  private static final double HUGE = 0x1p90;

  private Split() {}

  static double rstd(double variance, double epsilon) {
    return 1 / Math.sqrt(variance + epsilon);
  }

  /** Whether float kernels may work with this 1/σ; false for NaN. */
  static boolean ordinary(double rstd) {
    return rstd <= LARGEST && rstd >= 1 / LARGEST;
  }

  /** Whether they may multiply by this number; false for NaN. */
  static boolean fits(double factor) {
    return Math.abs(factor) <= HUGE;
  }

  /** Whether they may normalize a channel. */
  static boolean fits(double mean, double rstd, double weight, double bias) {
    return scales(rstd, weight) && Math.abs(mean) <= HUGE && Math.abs(bias) <= HUGE;
  }

  /** Whether they may scale by the product of 1/σ and a weight. */
  static boolean scales(double rstd, double weight) {
    double size = Math.abs(weight);
    return ordinary(rstd) && size <= HUGE / LARGEST && (size >= LARGEST / HUGE || size == 0);
  }

  /**
   * Whether they may take the gradient of a set of n elements.
   *
   * @param size {@code Σ |g|}
   */
  static boolean gradientFits(double size, long n, double rstd) {
    double mean = size / n;
    double least = mean * Math.min(1, rstd * rstd);
    double most = size * Math.max(1, rstd * rstd);
    return n > FEW && ordinary(rstd) && most <= HUGE && (least >= 1 / HUGE || size == 0);
  }

  /**
   * What is taken off a row first: the mean as a float, or 0 where the mean is within the deviation
   * and one rounding can be saved. Never 0 for a constant row, unless it is of zeros: its xhat is
   * to be exactly 0.
   */
  static float head(double mean, double variance) {
    return mean * mean <= variance ? 0 : (float) mean;
  }

  /** What the head leaves off, scaled. */
  static float tail(double mean, float head, double rstd) {
    return (float) ((mean - head) * rstd);
  }

  /** What a float leaves off. */
  static float rest(double value) {
    return (float) (value - (float) value);
  }

  /** The bias of {@code (x - (float) mean) * scale + bias}. */
  static float bias(double mean, double scale, double bias) {
    return (float) (bias - (mean - (float) mean) * scale);
  }

  /** The slope of {@code dx = g * rstd - ((x - (float) mean) * slope + offset)}. */
  static float slope(double meanDot, double rstd) {
    return (float) (meanDot * rstd * rstd);
  }

  /**
   * The offset of the same.
   *
   * @param floatRstd rstd as the kernel has it, so that a constant g leaves exactly 0
   */
  static float offset(double meanSum, double meanDot, double mean, double rstd, double floatRstd) {
    return (float) (meanSum * floatRstd - (mean - (float) mean) * (meanDot * rstd * rstd));
  }
}
