package io.github.normkit.functional;

/** Adds the parts' sums in double to the parameters' gradients in float, in the order of parts. */
final class Gradients {

  private Gradients() {}

  /**
   * Part p holds {@code n} sums for the bias from {@code p * 2n} on, then n for the weight.
   *
   * @param gradients modified
   */
  static void add(Affine gradients, double[] sums, int parts, int n) {
    add(gradients.weight(), gradients.weightOffset(), sums, n, parts, n);
    add(gradients.bias(), gradients.biasOffset(), sums, 0, parts, n);
  }

  /** Adds a block's sums in float to a part's in double, from index {@code at} on. */
  static void add(float[] block, double[] sums, int at, int n) {
    for (int j = 0; j < n; j++) {
      sums[at + j] += block[j];
    }
  }

  private static void add(float[] gradient, int offset, double[] sums, int at, int parts, int n) {
    if (gradient == null) {
      return;
    }
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int part = 0; part < parts; part++) {
        sum += sums[at + part * 2 * n + j];
      }
      gradient[offset + j] = (float) (gradient[offset + j] + sum);
    }
  }
}
