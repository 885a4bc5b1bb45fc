package io.github.normkit.internal;

/**
 * The kernels in plain Java, complete: the fallback, and the definition of each formula.
 *
 * <p>Sums over runs keep their lanes in an array, so that the compiler may vectorize the loops over
 * blocks.
 */
public final class ScalarKernels implements Kernels {

  private static final int B = Lanes.BLOCK;

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int bits() {
    return 0;
  }

  @Override
  public void rowMoments(float[] x, int xOff, int stride, int rows, int len, double[] sums) {
    int floats = len & -Lanes.FLOATS;
    for (int r = 0; r < rows; r++) {
      int at = r * Lanes.LENGTH;
      int p = xOff + r * stride;
      Lanes.clear(sums, at);
      Lanes.clearRun(sums, at);
      for (int i = p; i < p + floats; i += Lanes.FLOATS) {
        for (int j = 0; j < B; j++) {
          sums[at + Lanes.RUN + j] += sumOfEight(x, i + j);
          sums[at + Lanes.SECOND_RUN + j] += squaresOfEight(x, i + j);
        }
      }
      Lanes.addRun(sums, at);
      momentsOfRun(x, p + floats, len - floats, 0, sums, at);
    }
  }

  /** Adds up elements that are a block apart. */
  private static float sumOfEight(float[] x, int p) {
    float left = (x[p] + x[p + B]) + (x[p + 2 * B] + x[p + 3 * B]);
    float right = (x[p + 4 * B] + x[p + 5 * B]) + (x[p + 6 * B] + x[p + 7 * B]);
    return left + right;
  }

  private static float squaresOfEight(float[] x, int p) {
    float left = (square(x[p]) + square(x[p + B])) + (square(x[p + 2 * B]) + square(x[p + 3 * B]));
    p += 4 * B;
    float right = (square(x[p]) + square(x[p + B])) + (square(x[p + 2 * B]) + square(x[p + 3 * B]));
    return left + right;
  }

  private static float square(float v) {
    return v * v;
  }

  @Override
  public void rowNormalize(
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
  public void rowSums(
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
      Lanes.clear(sums, r * Lanes.LENGTH);
    }
    addRowSums(
        0, dy, dyOff, dyStride, x, xOff, xStride, rows, len, params, weight, weightOff, gradients,
        at, sums);
  }

  /** Adds the elements from {@code from} on. */
  static void addRowSums(
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
      for (int i = from; i < len; i++) {
        int lane = r * Lanes.LENGTH + (i & (Lanes.WIDTH - 1));
        double d = dy[p + i];
        double dc = d * (x[q + i] - mean);
        double w = weight[weightOff + i];
        sums[lane] += d * w;
        sums[Lanes.SECOND + lane] += dc * w;
        sums[Lanes.THIRD + lane] += Math.abs(d * w);
        gradients[at + i] += d;
        gradients[at + len + i] += dc * rstd;
      }
    }
  }

  @Override
  public void rowGradient(
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

  @Override
  public void segmentMoments(
      float[] x,
      int xOff,
      int segments,
      int runs,
      int stride,
      int len,
      float[] shifts,
      double[] sums) {
    for (int s = 0; s < segments; s++) {
      int at = s * Lanes.LENGTH;
      Lanes.clear(sums, at);
      for (int run = 0; run < runs; run++) {
        momentsOfRun(x, xOff + s * len + run * stride, len, shifts[s], sums, at);
      }
    }
  }

  private static void momentsOfRun(
      float[] x, int xOff, int len, double shift, double[] sums, int at) {
    Lanes.clearRun(sums, at);
    int whole = len & -Lanes.BLOCK;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      for (int j = 0; j < Lanes.BLOCK; j++) {
        double d = x[xOff + i + j] - shift;
        sums[at + Lanes.RUN + j] += d;
        sums[at + Lanes.SECOND_RUN + j] += d * d;
      }
    }
    Lanes.addRun(sums, at);
    addSegmentMoments(x, xOff + whole, len - whole, shift, sums, at);
  }

  /** Adds n elements to the lanes in turn. */
  static void addSegmentMoments(float[] x, int xOff, int n, double shift, double[] sums, int at) {
    for (int j = 0; j < n; j++) {
      int lane = at + (j & (Lanes.WIDTH - 1));
      double d = x[xOff + j] - shift;
      sums[lane] += d;
      sums[Lanes.SECOND + lane] += d * d;
    }
  }

  @Override
  public void segmentNormalize(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int runs,
      int stride,
      int len,
      int ahead,
      float[] params,
      int at,
      int step) {
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = yOff + run * stride;
      float head = params[at + run * step];
      float scale = params[at + run * step + 1];
      float bias = params[at + run * step + 2];
      for (int i = 0; i < len; i++) {
        y[q + i] = (x[p + i] - head) * scale + bias;
      }
    }
  }

  @Override
  public void segmentSums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int segments,
      int runs,
      int stride,
      int len,
      double[] means,
      double[] sums) {
    for (int s = 0; s < segments; s++) {
      int at = s * Lanes.LENGTH;
      Lanes.clear(sums, at);
      for (int run = 0; run < runs; run++) {
        int o = s * len + run * stride;
        sumsOfRun(dy, dyOff + o, x, xOff + o, len, means[s], sums, at);
      }
    }
  }

  private static void sumsOfRun(
      float[] dy, int dyOff, float[] x, int xOff, int len, double mean, double[] sums, int at) {
    Lanes.clearRun(sums, at);
    int whole = len & -Lanes.BLOCK;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      for (int j = 0; j < Lanes.BLOCK; j++) {
        double d = dy[dyOff + i + j];
        sums[at + Lanes.RUN + j] += d;
        sums[at + Lanes.SECOND_RUN + j] += d * (x[xOff + i + j] - mean);
        sums[at + Lanes.THIRD_RUN + j] += Math.abs(d);
      }
    }
    Lanes.addRun(sums, at);
    addSegmentSums(dy, dyOff + whole, x, xOff + whole, len - whole, mean, sums, at);
  }

  /** Adds n elements to the lanes in turn. */
  static void addSegmentSums(
      float[] dy, int dyOff, float[] x, int xOff, int n, double mean, double[] sums, int at) {
    for (int j = 0; j < n; j++) {
      int lane = at + (j & (Lanes.WIDTH - 1));
      double d = dy[dyOff + j];
      sums[lane] += d;
      sums[Lanes.SECOND + lane] += d * (x[xOff + j] - mean);
      sums[Lanes.THIRD + lane] += Math.abs(d);
    }
  }

  @Override
  public void segmentGradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int runs,
      int stride,
      int len,
      float[] params,
      int at,
      int step) {
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      float head = params[at + run * step];
      float scale = params[at + run * step + 1];
      float slope = params[at + run * step + 2];
      float offset = params[at + run * step + 3];
      for (int i = o; i < o + len; i++) {
        dx[dxOff + i] = dy[dyOff + i] * scale - ((x[xOff + i] - head) * slope + offset);
      }
    }
  }

  @Override
  public void columnMoments(
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
  public void columnNormalize(
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
  public void columnSums(
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
  public void columnGradient(
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
