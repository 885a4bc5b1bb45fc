package io.github.normkit.functional;

/**
 * Sums of the parameters' gradients: in float over a block, in double over a part, and the parts in
 * order.
 *
 * <p>A part holds {@code n} sums for the bias, then {@code n} for the weight.
 */
final class Gradients {

  private Gradients() {}

  /** Adds a block's sums in float to a part's in double, from index {@code at} on. */
  static void add(float[] block, double[] sums, int at, int n) {
    for (int j = 0; j < n; j++) {
      sums[at + j] += block[j];
    }
  }

  /** Adds up parts of so many sums each, in order, into the first. */
  static void total(double[] sums, int parts, int length) {
    for (int at = length; at < parts * length; at += length) {
      for (int j = 0; j < length; j++) {
        sums[j] += sums[at + j];
      }
    }
  }

  /**
   * Adds the parts, which it adds up, to the gradients.
   *
   * @param gradients modified
   */
  static void add(Affine gradients, double[] sums, int parts, int n) {
    total(sums, parts, 2 * n);
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
