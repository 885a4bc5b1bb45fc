package io.github.normkit.internal;

/** The kernels of columns in plain Java, the definition of each formula. */
final class ScalarColumns implements ColumnKernels {

  @Override
  public void moments(
      float[] x,
      int xOff,
      int rows,
      int cols,
      int from,
      float[] shift,
      double[] sums,
      int sumsOff) {
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * cols;
      for (int c = from; c < cols; c++) {
        double d = x[p + c] - (double) shift[c];
        sums[sumsOff + c] += d;
        sums[sumsOff + cols + c] += d * d;
      }
    }
  }

  @Override
  public void normalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params) {
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * cols;
      int q = yOff + r * cols;
      for (int c = from; c < cols; c++) {
        y[q + c] = (x[p + c] - params[c]) * params[cols + c] + params[2 * cols + c];
      }
    }
  }

  @Override
  public void sums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int rows,
      int cols,
      int from,
      double[] mean,
      double[] sums,
      int sumsOff) {
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * cols;
      int q = dyOff + r * cols;
      for (int c = from; c < cols; c++) {
        double d = dy[q + c];
        sums[sumsOff + c] += d;
        sums[sumsOff + cols + c] += d * (x[p + c] - mean[c]);
        sums[sumsOff + 2 * cols + c] += Math.abs(d);
      }
    }
  }

  @Override
  public void gradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int rows,
      int cols,
      int from,
      float[] params) {
    for (int r = 0; r < rows; r++) {
      int o = r * cols;
      for (int c = from; c < cols; c++) {
        float line = (x[xOff + o + c] - params[c]) * params[2 * cols + c] + params[3 * cols + c];
        dx[dxOff + o + c] = dy[dyOff + o + c] * params[cols + c] - line;
      }
    }
  }
}
