package io.github.normkit.functional;

/** Mean and variance of a set of elements, merged from parts in double. */
final class Moments {

  private double count;
  private double mean;
  private double m2;

  double mean() {
    return mean;
  }

  /** The biased variance. */
  double variance() {
    return m2 / count;
  }

  /** The sum of the squares about the mean. */
  double m2() {
    return m2;
  }

  /** Begins a set. */
  void clear() {
    count = 0;
  }

  /**
   * Adds a part by its sums about a shift, {@code s = Σ (x - shift)} and {@code q = Σ (x -
   * shift)²}.
   */
  void merge(double n, double shift, double s, double q) {
    merge(n, shift + s / n, aboutMean(s, q, n));
  }

  /** Adds a part by its moments, with the formula of Chan, Golub and LeVeque (1979). */
  void merge(double n, double partMean, double partM2) {
    if (count == 0) {
      count = n;
      mean = partMean;
      m2 = partM2;
      return;
    }
    double total = count + n;
    double delta = partMean - mean;
    mean += delta * (n / total);
    m2 += partM2 + delta * delta * (count * (n / total));
    count = total;
  }

  /** Moves a sum of squares from the shift to the mean; rounding must not make it negative. */
  static double aboutMean(double s, double q, double n) {
    return Math.max(0, q - s * (s / n));
  }
}
