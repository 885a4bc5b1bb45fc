package io.github.normkit.internal;

/** The tangent in plain Java, complete: the fallback, and the definition of each formula. */
final class ScalarTanh implements TanhKernels {

  @Override
  public void exponentials(float[] x, int xOff, int len, float alpha, double[] expm1) {
    exponentials(0, x, xOff, len, alpha, expm1);
  }

  /** From an element on. */
  static void exponentials(int from, float[] x, int xOff, int len, float alpha, double[] expm1) {
    for (int i = from; i < len; i++) {
      expm1[i] = Tanh.expm1((double) alpha * x[xOff + i]);
    }
  }

  @Override
  public void normalize(
      double[] expm1,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float alpha,
      float[] weight,
      float[] bias) {
    normalize(0, expm1, x, xOff, y, yOff, len, alpha, weight, bias);
  }

  /** From an element on. */
  static void normalize(
      int from,
      double[] expm1,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float alpha,
      float[] weight,
      float[] bias) {
    for (int i = from; i < len; i++) {
      double t = Math.copySign(Tanh.value(expm1[i]), (double) alpha * x[xOff + i]);
      y[yOff + i] = (float) (t * weight[i] + bias[i]);
    }
  }

  @Override
  public void gradient(
      double[] expm1,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      float alpha,
      float[] weight,
      double[] sums,
      int at) {
    gradient(0, expm1, dy, dyOff, x, xOff, dx, dxOff, len, alpha, weight, sums, at);
  }

  /** From an element on. */
  static void gradient(
      int from,
      double[] expm1,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      float alpha,
      float[] weight,
      double[] sums,
      int at) {
    for (int i = from; i < len; i++) {
      double d = dy[dyOff + i];
      double value = x[xOff + i];
      double e = expm1[i];
      double g = d * weight[i] * Tanh.slope(e);
      dx[dxOff + i] = (float) (g * alpha);
      expm1[i] = g * value;
      sums[at + i] += d;
      sums[at + len + i] += d * Math.copySign(Tanh.value(e), alpha * value);
    }
  }
}
