package io.github.normkit.internal;

/** The kernels of segments in plain Java, the definition of each formula. */
final class ScalarSegments implements SegmentKernels {

  @Override
  public void moments(
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

  /** Sums a run and adds it to the lanes. */
  static void momentsOfRun(float[] x, int xOff, int len, double shift, double[] sums, int at) {
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
    addMoments(x, xOff + whole, len - whole, shift, sums, at);
  }

  /** Adds n elements to the lanes in turn. */
  static void addMoments(float[] x, int xOff, int n, double shift, double[] sums, int at) {
    for (int j = 0; j < n; j++) {
      int lane = at + (j & (Lanes.WIDTH - 1));
      double d = x[xOff + j] - shift;
      sums[lane] += d;
      sums[Lanes.SECOND + lane] += d * d;
    }
  }

  @Override
  public void normalize(
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
  public void sums(
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
    addSums(dy, dyOff + whole, x, xOff + whole, len - whole, mean, sums, at);
  }

  /** Adds n elements to the lanes in turn. */
  static void addSums(
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
  public void gradient(
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
}
