package io.github.normkit.functional;

/**
 * Statistics in double as the kernels take them, in floats.
 *
 * <p>What the float {@code head} of a mean leaves off is taken into a number that is added after
 * scaling, where it is of the size of xhat and neither lost beside a large mean nor among
 * denormals.
 */
final class Split {

  /** Beyond this and its inverse, 1/σ and its square are left to {@link Wide}. */
  private static final double LARGEST = 0x1p40;

  /** Sets of no more elements have gradients that are all but 0, and are left to Wide as well. */
  static final int FEW = 4;

  private Split() {}

  static double rstd(double variance, double epsilon) {
    return 1 / Math.sqrt(variance + epsilon);
  }

  /** Whether floats hold 1/σ and all that the kernels make of it; false for NaN. */
  static boolean ordinary(double rstd) {
    return rstd <= LARGEST && rstd >= 1 / LARGEST;
  }

  /** Whether the kernels may take the gradient of a set of n elements. */
  static boolean ordinary(double rstd, int n) {
    return n > FEW && ordinary(rstd);
  }

  /** Whether kernels may scale by this product of 1/σ and a weight. */
  static boolean fits(double rstd, double scale) {
    double size = Math.abs(scale);
    return ordinary(rstd) && size <= 0x1p100 && (size >= 0x1p-100 || size == 0);
  }

  /**
   * Whether float sums of n terms and n products neither overflowed nor lost digits to underflow.
   */
  static boolean inRange(double sum, double dotHead, int n) {
    double size = Math.abs(dotHead);
    return Double.isFinite(sum)
        && size < Double.POSITIVE_INFINITY
        && (size >= n * 0x1p-100 || size == 0);
  }

  static float head(double mean) {
    return (float) mean;
  }

  /** What the head leaves off, scaled. */
  static float tail(double mean, double scale) {
    return (float) (rest(mean) * scale);
  }

  /** The bias of {@code (x - head) * scale + bias}. */
  static float bias(double mean, double scale, double bias) {
    return (float) (bias - rest(mean) * scale);
  }

  /** {@code Σ g * xhat} from the {@code Σ g * (x - head)} and {@code Σ g} of the kernels. */
  static double dot(double dotHead, double sum, double mean, double rstd) {
    return (dotHead - rest(mean) * sum) * rstd;
  }

  /** The slope of {@code dx = g * rstd - ((x - head) * slope + offset)}. */
  static float slope(double meanDot, double rstd) {
    return (float) (meanDot * rstd * rstd);
  }

  /** The offset of the same. */
  static float offset(double meanSum, double meanDot, double mean, double rstd) {
    return (float) (meanSum * rstd - rest(mean) * (meanDot * rstd * rstd));
  }

  private static double rest(double mean) {
    return mean - (float) mean;
  }
}
