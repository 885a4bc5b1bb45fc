package io.github.normkit.internal;

/** The kernels of rows in plain Java, the definition of each formula. */
final class ScalarRows implements RowKernels {

  private static final int B = Lanes.BLOCK;

  @Override
  public void moments(float[] x, int xOff, int stride, int rows, int len, double[] sums) {
    int floats = len & -Lanes.FLOATS;
    int most = len & -Lanes.FEWER_FLOATS;
    for (int r = 0; r < rows; r++) {
      int at = r * Lanes.ROW;
      int p = xOff + r * stride;
      Lanes.clear(sums, at);
      if (floats > 0) {
        momentsInFloat(x, p, floats, sums, at);
      }
      if (floats < most) {
        momentsOfFewer(x, p + floats, sums, at);
      }
      if (most < len) {
        ScalarSegments.momentsOfRun(x, p + most, len - most, 0, sums, at);
      }
    }
  }

  private static void momentsInFloat(float[] x, int xOff, int n, double[] sums, int at) {
    Lanes.clearRun(sums, at);
    for (int i = xOff; i < xOff + n; i += Lanes.FLOATS) {
      for (int j = 0; j < B; j++) {
        int p = i + j;
        int half = p + Lanes.FEWER_FLOATS;
        sums[at + Lanes.RUN + j] += sumOfFour(x, p) + sumOfFour(x, half);
        sums[at + Lanes.SECOND_RUN + j] += squaresOfFour(x, p) + squaresOfFour(x, half);
      }
    }
    Lanes.addRun(sums, at);
  }

  private static void momentsOfFewer(float[] x, int xOff, double[] sums, int at) {
    for (int j = 0; j < B; j++) {
      int lane = at + (j & (Lanes.WIDTH - 1));
      sums[lane] += sumOfFour(x, xOff + j);
      sums[Lanes.SECOND + lane] += squaresOfFour(x, xOff + j);
    }
  }

  /** Adds up elements that are a block apart. */
  private static float sumOfFour(float[] x, int p) {
    return (x[p] + x[p + B]) + (x[p + 2 * B] + x[p + 3 * B]);
  }

  private static float squaresOfFour(float[] x, int p) {
    return (square(x[p]) + square(x[p + B])) + (square(x[p + 2 * B]) + square(x[p + 3 * B]));
  }

  private static float square(float v) {
    return v * v;
  }

  @Override
  public void fold(double[] sums, int sum, int rows, double[] folded) {
    for (int r = 0; r < rows; r++) {
      folded[r] = Lanes.fold(sums, r * Lanes.ROW + sum);
    }
  }

  @Override
  public void normalize(
      float[] x,
      int xOff,
      int xStride,
      float[] y,
      int yOff,
      int yStride,
      int rows,
      int len,
      int ahead,
      float[] params,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * xStride;
      int q = yOff + r * yStride;
      float head = params[4 * r];
      float rstd = params[4 * r + 1];
      float rstdTail = params[4 * r + 2];
      float tail = params[4 * r + 3];
      for (int i = 0; i < len; i++) {
        float c = x[p + i] - head;
        float xhat = c * rstd + (c * rstdTail - tail);
        float scaled = xhat * weight[weightOff + i];
        y[q + i] = bias == null ? scaled : scaled + bias[biasOff + i];
      }
    }
  }

  @Override
  public void sums(
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      int rows,
      int len,
      double[] params,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums) {
    for (int r = 0; r < rows; r++) {
      Lanes.clear(sums, r * Lanes.ROW);
    }
    addSums(
        0, dy, dyOff, dyStride, x, xOff, xStride, rows, len, params, weight, weightOff, gradients,
        at, sums);
  }

  /** Adds the elements from {@code from} on, where a lane begins anew. */
  static void addSums(
      int from,
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      int rows,
      int len,
      double[] params,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums) {
    for (int r = 0; r < rows; r++) {
      int p = dyOff + r * dyStride;
      int q = xOff + r * xStride;
      double mean = params[2 * r];
      double rstd = params[2 * r + 1];
      // Lane by lane, so that its sums need not be in memory.
      for (int j = 0; j < Lanes.WIDTH; j++) {
        int lane = r * Lanes.ROW + j;
        double s = sums[lane];
        double t = sums[Lanes.SECOND + lane];
        double a = sums[Lanes.THIRD + lane];
        for (int i = from + j; i < len; i += Lanes.WIDTH) {
          double d = dy[p + i];
          double w = weight[weightOff + i];
          s += d * w;
          t += d * (x[q + i] - mean) * w;
          a += Math.abs(d * w);
        }
        sums[lane] = s;
        sums[Lanes.SECOND + lane] = t;
        sums[Lanes.THIRD + lane] = a;
      }
      for (int i = from; i < len; i++) {
        gradients[at + i] += dy[p + i];
      }
      for (int i = from; i < len; i++) {
        double d = dy[p + i];
        gradients[at + len + i] += d * (x[q + i] - mean) * rstd;
      }
    }
  }

  @Override
  public void gradient(
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      float[] dx,
      int dxOff,
      int dxStride,
      int rows,
      int len,
      float[] params,
      float[] weight,
      int weightOff) {
    for (int r = 0; r < rows; r++) {
      int p = dyOff + r * dyStride;
      int q = xOff + r * xStride;
      int o = dxOff + r * dxStride;
      float head = params[4 * r];
      float rstd = params[4 * r + 1];
      float slope = params[4 * r + 2];
      float offset = params[4 * r + 3];
      for (int i = 0; i < len; i++) {
        float line = (x[q + i] - head) * slope + offset;
        dx[o + i] = (dy[p + i] * weight[weightOff + i]) * rstd - line;
      }
    }
  }

  @Override
  public void add(
      float[] x,
      int xOff,
      int xStride,
      float[] residual,
      int residualOff,
      int residualStride,
      float scale,
      float[] sum,
      int sumOff,
      int sumStride,
      int rows,
      int len) {
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * xStride;
      int q = residualOff + r * residualStride;
      int o = sumOff + r * sumStride;
      for (int i = 0; i < len; i++) {
        sum[o + i] = x[p + i] + residual[q + i] * scale;
      }
    }
  }
}
