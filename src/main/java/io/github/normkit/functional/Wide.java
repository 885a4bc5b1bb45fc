package io.github.normkit.functional;

/** Sums in double for the few sets whose squares leave the range of float; slow and sure. */
final class Wide {

  private Wide() {}

  static double sum(float[] x, int off, int runs, int stride, int len) {
    double sum = 0;
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < len; i++) {
        sum += x[off + run * stride + i];
      }
    }
    return sum;
  }

  /** Returns {@code Σ (x - center)²}. */
  static double squares(float[] x, int off, int runs, int stride, int len, double center) {
    double sum = 0;
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < len; i++) {
        double d = x[off + run * stride + i] - center;
        sum += d * d;
      }
    }
    return sum;
  }
}
