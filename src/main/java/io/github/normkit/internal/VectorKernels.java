package io.github.normkit.internal;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with vectors of 128, 256 or 512 bits; above each loop stands the scalar line that it
 * computes.
 *
 * <p>A vector narrower than the 16 virtual lanes of {@link Lanes} sweeps a run twice or four times, a
 * slice of the lanes each time. Nothing is fused: a product and a sum are two roundings, as in the
 * scalar kernels, which also take the elements that fill no vector. In the loops that sum, the four
 * accumulators hide the latency of the addition; the vectors left after whole blocks go through a
 * loop of constant length that passes each accumulator on to the next, so that the formula need not
 * be written for every number of them.
 */
public final class VectorKernels implements Kernels {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.WIDTH
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  private static final int LANES = SPECIES.length();

  private static final int W = Lanes.WIDTH;

  /** Read from index r, clears all of 16 lanes but the last r. */
  private static final int[] KEEP = new int[2 * W];

  static {
    Arrays.fill(KEEP, W, 2 * W, -1);
  }

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
    if (len < W) {
      scalar.moments(x, xOff, runs, stride, len, shift, acc);
      return;
    }
    for (int lane = 0; lane < W; lane += LANES) {
      moments(x, xOff + lane, runs, stride, len, shift, acc, lane);
    }
  }

  // scalar: d = x - shift; acc += d; acc[SECOND] += d * d
  private static void moments(
      float[] x, int xOff, int runs, int stride, int len, float shift, float[] acc, int lane) {
    FloatVector k = FloatVector.broadcast(SPECIES, shift);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    FloatVector q2 = s0;
    FloatVector q3 = s0;
    FloatVector q4 = s0;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int i = 0;
      for (; i <= len - 4 * W; i += 4 * W) {
        FloatVector d0 = load(x, p + i).sub(k);
        FloatVector d1 = load(x, p + i + W).sub(k);
        FloatVector d2 = load(x, p + i + 2 * W).sub(k);
        FloatVector d3 = load(x, p + i + 3 * W).sub(k);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        s2 = s2.add(d2);
        s3 = s3.add(d3);
        q0 = q0.add(d0.mul(d0));
        q1 = q1.add(d1.mul(d1));
        q2 = q2.add(d2.mul(d2));
        q3 = q3.add(d3.mul(d3));
      }
      for (int v = 0; v < 4; v++) {
        FloatVector s = s0;
        FloatVector q = q0;
        if (i <= len - W) {
          FloatVector d = load(x, p + i).sub(k);
          s = s.add(d);
          q = q.add(d.mul(d));
          i += W;
        }
        s0 = s1;
        s1 = s2;
        s2 = s3;
        s3 = s;
        q0 = q1;
        q1 = q2;
        q2 = q3;
        q3 = q;
      }
      if (i < len) {
        FloatVector d = keepLast(len - i, lane, load(x, p + len - W).sub(k));
        s4 = s4.add(d);
        q4 = q4.add(d.mul(d));
      }
    }
    s0.add(s2).add(s1.add(s3)).add(s4).intoArray(acc, lane);
    q0.add(q2).add(q1.add(q3)).add(q4).intoArray(acc, Lanes.SECOND + lane);
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
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector scaled = weighted(xhat(x, xOff + i, h, t, r), weight, weightOff + i);
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
        tail,
        rstd,
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
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc) {
    int whole = len & -W;
    for (int lane = 0; lane < W; lane += LANES) {
      rowSums(
          dy, dyOff, x, xOff, whole, head, tail, rstd, weight, weightOff, dWeight, dBias, dOff, acc,
          lane);
    }
    if (whole < len) {
      Lanes.clearTail(acc);
      scalar.rowSumsFrom(
          whole, dy, dyOff, x, xOff, len, head, tail, rstd, weight, weightOff, dWeight, dBias, dOff,
          acc);
      Lanes.addTail(acc);
    }
  }

  // scalar: acc += g; acc[SECOND] += g * xhat; dWeight += dy * xhat; dBias += dy
  private static void rowSums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int whole,
      float head,
      float tail,
      float rstd,
      float[] weight,
      int weightOff,
      float[] dWeight,
      float[] dBias,
      int dOff,
      float[] acc,
      int lane) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    FloatVector q2 = s0;
    FloatVector q3 = s0;
    int i = 0;
    for (; i <= whole - 4 * W; i += 4 * W) {
      int j = i + W;
      int k = i + 2 * W;
      int l = i + 3 * W;
      FloatVector d0 = load(dy, dyOff + i);
      FloatVector d1 = load(dy, dyOff + j);
      FloatVector d2 = load(dy, dyOff + k);
      FloatVector d3 = load(dy, dyOff + l);
      FloatVector x0 = xhat(x, xOff + i, h, t, r);
      FloatVector x1 = xhat(x, xOff + j, h, t, r);
      FloatVector x2 = xhat(x, xOff + k, h, t, r);
      FloatVector x3 = xhat(x, xOff + l, h, t, r);
      FloatVector g0 = weighted(d0, weight, weightOff + i);
      FloatVector g1 = weighted(d1, weight, weightOff + j);
      FloatVector g2 = weighted(d2, weight, weightOff + k);
      FloatVector g3 = weighted(d3, weight, weightOff + l);
      s0 = s0.add(g0);
      s1 = s1.add(g1);
      s2 = s2.add(g2);
      s3 = s3.add(g3);
      q0 = q0.add(g0.mul(x0));
      q1 = q1.add(g1.mul(x1));
      q2 = q2.add(g2.mul(x2));
      q3 = q3.add(g3.mul(x3));
      addTo(dWeight, dOff + i, d0.mul(x0));
      addTo(dWeight, dOff + j, d1.mul(x1));
      addTo(dWeight, dOff + k, d2.mul(x2));
      addTo(dWeight, dOff + l, d3.mul(x3));
      addTo(dBias, dOff + i, d0);
      addTo(dBias, dOff + j, d1);
      addTo(dBias, dOff + k, d2);
      addTo(dBias, dOff + l, d3);
    }
    for (int v = 0; v < 4; v++) {
      FloatVector s = s0;
      FloatVector q = q0;
      if (i < whole) {
        FloatVector d = load(dy, dyOff + i);
        FloatVector xh = xhat(x, xOff + i, h, t, r);
        FloatVector g = weighted(d, weight, weightOff + i);
        s = s.add(g);
        q = q.add(g.mul(xh));
        addTo(dWeight, dOff + i, d.mul(xh));
        addTo(dBias, dOff + i, d);
        i += W;
      }
      s0 = s1;
      s1 = s2;
      s2 = s3;
      s3 = s;
      q0 = q1;
      q1 = q2;
      q2 = q3;
      q3 = q;
    }
    s0.add(s2).add(s1.add(s3)).intoArray(acc, lane);
    q0.add(q2).add(q1.add(q3)).intoArray(acc, Lanes.SECOND + lane);
  }

  // scalar: dx = ((dy * weight - c1) - xhat * c2) * rstd
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
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector m1 = FloatVector.broadcast(SPECIES, c1);
    FloatVector m2 = FloatVector.broadcast(SPECIES, c2);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector g = weighted(load(dy, dyOff + i), weight, weightOff + i);
      FloatVector xh = xhat(x, xOff + i, h, t, r);
      g.sub(m1).sub(xh.mul(m2)).mul(r).intoArray(dx, dxOff + i);
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
        tail,
        rstd,
        weight,
        weightOff + i,
        c1,
        c2);
  }

  // scalar: y = ((x - head) - tail) * scale + bias
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
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector w = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    int whole = len & -LANES;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = yOff + run * stride;
      for (int i = 0; i < whole; i += LANES) {
        xhat(x, p + i, h, t, w).add(b).intoArray(y, q + i);
      }
    }
    if (whole < len) {
      scalar.segmentNormalize(
          x, xOff + whole, y, yOff + whole, runs, stride, len - whole, head, tail, scale, bias);
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
    if (len < W) {
      scalar.segmentSums(dy, dyOff, x, xOff, runs, stride, len, head, tail, rstd, acc);
      return;
    }
    for (int lane = 0; lane < W; lane += LANES) {
      segmentSums(
          dy, dyOff + lane, x, xOff + lane, runs, stride, len, head, tail, rstd, acc, lane);
    }
  }

  // scalar: acc += dy; acc[SECOND] += dy * xhat
  private static void segmentSums(
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
      float[] acc,
      int lane) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    FloatVector q2 = s0;
    FloatVector q3 = s0;
    FloatVector q4 = s0;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int o = dyOff + run * stride;
      int i = 0;
      for (; i <= len - 4 * W; i += 4 * W) {
        FloatVector d0 = load(dy, o + i);
        FloatVector d1 = load(dy, o + i + W);
        FloatVector d2 = load(dy, o + i + 2 * W);
        FloatVector d3 = load(dy, o + i + 3 * W);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        s2 = s2.add(d2);
        s3 = s3.add(d3);
        q0 = q0.add(d0.mul(xhat(x, p + i, h, t, r)));
        q1 = q1.add(d1.mul(xhat(x, p + i + W, h, t, r)));
        q2 = q2.add(d2.mul(xhat(x, p + i + 2 * W, h, t, r)));
        q3 = q3.add(d3.mul(xhat(x, p + i + 3 * W, h, t, r)));
      }
      for (int v = 0; v < 4; v++) {
        FloatVector s = s0;
        FloatVector q = q0;
        if (i <= len - W) {
          FloatVector d = load(dy, o + i);
          s = s.add(d);
          q = q.add(d.mul(xhat(x, p + i, h, t, r)));
          i += W;
        }
        s0 = s1;
        s1 = s2;
        s2 = s3;
        s3 = s;
        q0 = q1;
        q1 = q2;
        q2 = q3;
        q3 = q;
      }
      if (i < len) {
        FloatVector d = load(dy, o + len - W);
        FloatVector dxh = d.mul(xhat(x, p + len - W, h, t, r));
        s4 = s4.add(keepLast(len - i, lane, d));
        q4 = q4.add(keepLast(len - i, lane, dxh));
      }
    }
    s0.add(s2).add(s1.add(s3)).add(s4).intoArray(acc, lane);
    q0.add(q2).add(q1.add(q3)).add(q4).intoArray(acc, Lanes.SECOND + lane);
  }

  // scalar: dx = ((dy * weight - c1) - xhat * c2) * rstd
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
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector w = FloatVector.broadcast(SPECIES, weight);
    FloatVector m1 = FloatVector.broadcast(SPECIES, c1);
    FloatVector m2 = FloatVector.broadcast(SPECIES, c2);
    int whole = len & -LANES;
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      for (int i = o; i < o + whole; i += LANES) {
        FloatVector g = load(dy, dyOff + i).mul(w);
        FloatVector xh = xhat(x, xOff + i, h, t, r);
        g.sub(m1).sub(xh.mul(m2)).mul(r).intoArray(dx, dxOff + i);
      }
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
          tail,
          rstd,
          weight,
          c1,
          c2);
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

  // scalar: y = ((x - head) - tail) * scale + bias
  @Override
  public void columnNormalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params) {
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector h = load(params, c);
      FloatVector t = load(params, cols + c);
      FloatVector w = load(params, 2 * cols + c);
      FloatVector b = load(params, 3 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        xhat(x, xOff + o, h, t, w).add(b).intoArray(y, yOff + o);
      }
    }
    scalar.columnNormalize(x, xOff, y, yOff, rows, cols, c, params);
  }

  // scalar: sums += dy; sums[cols] += dy * xhat
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
      FloatVector t = load(params, cols + c);
      FloatVector r = load(params, 2 * cols + c);
      FloatVector s = FloatVector.zero(SPECIES);
      FloatVector q = s;
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        FloatVector d = load(dy, dyOff + o);
        s = s.add(d);
        q = q.add(d.mul(xhat(x, xOff + o, h, t, r)));
      }
      s.intoArray(sums, c);
      q.intoArray(sums, cols + c);
    }
    scalar.columnSums(dy, dyOff, x, xOff, rows, cols, c, params, sums);
  }

  // scalar: dx = ((dy * weight - c1) - xhat * c2) * rstd
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
      FloatVector t = load(params, cols + c);
      FloatVector r = load(params, 2 * cols + c);
      FloatVector w = load(params, 3 * cols + c);
      FloatVector m1 = load(params, 4 * cols + c);
      FloatVector m2 = load(params, 5 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        FloatVector g = load(dy, dyOff + o).mul(w);
        FloatVector xh = xhat(x, xOff + o, h, t, r);
        g.sub(m1).sub(xh.mul(m2)).mul(r).intoArray(dx, dxOff + o);
      }
    }
    scalar.columnGradient(dy, dyOff, x, xOff, dx, dxOff, rows, cols, c, params);
  }

  private static FloatVector load(float[] a, int i) {
    return FloatVector.fromArray(SPECIES, a, i);
  }

  // scalar: ((x - head) - tail) * rstd
  private static FloatVector xhat(
      float[] x, int i, FloatVector head, FloatVector tail, FloatVector rstd) {
    return load(x, i).sub(head).sub(tail).mul(rstd);
  }

  // scalar: weight == null ? v : v * weight
  private static FloatVector weighted(FloatVector v, float[] weight, int i) {
    return weight == null ? v : v.mul(load(weight, i));
  }

  // scalar: a += v
  private static void addTo(float[] a, int i, FloatVector v) {
    load(a, i).add(v).intoArray(a, i);
  }

  /** Of the slice of 16 lanes that begins at {@code lane}, clears all but the last r of the 16. */
  private static FloatVector keepLast(int r, int lane, FloatVector v) {
    IntVector bits = IntVector.fromArray(INTS, KEEP, r + lane);
    return v.reinterpretAsInts().and(bits).reinterpretAsFloats();
  }
}
