package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The kernels in plain Java, complete: the fallback, and the definition of each formula.
 *
 * <p>Sums over runs keep their lanes in an array, so that the compiler may vectorize the loops over
 * blocks.
 */
public final class ScalarKernels implements Kernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int bits() {
    return 0;
  }

  @Override
  public void rowMoments(float[] x, int xOff, int len, float[] acc, double[] sums) {
    Lanes.clear(sums);
    int whole = len & -Lanes.FLOATS;
    int stretch = Lanes.stretch(len);
    for (int i = 0; i < whole; i += stretch) {
      momentsOfStretch(x, xOff + i, Math.min(stretch, whole - i), acc);
      addStretch(acc, sums);
    }
    addRowMoments(x, xOff + whole, len - whole, sums);
  }

  private static void momentsOfStretch(float[] x, int xOff, int n, float[] acc) {
    Arrays.fill(acc, 0, Lanes.ACCUMULATORS, 0);
    int blocks = n & -Lanes.FLOAT_BLOCK;
    for (int i = 0; i < blocks; i += Lanes.FLOAT_BLOCK) {
      addToAccumulators(x, xOff + i, Lanes.FLOAT_BLOCK, acc);
    }
    for (int i = blocks; i < n; i += Lanes.FLOATS) {
      addToAccumulators(x, xOff + i, Lanes.FLOATS, acc);
    }
  }

  private static void addToAccumulators(float[] x, int xOff, int n, float[] acc) {
    for (int j = 0; j < n; j++) {
      float d = x[xOff + j];
      acc[j] += d;
      acc[Lanes.FLOAT_BLOCK + j] += d * d;
    }
  }

  private static void addStretch(float[] acc, double[] sums) {
    for (int i = 0; i < Lanes.FLOATS; i++) {
      acc[i] = lane(acc, i);
      acc[Lanes.FLOAT_BLOCK + i] = lane(acc, Lanes.FLOAT_BLOCK + i);
    }
    addLanes(acc, 0, sums, 0);
    addLanes(acc, Lanes.FLOAT_BLOCK, sums, Lanes.SECOND);
  }

  private static float lane(float[] acc, int i) {
    float even = acc[i] + acc[i + 2 * Lanes.FLOATS];
    return even + (acc[i + Lanes.FLOATS] + acc[i + 3 * Lanes.FLOATS]);
  }

  /** Adds 16 lanes of float, from index i on, to 8 of double. */
  static void addLanes(float[] acc, int i, double[] sums, int at) {
    for (int j = 0; j < Lanes.WIDTH; j++) {
      sums[at + j] = sums[at + j] + acc[i + j] + acc[i + j + Lanes.WIDTH];
    }
  }

  /** Adds n elements to the lanes in turn. */
  static void addRowMoments(float[] x, int xOff, int n, double[] sums) {
    for (int j = 0; j < n; j++) {
      int lane = j & (Lanes.WIDTH - 1);
      double d = x[xOff + j];
      sums[lane] += d;
      sums[Lanes.SECOND + lane] += d * d;
    }
  }

  @Override
  public void rowNormalize(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float head,
      float rstd,
      float rstdTail,
      float tail,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    for (int i = 0; i < len; i++) {
      float c = x[xOff + i] - head;
      float xhat = c * rstd + (c * rstdTail - tail);
      float scaled = weight == null ? xhat : xhat * weight[weightOff + i];
      y[yOff + i] = bias == null ? scaled : scaled + bias[biasOff + i];
    }
  }

  @Override
  public void rowSums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      double mean,
      double rstd,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums) {
    Lanes.clear(sums);
    addRowSums(0, dy, dyOff, x, xOff, len, mean, rstd, weight, weightOff, gradients, at, sums);
  }

  /** Adds the elements from {@code from} on. */
  static void addRowSums(
      int from,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      double mean,
      double rstd,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums) {
    for (int i = from; i < len; i++) {
      int lane = i & (Lanes.WIDTH - 1);
      double d = dy[dyOff + i];
      double dc = d * (x[xOff + i] - mean);
      double w = weight == null ? 1 : weight[weightOff + i];
      sums[lane] += d * w;
      sums[Lanes.SECOND + lane] += dc * w;
      sums[Lanes.THIRD + lane] += Math.abs(d * w);
      gradients[at + i] += d;
      gradients[at + len + i] += dc * rstd;
    }
  }

  @Override
  public void rowGradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      float head,
      float rstd,
      float[] weight,
      int weightOff,
      float slope,
      float offset) {
    for (int i = 0; i < len; i++) {
      float g = weight == null ? dy[dyOff + i] : dy[dyOff + i] * weight[weightOff + i];
      dx[dxOff + i] = g * rstd - ((x[xOff + i] - head) * slope + offset);
    }
  }

  @Override
  public void segmentMoments(
      float[] x, int xOff, int runs, int stride, int len, float shift, double[] sums) {
    Lanes.clear(sums);
    for (int run = 0; run < runs; run++) {
      momentsOfRun(x, xOff + run * stride, len, shift, sums);
    }
  }

  private static void momentsOfRun(float[] x, int xOff, int len, double shift, double[] sums) {
    Lanes.clearRun(sums);
    int whole = len & -Lanes.BLOCK;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      for (int j = 0; j < Lanes.BLOCK; j++) {
        double d = x[xOff + i + j] - shift;
        sums[Lanes.RUN + j] += d;
        sums[Lanes.SECOND_RUN + j] += d * d;
      }
    }
    Lanes.addRun(sums);
    addSegmentMoments(x, xOff + whole, len - whole, shift, sums);
  }

  /** Adds n elements to the lanes in turn. */
  static void addSegmentMoments(float[] x, int xOff, int n, double shift, double[] sums) {
    for (int j = 0; j < n; j++) {
      int lane = j & (Lanes.WIDTH - 1);
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
      float head,
      float scale,
      float bias) {
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = yOff + run * stride;
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
      int runs,
      int stride,
      int len,
      double mean,
      double[] sums) {
    Lanes.clear(sums);
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      sumsOfRun(dy, dyOff + o, x, xOff + o, len, mean, sums);
    }
  }

  private static void sumsOfRun(
      float[] dy, int dyOff, float[] x, int xOff, int len, double mean, double[] sums) {
    Lanes.clearRun(sums);
    int whole = len & -Lanes.BLOCK;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      for (int j = 0; j < Lanes.BLOCK; j++) {
        double d = dy[dyOff + i + j];
        sums[Lanes.RUN + j] += d;
        sums[Lanes.SECOND_RUN + j] += d * (x[xOff + i + j] - mean);
        sums[Lanes.THIRD_RUN + j] += Math.abs(d);
      }
    }
    Lanes.addRun(sums);
    addSegmentSums(dy, dyOff + whole, x, xOff + whole, len - whole, mean, sums);
  }

  /** Adds n elements to the lanes in turn. */
  static void addSegmentSums(
      float[] dy, int dyOff, float[] x, int xOff, int n, double mean, double[] sums) {
    for (int j = 0; j < n; j++) {
      int lane = j & (Lanes.WIDTH - 1);
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
      float head,
      float scale,
      float slope,
      float offset) {
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
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
