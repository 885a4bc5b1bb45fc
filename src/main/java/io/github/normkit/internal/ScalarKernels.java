package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The kernels in plain Java, complete: the fallback, and the definition of each formula.
 *
 * <p>Sums over runs keep the accumulators of {@link Lanes} in an array, so that the compiler may
 * vectorize the loops without changing the order.
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
    Arrays.fill(acc, 0);
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int i = 0;
      for (; i <= len - Lanes.BLOCK; i += Lanes.BLOCK) {
        for (int j = 0; j < Lanes.BLOCK; j++) {
          float d = x[p + i + j] - shift;
          acc[j] += d;
          acc[Lanes.SECOND + j] += d * d;
        }
      }
      for (; i < len; i++) {
        int lane = Lanes.of(i, len);
        float d = x[p + i] - shift;
        acc[lane] += d;
        acc[Lanes.SECOND + lane] += d * d;
      }
    }
    combine(acc);
  }

  @Override
  public void rowNormalize(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float head,
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    for (int i = 0; i < len; i++) {
      float xhat = ((x[xOff + i] - head) - tail) * rstd;
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
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    Arrays.fill(acc, 0);
    int i = 0;
    for (; i <= len - Lanes.BLOCK; i += Lanes.BLOCK) {
      for (int j = 0; j < Lanes.BLOCK; j++) {
        float d = dy[dyOff + i + j];
        float xhat = ((x[xOff + i + j] - head) - tail) * rstd;
        float g = weight == null ? d : d * weight[weightOff + i + j];
        acc[j] += g;
        acc[Lanes.SECOND + j] += g * xhat;
        dWeight[dOff + i + j] += d * xhat;
        dBias[dOff + i + j] += d;
      }
    }
    rowSumsFrom(
        i, dy, dyOff, x, xOff, len, head, tail, rstd, weight, weightOff, dWeight, dBias, dOff, acc);
    combine(acc);
  }

  /** The elements of {@link #rowSums} from {@code i} on, added to the accumulators' lanes. */
  void rowSumsFrom(
      int i,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int len,
      float head,
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    for (; i < len; i++) {
      int lane = Lanes.of(i, len);
      float d = dy[dyOff + i];
      float xhat = ((x[xOff + i] - head) - tail) * rstd;
      float g = weight == null ? d : d * weight[weightOff + i];
      acc[lane] += g;
      acc[Lanes.SECOND + lane] += g * xhat;
      dWeight[dOff + i] += d * xhat;
      dBias[dOff + i] += d;
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
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float c1,
      float c2) {
    for (int i = 0; i < len; i++) {
      float xhat = ((x[xOff + i] - head) - tail) * rstd;
      float g = weight == null ? dy[dyOff + i] : dy[dyOff + i] * weight[weightOff + i];
      dx[dxOff + i] = ((g - c1) - xhat * c2) * rstd;
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
      float tail,
      float scale,
      float bias) {
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = yOff + run * stride;
      for (int i = 0; i < len; i++) {
        y[q + i] = ((x[p + i] - head) - tail) * scale + bias;
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
      float tail,
      float rstd,
      float[] acc) {
    Arrays.fill(acc, 0);
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = dyOff + run * stride;
      int i = 0;
      for (; i <= len - Lanes.BLOCK; i += Lanes.BLOCK) {
        for (int j = 0; j < Lanes.BLOCK; j++) {
          float d = dy[q + i + j];
          acc[j] += d;
          acc[Lanes.SECOND + j] += d * (((x[p + i + j] - head) - tail) * rstd);
        }
      }
      for (; i < len; i++) {
        int lane = Lanes.of(i, len);
        float d = dy[q + i];
        acc[lane] += d;
        acc[Lanes.SECOND + lane] += d * (((x[p + i] - head) - tail) * rstd);
      }
    }
    combine(acc);
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
      float tail,
      float rstd,
      float weight,
      float c1,
      float c2) {
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      for (int i = o; i < o + len; i++) {
        float xhat = ((x[xOff + i] - head) - tail) * rstd;
        dx[dxOff + i] = ((dy[dyOff + i] * weight - c1) - xhat * c2) * rstd;
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
        float d = (x[p + c] - params[c]) - params[cols + c];
        y[q + c] = d * params[2 * cols + c] + params[3 * cols + c];
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
        float xhat = ((x[p + c] - params[c]) - params[cols + c]) * params[2 * cols + c];
        float d = dy[q + c];
        sums[c] += d;
        sums[cols + c] += d * xhat;
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
        float rstd = params[2 * cols + c];
        float xhat = ((x[xOff + o + c] - params[c]) - params[cols + c]) * rstd;
        float g = dy[dyOff + o + c] * params[3 * cols + c];
        dx[dxOff + o + c] = ((g - params[4 * cols + c]) - xhat * params[5 * cols + c]) * rstd;
      }
    }
  }

  /** Adds up the five accumulators of both sums: ((a0 + a2) + (a1 + a3)) + a4. */
  private static void combine(float[] acc) {
    combine(acc, 0);
    combine(acc, Lanes.SECOND);
  }

  private static void combine(float[] acc, int at) {
    for (int j = at; j < at + Lanes.WIDTH; j++) {
      float even = acc[j] + acc[j + 2 * Lanes.WIDTH];
      float odd = acc[j + Lanes.WIDTH] + acc[j + 3 * Lanes.WIDTH];
      acc[j] = (even + odd) + acc[j + 4 * Lanes.WIDTH];
    }
  }

  private static void clear(float[] sums, int cols, int from) {
    Arrays.fill(sums, from, cols, 0);
    Arrays.fill(sums, cols + from, 2 * cols, 0);
  }
}
