package io.github.normkit.internal;

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

  /** The reciprocals of the factorials. */
  static final double[] TERMS = terms();

  private Tanh() {}

  private static double[] terms() {
    double[] terms = new double[13];
    double factorial = 1;
    for (int i = 1; i < terms.length; i++) {
      factorial *= i;
      terms[i] = 1 / factorial;
    }
    return terms;
  }

  static double of(double x) {
    return Math.copySign(value(expm1(x)), x);
  }

  /** {@code exp(2 |x|) - 1}, for {@link #value} and {@link #slope}; of a large x less than that. */
  static double expm1(double x) {
    double t = Math.min(LARGEST, 2 * Math.abs(x));
    int k = (int) (t / LN2 + 0.5);
    double r = t - k * LN2;
    double p = TERMS[12];
    for (int i = 11; i > 0; i--) {
      p = p * r + TERMS[i];
    }
    double scale = Double.longBitsToDouble((1023L + k) << 52);
    return (scale - 1) + scale * (p * r);
  }

  /** The tangent's absolute value. */
  static double value(double e) {
    return e / (e + 2);
  }

  /** {@code 1 - tanh²}. */
  static double slope(double e) {
    return 4 * ((e + 1) / (e + 2)) / (e + 2);
  }
}
