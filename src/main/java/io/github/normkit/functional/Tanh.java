package io.github.normkit.functional;

/**
 * The hyperbolic tangent in double, of operations that round once, in a fixed order: the same bits
 * everywhere.
 *
 * <p>With {@code e = exp(2 |x|) - 1}, {@code tanh |x| = e / (e + 2)} and its slope is {@code 4 (e +
 * 1) / (e + 2)²}, neither of which cancels. For e, {@code 2 |x| = k ln 2 + r} with {@code |r| <= ln
 * 2 / 2}; then {@code e = (2^k - 1) + 2^k (exp(r) - 1)}, the last of which is a Taylor polynomial
 * of degree 12. The tangent is off by less than 2^-50 of itself.
 */
final class Tanh {

  static final double LN2 = 0.693_147_180_559_945_3;

  /** Of 2 |x|: the tangent is 1 here, and the slope times any four floats rounds to 0. */
  static final double LARGEST = 600;

  // The reciprocals of the factorials.
  private static final double T2 = 1.0 / 2;
  private static final double T3 = 1.0 / 6;
  private static final double T4 = 1.0 / 24;
  private static final double T5 = 1.0 / 120;
  private static final double T6 = 1.0 / 720;
  private static final double T7 = 1.0 / 5_040;
  private static final double T8 = 1.0 / 40_320;
  private static final double T9 = 1.0 / 362_880;
  private static final double T10 = 1.0 / 3_628_800;
  private static final double T11 = 1.0 / 39_916_800;
  private static final double T12 = 1.0 / 479_001_600;

  private Tanh() {}

  /**
   * Takes the {@code e} of numbers; of large ones less than that.
   *
   * @param x the numbers; receives their e. Modified.
   * @param scale working memory of the same length. Modified.
   */
  static void exponentials(int len, double[] x, double[] scale) {
    // Loops of few operations, most of which the compiler vectorizes: a third of the time.
    for (int i = 0; i < len; i++) {
      double t = Math.min(LARGEST, 2 * Math.abs(x[i]));
      int k = (int) (t / LN2 + 0.5);
      x[i] = t - k * LN2;
      scale[i] = Double.longBitsToDouble((1023L + k) << 52);
    }
    for (int i = 0; i < len; i++) {
      double r = x[i];
      double p = (((T12 * r + T11) * r + T10) * r + T9) * r + T8;
      p = (((p * r + T7) * r + T6) * r + T5) * r + T4;
      p = ((p * r + T3) * r + T2) * r + 1;
      x[i] = (scale[i] - 1) + scale[i] * (p * r);
    }
  }

  /**
   * Puts the tangents' absolute values into an array.
   *
   * @param tanh may be {@code expm1}
   */
  static void values(int len, double[] expm1, double[] tanh) {
    for (int i = 0; i < len; i++) {
      tanh[i] = expm1[i] / (expm1[i] + 2);
    }
  }

  /**
   * Puts {@code 1 - tanh²} into an array.
   *
   * @param slopes not {@code expm1}
   */
  static void slopes(int len, double[] expm1, double[] slopes) {
    for (int i = 0; i < len; i++) {
      slopes[i] = 4 * ((expm1[i] + 1) / (expm1[i] + 2)) / (expm1[i] + 2);
    }
  }
}
