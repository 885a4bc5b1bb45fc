package io.github.normkit.functional;

/**
 * The formulas in double, for the few sets that leave the range of float: slow and sure.
 *
 * <p>The elements of a set are {@code step} apart: 1 in a row or a run, the number of columns in a
 * column. Element {@code i} takes the weight and bias at {@code first + i * affineStep}: 1 for a
 * row, which has them for each element, 0 else.
 */
final class Wide {

  private Wide() {}

  /** Writes {@code y = xhat * weight + bias}. */
  static void normalize(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      int step,
      double mean,
      double rstd,
      Affine affine,
      int first,
      int affineStep) {
    for (int i = 0; i < len; i++) {
      double xhat = (x[xOff + i * step] - mean) * rstd;
      int c = first + i * affineStep;
      y[yOff + i * step] = (float) (xhat * affine.scale(c) + affine.shift(c));
    }
  }

  /** Writes {@code y = x * factor}. */
  static void scale(float[] x, int xOff, float[] y, int yOff, int len, int step, double factor) {
    for (int i = 0; i < len; i++) {
      y[yOff + i * step] = (float) (x[xOff + i * step] * factor);
    }
  }

  /** Writes {@code dx = (g - meanSum - xhat * meanDot) * rstd}. */
  static void gradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      int step,
      double mean,
      double rstd,
      Affine affine,
      int first,
      int affineStep,
      double meanSum,
      double meanDot) {
    for (int i = 0; i < len; i++) {
      double g = (double) dy[dyOff + i * step] * affine.scale(first + i * affineStep);
      double xhat = (x[xOff + i * step] - mean) * rstd;
      dx[dxOff + i * step] = (float) ((g - meanSum - xhat * meanDot) * rstd);
    }
  }
}
