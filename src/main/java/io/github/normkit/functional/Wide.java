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

  /** Returns {@code Σ x}. */
  static double sum(float[] x, int off, int len, int step) {
    double sum = 0;
    for (int i = 0; i < len; i++) {
      sum += x[off + i * step];
    }
    return sum;
  }

  /** Returns {@code Σ (x - center)²}. */
  static double squares(float[] x, int off, int len, int step, double center) {
    double sum = 0;
    for (int i = 0; i < len; i++) {
      double d = x[off + i * step] - center;
      sum += d * d;
    }
    return sum;
  }

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

  /** Returns {@code Σ g} with {@code g = dy * weight}. */
  static double sum(
      float[] dy, int dyOff, int len, int step, Affine affine, int first, int affineStep) {
    double sum = 0;
    for (int i = 0; i < len; i++) {
      sum += (double) dy[dyOff + i * step] * affine.scale(first + i * affineStep);
    }
    return sum;
  }

  /** Returns {@code Σ g * xhat} with {@code g = dy * weight}. */
  static double dot(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      int step,
      double mean,
      double rstd,
      Affine affine,
      int first,
      int affineStep) {
    double dot = 0;
    for (int i = 0; i < len; i++) {
      double g = (double) dy[dyOff + i * step] * affine.scale(first + i * affineStep);
      dot += g * ((x[xOff + i * step] - mean) * rstd);
    }
    return dot;
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

  /** Adds {@code dy * xhat} and {@code dy} of a row to the gradients of its weight and bias. */
  static void addGradients(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      double mean,
      double rstd,
      float[] dWeight,
      float[] dBias) {
    for (int i = 0; i < len; i++) {
      dWeight[i] += (float) (dy[dyOff + i] * ((x[xOff + i] - mean) * rstd));
      dBias[i] += dy[dyOff + i];
    }
  }

  /** Adds them to sums in double, those for the bias from index {@code at} on, then the others. */
  static void addGradients(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      double mean,
      double rstd,
      double[] sums,
      int at) {
    for (int i = 0; i < len; i++) {
      sums[at + i] += dy[dyOff + i];
      sums[at + len + i] += dy[dyOff + i] * ((x[xOff + i] - mean) * rstd);
    }
  }
}
