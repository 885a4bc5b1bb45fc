package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The kernels in plain Java, complete: the fallback, and the definition of each formula.
 *
 * <p>Sums over runs keep their accumulators in an array, in the order of {@link Lanes}, so that the
 * compiler may vectorize the loops over blocks.
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
  public void moments(
      float[] x, int xOff, int runs, int stride, int len, float shift, float[] acc) {
    Lanes.clear(acc);
    for (int run = 0; run < runs; run++) {
      momentsOfRun(x, xOff + run * stride, len, shift, acc);
    }
  }

  private static void momentsOfRun(float[] x, int xOff, int len, float shift, float[] acc) {
    Lanes.clearRun(acc);
    int whole = len & -Lanes.WIDTH;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      int n = Math.min(Lanes.BLOCK, whole - i);
      addMoments(x, xOff + i, n, shift, acc, Lanes.RUN, Lanes.SECOND_RUN);
    }
    Lanes.addRun(acc);
    addMoments(x, xOff + whole, len - whole, shift, acc, 0, Lanes.SECOND);
  }

  /** Adds n elements to the lanes from {@code s} and {@code q} on. */
  static void addMoments(float[] x, int xOff, int n, float shift, float[] acc, int s, int q) {
    for (int j = 0; j < n; j++) {
      float d = x[xOff + j] - shift;
      acc[s + j] += d;
      acc[q + j] += d * d;
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
      float tail,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    for (int i = 0; i < len; i++) {
      float xhat = (x[xOff + i] - head) * rstd - tail;
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
      float head,
      float rstd,
      float tail,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    Lanes.clear(acc);
    Lanes.clearRun(acc);
    int whole = len & -Lanes.WIDTH;
    // Not a call of rowSumsOfRest, which is too large to be inlined: only where the lanes stand at
    // constant places does C2 vectorize the loop (backward of 2048x4096: 17 ms against 24).
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      int n = Math.min(Lanes.BLOCK, whole - i);
      for (int j = 0; j < n; j++) {
        float d = dy[dyOff + i + j];
        float c = x[xOff + i + j] - head;
        float g = weight == null ? d : d * weight[weightOff + i + j];
        acc[Lanes.RUN + j] += g;
        acc[Lanes.SECOND_RUN + j] += g * c;
        dWeight[dOff + i + j] += d * (c * rstd - tail);
        dBias[dOff + i + j] += d;
      }
    }
    Lanes.addRun(acc);
    rowSumsOfRest(
        dy,
        dyOff + whole,
        x,
        xOff + whole,
        len - whole,
        head,
        rstd,
        tail,
        weight,
        weightOff + whole,
        dWeight,
        dBias,
        dOff + whole,
        acc);
  }

  /** The elements that fill no vector, straight to the lanes. */
  static void rowSumsOfRest(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int n,
      float head,
      float rstd,
      float tail,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    for (int j = 0; j < n; j++) {
      float d = dy[dyOff + j];
      float c = x[xOff + j] - head;
      float g = weight == null ? d : d * weight[weightOff + j];
      acc[j] += g;
      acc[Lanes.SECOND + j] += g * c;
      dWeight[dOff + j] += d * (c * rstd - tail);
      dBias[dOff + j] += d;
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
      float head,
      float[] acc) {
    Lanes.clear(acc);
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      segmentSumsOfRun(dy, dyOff + o, x, xOff + o, len, head, acc);
    }
  }

  private static void segmentSumsOfRun(
      float[] dy, int dyOff, float[] x, int xOff, int len, float head, float[] acc) {
    Lanes.clearRun(acc);
    int whole = len & -Lanes.WIDTH;
    for (int i = 0; i < whole; i += Lanes.BLOCK) {
      int n = Math.min(Lanes.BLOCK, whole - i);
      addSegmentSums(dy, dyOff + i, x, xOff + i, n, head, acc, Lanes.RUN, Lanes.SECOND_RUN);
    }
    Lanes.addRun(acc);
    addSegmentSums(dy, dyOff + whole, x, xOff + whole, len - whole, head, acc, 0, Lanes.SECOND);
  }

  /** Adds n elements to the lanes from {@code s} and {@code q} on. */
  static void addSegmentSums(
      float[] dy, int dyOff, float[] x, int xOff, int n, float head, float[] acc, int s, int q) {
    for (int j = 0; j < n; j++) {
      float d = dy[dyOff + j];
      acc[s + j] += d;
      acc[q + j] += d * (x[xOff + j] - head);
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
      float[] x, int xOff, int rows, int cols, int from, float[] shift, float[] sums) {
    clear(sums, cols, from);
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * cols;
      for (int c = from; c < cols; c++) {
        float d = x[p + c] - shift[c];
        sums[c] += d;
        sums[cols + c] += d * d;
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
      float[] params,
      float[] sums) {
    clear(sums, cols, from);
    for (int r = 0; r < rows; r++) {
      int p = xOff + r * cols;
      int q = dyOff + r * cols;
      for (int c = from; c < cols; c++) {
        float d = dy[q + c];
        sums[c] += d;
        sums[cols + c] += d * (x[p + c] - params[c]);
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

  private static void clear(float[] sums, int cols, int from) {
    Arrays.fill(sums, from, cols, 0);
    Arrays.fill(sums, cols + from, 2 * cols, 0);
  }
}
