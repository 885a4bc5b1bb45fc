package io.github.normkit.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with vectors of 128, 256 or 512 bits; above each loop stands the scalar line that it
 * computes.
 *
 * <p>A vector narrower than the 16 virtual lanes of {@link Lanes} sweeps a run more often, a slice
 * of the lanes each time. Nothing is fused: a product and a sum are two roundings, as in the scalar
 * kernels, which also take the elements that fill no vector.
 *
 * <p>Sums live in one loop only and their methods are small: JDK 17 puts vectors on the heap that
 * live through nested loops or in methods too large for it.
 */
public final class VectorKernels implements Kernels {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.WIDTH
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final int LANES = SPECIES.length();

  private static final int W = Lanes.WIDTH;

  private static final int BLOCK = Lanes.BLOCK;

  private final ScalarKernels scalar = new ScalarKernels();

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int bits() {
    return SPECIES.vectorBitSize();
  }

  @Override
  public void moments(
      float[] x, int xOff, int runs, int stride, int len, float shift, float[] acc) {
    Lanes.clear(acc);
    int whole = len & -W;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      for (int lane = 0; lane < W; lane += LANES) {
        momentsOfRun(x, p + lane, whole, shift, acc, lane);
      }
      ScalarKernels.addMoments(x, p + whole, len - whole, shift, acc, 0, Lanes.SECOND);
    }
  }

  // scalar: d = x - shift; acc += d; acc[SECOND] += d * d
  private static void momentsOfRun(
      float[] x, int xOff, int whole, float shift, float[] acc, int lane) {
    FloatVector k = FloatVector.broadcast(SPECIES, shift);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    FloatVector q2 = s0;
    FloatVector q3 = s0;
    int end = xOff + whole;
    int i = xOff;
    // Four accumulators hide the latency of the addition: this loop does little else.
    for (; i <= end - BLOCK; i += BLOCK) {
      FloatVector d0 = load(x, i).sub(k);
      FloatVector d1 = load(x, i + W).sub(k);
      FloatVector d2 = load(x, i + 2 * W).sub(k);
      FloatVector d3 = load(x, i + 3 * W).sub(k);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      s2 = s2.add(d2);
      s3 = s3.add(d3);
      q0 = q0.add(d0.mul(d0));
      q1 = q1.add(d1.mul(d1));
      q2 = q2.add(d2.mul(d2));
      q3 = q3.add(d3.mul(d3));
    }
    if (i < end) {
      FloatVector d = load(x, i).sub(k);
      s0 = s0.add(d);
      q0 = q0.add(d.mul(d));
    }
    if (i < end - W) {
      FloatVector d = load(x, i + W).sub(k);
      s1 = s1.add(d);
      q1 = q1.add(d.mul(d));
    }
    if (i < end - 2 * W) {
      FloatVector d = load(x, i + 2 * W).sub(k);
      s2 = s2.add(d);
      q2 = q2.add(d.mul(d));
    }
    addTo(acc, lane, s0.add(s2).add(s1.add(s3)));
    addTo(acc, Lanes.SECOND + lane, q0.add(q2).add(q1.add(q3)));
  }

  // scalar: y = xhat * weight + bias
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
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector xhat = load(x, xOff + i).sub(h).mul(r).sub(t);
      FloatVector scaled = weighted(xhat, weight, weightOff + i);
      FloatVector shifted = bias == null ? scaled : scaled.add(load(bias, biasOff + i));
      shifted.intoArray(y, yOff + i);
    }
    scalar.rowNormalize(
        x,
        xOff + i,
        y,
        yOff + i,
        len - i,
        head,
        rstd,
        tail,
        weight,
        weightOff + i,
        bias,
        biasOff + i);
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
    int whole = len & -W;
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      rowSums(
          lane, whole, dy, dyOff, x, xOff, head, rstd, tail, weight, weightOff, dWeight, dBias,
          dOff, acc);
    }
    addRun(acc);
    ScalarKernels.rowSumsOfRest(
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

  // scalar: c = x - head; acc += g; acc[SECOND] += g * c; dWeight += dy * (c * rstd - tail)
  private static void rowSums(
      int lane,
      int whole,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float head,
      float rstd,
      float tail,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector s = FloatVector.zero(SPECIES);
    FloatVector q = FloatVector.zero(SPECIES);
    for (int i = lane; i < whole; i += BLOCK) {
      FloatVector d = load(dy, dyOff + i);
      FloatVector c = load(x, xOff + i).sub(h);
      FloatVector g = weighted(d, weight, weightOff + i);
      s = s.add(g);
      q = q.add(g.mul(c));
      addTo(dWeight, dOff + i, d.mul(c.mul(r).sub(t)));
      addTo(dBias, dOff + i, d);
    }
    s.intoArray(acc, Lanes.RUN + lane);
    q.intoArray(acc, Lanes.SECOND_RUN + lane);
  }

  // scalar: dx = g * rstd - ((x - head) * slope + offset)
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
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector a = FloatVector.broadcast(SPECIES, slope);
    FloatVector b = FloatVector.broadcast(SPECIES, offset);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector g = weighted(load(dy, dyOff + i), weight, weightOff + i);
      FloatVector line = load(x, xOff + i).sub(h).mul(a).add(b);
      g.mul(r).sub(line).intoArray(dx, dxOff + i);
    }
    scalar.rowGradient(
        dy,
        dyOff + i,
        x,
        xOff + i,
        dx,
        dxOff + i,
        len - i,
        head,
        rstd,
        weight,
        weightOff + i,
        slope,
        offset);
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
    int whole = len & -LANES;
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      normalizeRun(x, xOff + o, y, yOff + o, whole, head, scale, bias);
    }
    if (whole < len) {
      scalar.segmentNormalize(
          x, xOff + whole, y, yOff + whole, runs, stride, len - whole, head, scale, bias);
    }
  }

  // scalar: y = (x - head) * scale + bias
  private static void normalizeRun(
      float[] x, int xOff, float[] y, int yOff, int whole, float head, float scale, float bias) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector w = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    for (int i = 0; i < whole; i += LANES) {
      load(x, xOff + i).sub(h).mul(w).add(b).intoArray(y, yOff + i);
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
    int whole = len & -W;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int o = dyOff + run * stride;
      for (int lane = 0; lane < BLOCK; lane += LANES) {
        segmentSums(lane, whole, dy, o, x, p, head, acc);
      }
      addRun(acc);
      ScalarKernels.addSegmentSums(
          dy, o + whole, x, p + whole, len - whole, head, acc, 0, Lanes.SECOND);
    }
  }

  // scalar: acc += dy; acc[SECOND] += dy * (x - head)
  private static void segmentSums(
      int lane, int whole, float[] dy, int dyOff, float[] x, int xOff, float head, float[] acc) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector s = FloatVector.zero(SPECIES);
    FloatVector q = FloatVector.zero(SPECIES);
    for (int i = lane; i < whole; i += BLOCK) {
      FloatVector d = load(dy, dyOff + i);
      s = s.add(d);
      q = q.add(d.mul(load(x, xOff + i).sub(h)));
    }
    s.intoArray(acc, Lanes.RUN + lane);
    q.intoArray(acc, Lanes.SECOND_RUN + lane);
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
    int whole = len & -LANES;
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      gradientOfRun(dy, dyOff + o, x, xOff + o, dx, dxOff + o, whole, head, scale, slope, offset);
    }
    if (whole < len) {
      scalar.segmentGradient(
          dy,
          dyOff + whole,
          x,
          xOff + whole,
          dx,
          dxOff + whole,
          runs,
          stride,
          len - whole,
          head,
          scale,
          slope,
          offset);
    }
  }

  // scalar: dx = dy * scale - ((x - head) * slope + offset)
  private static void gradientOfRun(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int whole,
      float head,
      float scale,
      float slope,
      float offset) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector w = FloatVector.broadcast(SPECIES, scale);
    FloatVector a = FloatVector.broadcast(SPECIES, slope);
    FloatVector b = FloatVector.broadcast(SPECIES, offset);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector line = load(x, xOff + i).sub(h).mul(a).add(b);
      load(dy, dyOff + i).mul(w).sub(line).intoArray(dx, dxOff + i);
    }
  }

  // scalar: d = x - shift; sums += d; sums[cols] += d * d
  @Override
  public void columnMoments(
      float[] x, int xOff, int rows, int cols, int from, float[] shift, float[] sums) {
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector k = load(shift, c);
      FloatVector s = FloatVector.zero(SPECIES);
      FloatVector q = s;
      for (int row = 0; row < rows; row++) {
        FloatVector d = load(x, xOff + row * cols + c).sub(k);
        s = s.add(d);
        q = q.add(d.mul(d));
      }
      s.intoArray(sums, c);
      q.intoArray(sums, cols + c);
    }
    scalar.columnMoments(x, xOff, rows, cols, c, shift, sums);
  }

  // scalar: y = (x - head) * scale + bias
  @Override
  public void columnNormalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params) {
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector h = load(params, c);
      FloatVector w = load(params, cols + c);
      FloatVector b = load(params, 2 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        load(x, xOff + o).sub(h).mul(w).add(b).intoArray(y, yOff + o);
      }
    }
    scalar.columnNormalize(x, xOff, y, yOff, rows, cols, c, params);
  }

  // scalar: sums += dy; sums[cols] += dy * (x - head)
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
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector h = load(params, c);
      FloatVector s = FloatVector.zero(SPECIES);
      FloatVector q = s;
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        FloatVector d = load(dy, dyOff + o);
        s = s.add(d);
        q = q.add(d.mul(load(x, xOff + o).sub(h)));
      }
      s.intoArray(sums, c);
      q.intoArray(sums, cols + c);
    }
    scalar.columnSums(dy, dyOff, x, xOff, rows, cols, c, params, sums);
  }

  // scalar: dx = dy * scale - ((x - head) * slope + offset)
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
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector h = load(params, c);
      FloatVector w = load(params, cols + c);
      FloatVector a = load(params, 2 * cols + c);
      FloatVector b = load(params, 3 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        FloatVector line = load(x, xOff + o).sub(h).mul(a).add(b);
        load(dy, dyOff + o).mul(w).sub(line).intoArray(dx, dxOff + o);
      }
    }
    scalar.columnGradient(dy, dyOff, x, xOff, dx, dxOff, rows, cols, c, params);
  }

  private static FloatVector load(float[] a, int i) {
    return FloatVector.fromArray(SPECIES, a, i);
  }

  // scalar: weight == null ? v : v * weight
  private static FloatVector weighted(FloatVector v, float[] weight, int i) {
    return weight == null ? v : v.mul(load(weight, i));
  }

  // scalar: a += v
  private static void addTo(float[] a, int i, FloatVector v) {
    load(a, i).add(v).intoArray(a, i);
  }

  /** Ends a run but for its rest, as {@link Lanes#addRun}. */
  private static void addRun(float[] acc) {
    for (int lane = 0; lane < W; lane += LANES) {
      addTo(acc, lane, lanes(acc, Lanes.RUN + lane));
      addTo(acc, Lanes.SECOND + lane, lanes(acc, Lanes.SECOND_RUN + lane));
    }
  }

  // scalar: (a0 + a2) + (a1 + a3)
  private static FloatVector lanes(float[] acc, int i) {
    FloatVector even = load(acc, i).add(load(acc, i + 2 * W));
    return even.add(load(acc, i + W).add(load(acc, i + 3 * W)));
  }
}
