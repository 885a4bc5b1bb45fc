package io.github.normkit.functional;

/**
 * Sums of the parameters' gradients in double: over a part, and the parts in order.
 *
 * <p>A part begins with {@code n} sums for the bias, then {@code n} for the weight.
 */
final class Gradients {

  private Gradients() {}

  /** Adds up parts of so many sums each, in order, into the first. */
  static void total(double[] sums, int parts, int length) {
    total(sums, 0, parts, length);
  }

  /** Adds up parts of so many sums each, in order, into the first, which begins at {@code at}. */
  static void total(double[] sums, int at, int parts, int length) {
    for (int from = at + length; from < at + parts * length; from += length) {
      for (int j = 0; j < length; j++) {
        sums[at + j] += sums[from + j];
      }
    }
  }

  /** Puts a part's sums, or adds them if it is not the first. */
  static void put(double[] part, int at, double[] sums, int length, boolean first) {
    for (int j = 0; j < length; j++) {
      sums[j] = first ? part[at + j] : sums[j] + part[at + j];
    }
  }

  /** Adds up n sums from an index on, in order. */
  static double sum(double[] sums, int at, int n) {
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      sum += sums[j];
    }
    return sum;
  }

  /**
   * Adds a part to the gradients.
   *
   * @param gradients modified
   */
  static void add(Affine gradients, double[] sums, int n) {
    add(gradients.bias(), gradients.biasOffset(), sums, 0, n);
    add(gradients.weight(), gradients.weightOffset(), sums, n, n);
  }

  private static void add(float[] gradient, int offset, double[] sums, int at, int n) {
    if (gradient == null) {
      return;
    }
    for (int j = 0; j < n; j++) {
      gradient[offset + j] = (float) (gradient[offset + j] + sums[at + j]);
    }
  }
}
