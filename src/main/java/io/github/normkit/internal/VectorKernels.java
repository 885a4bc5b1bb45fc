package io.github.normkit.internal;

import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with vectors of 128, 256 or 512 bits; above each loop stands the scalar line that it
 * computes.
 *
 * <p>A vector narrower than the virtual lanes of {@link Lanes} sweeps a run more often, a slice of
 * the lanes each time. Nothing is fused: a product and a sum are two roundings, as in the scalar
 * kernels, which also take the elements that fill no vector.
 *
 * <p>The compiler puts vectors on the heap where it does not see through all that is done to them.
 * So their methods are small, sums live through no nested loops, and no vector goes to or comes
 * from a method of this class: in rare branches and in large compilations such a call is not
 * inlined, but those of the Vector API always are. And floats become doubles by convertShape: what
 * castShape gives, JDK 17 puts on the heap.
 */
public final class VectorKernels implements Kernels {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.BLOCK
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final int LANES = SPECIES.length();

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());

  /** As many floats as there are doubles in a vector. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  private static final int WIDE = DOUBLES.length();

  private static final int W = Lanes.WIDTH;

  private static final int B = Lanes.BLOCK;

  /**
   * Two doubles a vector gain little, and without AVX the conversion is no instruction to the
   * compiler, which then takes 20 times as long as the scalar kernels.
   */
  private static final boolean NARROW = WIDE < 4;

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
  public void rowMoments(float[] x, int xOff, int len, double[] sums) {
    if (NARROW) {
      scalar.rowMoments(x, xOff, len, sums);
      return;
    }
    Lanes.clear(sums);
    int floats = len & -Lanes.FLOATS;
    for (int lane = 0; lane < B; lane += LANES) {
      momentsInFloat(x, xOff + lane, floats, sums, lane);
    }
    if (floats < len) {
      momentsOfRun(x, xOff + floats, len - floats, 0, sums);
    }
  }

  // scalar: sums += sumOfEight; sums[SECOND] += squaresOfEight
  private static void momentsInFloat(float[] x, int xOff, int n, double[] sums, int lane) {
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector q0 = s0;
    DoubleVector q1 = s0;
    for (int i = xOff; i < xOff + n; i += Lanes.FLOATS) {
      FloatVector v0 = fromArray(SPECIES, x, i);
      FloatVector v1 = fromArray(SPECIES, x, i + B);
      FloatVector v2 = fromArray(SPECIES, x, i + 2 * B);
      FloatVector v3 = fromArray(SPECIES, x, i + 3 * B);
      FloatVector v4 = fromArray(SPECIES, x, i + 4 * B);
      FloatVector v5 = fromArray(SPECIES, x, i + 5 * B);
      FloatVector v6 = fromArray(SPECIES, x, i + 6 * B);
      FloatVector v7 = fromArray(SPECIES, x, i + 7 * B);
      FloatVector left = v0.add(v1).add(v2.add(v3));
      FloatVector s = left.add(v4.add(v5).add(v6.add(v7)));
      left = v0.mul(v0).add(v1.mul(v1)).add(v2.mul(v2).add(v3.mul(v3)));
      FloatVector q = left.add(v4.mul(v4).add(v5.mul(v5)).add(v6.mul(v6).add(v7.mul(v7))));
      s0 = s0.add(s.convertShape(F2D, DOUBLES, 0));
      s1 = s1.add(s.convertShape(F2D, DOUBLES, 1));
      q0 = q0.add(q.convertShape(F2D, DOUBLES, 0));
      q1 = q1.add(q.convertShape(F2D, DOUBLES, 1));
    }
    int a = lane & (W - 1);
    int b = lane + WIDE & (W - 1);
    fromArray(DOUBLES, sums, a).add(s0).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(s1).intoArray(sums, b);
    a += Lanes.SECOND;
    b += Lanes.SECOND;
    fromArray(DOUBLES, sums, a).add(q0).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(q1).intoArray(sums, b);
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
      float rstdTail,
      float tail,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    FloatVector h = FloatVector.broadcast(SPECIES, head);
    FloatVector t = FloatVector.broadcast(SPECIES, tail);
    FloatVector r = FloatVector.broadcast(SPECIES, rstd);
    FloatVector l = FloatVector.broadcast(SPECIES, rstdTail);
    int i = 0;
    for (; i <= len - LANES; i += LANES) {
      FloatVector c = fromArray(SPECIES, x, xOff + i).sub(h);
      FloatVector xhat = c.mul(r).add(c.mul(l).sub(t));
      FloatVector scaled =
          weight == null ? xhat : xhat.mul(fromArray(SPECIES, weight, weightOff + i));
      FloatVector shifted =
          bias == null ? scaled : scaled.add(fromArray(SPECIES, bias, biasOff + i));
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
        rstdTail,
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
      double mean,
      double rstd,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums) {
    if (NARROW) {
      scalar.rowSums(dy, dyOff, x, xOff, len, mean, rstd, weight, weightOff, gradients, at, sums);
      return;
    }
    int whole = len & -W;
    for (int lane = 0; lane < W; lane += WIDE) {
      sumsOfRow(
          lane, whole, dy, dyOff, x, xOff, len, mean, rstd, weight, weightOff, gradients, at, sums);
    }
    ScalarKernels.addRowSums(
        whole, dy, dyOff, x, xOff, len, mean, rstd, weight, weightOff, gradients, at, sums);
  }

  // scalar: dc = d * (x - mean); sums += d * w; sums[SECOND] += dc * w; sums[THIRD] += |d * w|
  private static void sumsOfRow(
      int lane,
      int whole,
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
    DoubleVector m = DoubleVector.broadcast(DOUBLES, mean);
    DoubleVector r = DoubleVector.broadcast(DOUBLES, rstd);
    DoubleVector s = DoubleVector.zero(DOUBLES);
    DoubleVector q = s;
    DoubleVector a = s;
    for (int i = lane; i < whole; i += W) {
      int bias = at + i;
      int scale = bias + len;
      Vector<Double> d = fromArray(HALF, dy, dyOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> dc = d.mul(fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0).sub(m));
      fromArray(DOUBLES, gradients, bias).add(d).intoArray(gradients, bias);
      fromArray(DOUBLES, gradients, scale).add(dc.mul(r)).intoArray(gradients, scale);
      if (weight != null) {
        Vector<Double> w = fromArray(HALF, weight, weightOff + i).convertShape(F2D, DOUBLES, 0);
        d = d.mul(w);
        dc = dc.mul(w);
      }
      s = s.add(d);
      q = q.add(dc);
      a = a.add(d.abs());
    }
    s.intoArray(sums, lane);
    q.intoArray(sums, Lanes.SECOND + lane);
    a.intoArray(sums, Lanes.THIRD + lane);
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
      FloatVector g =
          weight == null
              ? fromArray(SPECIES, dy, dyOff + i)
              : fromArray(SPECIES, dy, dyOff + i).mul(fromArray(SPECIES, weight, weightOff + i));
      FloatVector line = fromArray(SPECIES, x, xOff + i).sub(h).mul(a).add(b);
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
  public void segmentMoments(
      float[] x, int xOff, int runs, int stride, int len, float shift, double[] sums) {
    if (NARROW) {
      scalar.segmentMoments(x, xOff, runs, stride, len, shift, sums);
      return;
    }
    Lanes.clear(sums);
    for (int run = 0; run < runs; run++) {
      momentsOfRun(x, xOff + run * stride, len, shift, sums);
    }
  }

  private static void momentsOfRun(float[] x, int xOff, int len, float shift, double[] sums) {
    int blocks = len & -B;
    int vectors = len & -W;
    for (int lane = 0; lane < W; lane += WIDE) {
      momentsOfBlocks(x, xOff + lane, blocks, shift, sums, lane);
      if (blocks < vectors) {
        addMoments(x, xOff + blocks + lane, shift, sums, lane);
      }
    }
    ScalarKernels.addSegmentMoments(x, xOff + vectors, len - vectors, shift, sums);
  }

  // scalar: d = x - shift; sums += d; sums[SECOND] += d * d
  private static void momentsOfBlocks(
      float[] x, int xOff, int n, double shift, double[] sums, int lane) {
    DoubleVector k = DoubleVector.broadcast(DOUBLES, shift);
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector q0 = s0;
    DoubleVector q1 = s0;
    for (int i = xOff; i < xOff + n; i += B) {
      Vector<Double> d0 = fromArray(HALF, x, i).convertShape(F2D, DOUBLES, 0).sub(k);
      Vector<Double> d1 = fromArray(HALF, x, i + W).convertShape(F2D, DOUBLES, 0).sub(k);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      q0 = q0.add(d0.mul(d0));
      q1 = q1.add(d1.mul(d1));
    }
    int second = Lanes.SECOND + lane;
    fromArray(DOUBLES, sums, lane).add(s0.add(s1)).intoArray(sums, lane);
    fromArray(DOUBLES, sums, second).add(q0.add(q1)).intoArray(sums, second);
  }

  private static void addMoments(float[] x, int xOff, double shift, double[] sums, int lane) {
    DoubleVector k = DoubleVector.broadcast(DOUBLES, shift);
    Vector<Double> d = fromArray(HALF, x, xOff).convertShape(F2D, DOUBLES, 0).sub(k);
    int second = Lanes.SECOND + lane;
    fromArray(DOUBLES, sums, lane).add(d).intoArray(sums, lane);
    fromArray(DOUBLES, sums, second).add(d.mul(d)).intoArray(sums, second);
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
      fromArray(SPECIES, x, xOff + i).sub(h).mul(w).add(b).intoArray(y, yOff + i);
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
    if (NARROW) {
      scalar.segmentSums(dy, dyOff, x, xOff, runs, stride, len, mean, sums);
      return;
    }
    Lanes.clear(sums);
    int whole = len & -B;
    int rest = len & -W;
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      int q = dyOff + run * stride;
      for (int lane = 0; lane < W; lane += WIDE) {
        sumsOfRun(dy, q + lane, x, p + lane, whole, mean, sums, lane);
        if (whole < rest) {
          addSums(dy, q + whole + lane, x, p + whole + lane, mean, sums, lane);
        }
      }
      ScalarKernels.addSegmentSums(dy, q + rest, x, p + rest, len - rest, mean, sums);
    }
  }

  // scalar: sums += d; sums[SECOND] += d * (x - mean); sums[THIRD] += |d|
  private static void sumsOfRun(
      float[] dy, int dyOff, float[] x, int xOff, int whole, double mean, double[] sums, int lane) {
    DoubleVector m = DoubleVector.broadcast(DOUBLES, mean);
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector q0 = s0;
    DoubleVector q1 = s0;
    DoubleVector a0 = s0;
    DoubleVector a1 = s0;
    for (int i = 0; i < whole; i += B) {
      Vector<Double> d0 = fromArray(HALF, dy, dyOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> d1 = fromArray(HALF, dy, dyOff + i + W).convertShape(F2D, DOUBLES, 0);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      q0 = q0.add(d0.mul(fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0).sub(m)));
      q1 = q1.add(d1.mul(fromArray(HALF, x, xOff + i + W).convertShape(F2D, DOUBLES, 0).sub(m)));
      a0 = a0.add(d0.abs());
      a1 = a1.add(d1.abs());
    }
    int second = Lanes.SECOND + lane;
    int third = Lanes.THIRD + lane;
    fromArray(DOUBLES, sums, lane).add(s0.add(s1)).intoArray(sums, lane);
    fromArray(DOUBLES, sums, second).add(q0.add(q1)).intoArray(sums, second);
    fromArray(DOUBLES, sums, third).add(a0.add(a1)).intoArray(sums, third);
  }

  private static void addSums(
      float[] dy, int dyOff, float[] x, int xOff, double mean, double[] sums, int lane) {
    DoubleVector m = DoubleVector.broadcast(DOUBLES, mean);
    Vector<Double> d = fromArray(HALF, dy, dyOff).convertShape(F2D, DOUBLES, 0);
    Vector<Double> dc = d.mul(fromArray(HALF, x, xOff).convertShape(F2D, DOUBLES, 0).sub(m));
    int second = Lanes.SECOND + lane;
    int third = Lanes.THIRD + lane;
    fromArray(DOUBLES, sums, lane).add(d).intoArray(sums, lane);
    fromArray(DOUBLES, sums, second).add(dc).intoArray(sums, second);
    fromArray(DOUBLES, sums, third).add(d.abs()).intoArray(sums, third);
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
      FloatVector line = fromArray(SPECIES, x, xOff + i).sub(h).mul(a).add(b);
      fromArray(SPECIES, dy, dyOff + i).mul(w).sub(line).intoArray(dx, dxOff + i);
    }
  }

  // scalar: d = x - shift; sums += d; sums[cols] += d * d
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
    int c = from;
    for (; !NARROW && c <= cols - 2 * WIDE; c += 2 * WIDE) {
      Vector<Double> k0 = fromArray(HALF, shift, c).convertShape(F2D, DOUBLES, 0);
      Vector<Double> k1 = fromArray(HALF, shift, c + WIDE).convertShape(F2D, DOUBLES, 0);
      DoubleVector s0 = fromArray(DOUBLES, sums, sumsOff + c);
      DoubleVector s1 = fromArray(DOUBLES, sums, sumsOff + c + WIDE);
      DoubleVector q0 = fromArray(DOUBLES, sums, sumsOff + cols + c);
      DoubleVector q1 = fromArray(DOUBLES, sums, sumsOff + cols + c + WIDE);
      for (int row = 0; row < rows; row++) {
        int o = xOff + row * cols + c;
        Vector<Double> d0 = fromArray(HALF, x, o).convertShape(F2D, DOUBLES, 0).sub(k0);
        Vector<Double> d1 = fromArray(HALF, x, o + WIDE).convertShape(F2D, DOUBLES, 0).sub(k1);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        q0 = q0.add(d0.mul(d0));
        q1 = q1.add(d1.mul(d1));
      }
      s0.intoArray(sums, sumsOff + c);
      s1.intoArray(sums, sumsOff + c + WIDE);
      q0.intoArray(sums, sumsOff + cols + c);
      q1.intoArray(sums, sumsOff + cols + c + WIDE);
    }
    scalar.columnMoments(x, xOff, rows, cols, c, shift, sums, sumsOff);
  }

  // scalar: y = (x - head) * scale + bias
  @Override
  public void columnNormalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params) {
    int c = from;
    for (; c <= cols - LANES; c += LANES) {
      FloatVector h = fromArray(SPECIES, params, c);
      FloatVector w = fromArray(SPECIES, params, cols + c);
      FloatVector b = fromArray(SPECIES, params, 2 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        fromArray(SPECIES, x, xOff + o).sub(h).mul(w).add(b).intoArray(y, yOff + o);
      }
    }
    scalar.columnNormalize(x, xOff, y, yOff, rows, cols, c, params);
  }

  // scalar: sums += d; sums[cols] += d * (x - mean); sums[2 * cols] += |d|
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
    int c = from;
    for (; !NARROW && c <= cols - 2 * WIDE; c += 2 * WIDE) {
      int p = sumsOff + c;
      int second = p + cols;
      int third = second + cols;
      DoubleVector m0 = fromArray(DOUBLES, mean, c);
      DoubleVector m1 = fromArray(DOUBLES, mean, c + WIDE);
      DoubleVector s0 = fromArray(DOUBLES, sums, p);
      DoubleVector s1 = fromArray(DOUBLES, sums, p + WIDE);
      DoubleVector q0 = fromArray(DOUBLES, sums, second);
      DoubleVector q1 = fromArray(DOUBLES, sums, second + WIDE);
      DoubleVector a0 = fromArray(DOUBLES, sums, third);
      DoubleVector a1 = fromArray(DOUBLES, sums, third + WIDE);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        Vector<Double> d0 = fromArray(HALF, dy, dyOff + o).convertShape(F2D, DOUBLES, 0);
        Vector<Double> d1 = fromArray(HALF, dy, dyOff + o + WIDE).convertShape(F2D, DOUBLES, 0);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        q0 = q0.add(d0.mul(fromArray(HALF, x, xOff + o).convertShape(F2D, DOUBLES, 0).sub(m0)));
        q1 =
            q1.add(
                d1.mul(fromArray(HALF, x, xOff + o + WIDE).convertShape(F2D, DOUBLES, 0).sub(m1)));
        a0 = a0.add(d0.abs());
        a1 = a1.add(d1.abs());
      }
      s0.intoArray(sums, p);
      s1.intoArray(sums, p + WIDE);
      q0.intoArray(sums, second);
      q1.intoArray(sums, second + WIDE);
      a0.intoArray(sums, third);
      a1.intoArray(sums, third + WIDE);
    }
    scalar.columnSums(dy, dyOff, x, xOff, rows, cols, c, mean, sums, sumsOff);
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
      FloatVector h = fromArray(SPECIES, params, c);
      FloatVector w = fromArray(SPECIES, params, cols + c);
      FloatVector a = fromArray(SPECIES, params, 2 * cols + c);
      FloatVector b = fromArray(SPECIES, params, 3 * cols + c);
      for (int row = 0; row < rows; row++) {
        int o = row * cols + c;
        FloatVector line = fromArray(SPECIES, x, xOff + o).sub(h).mul(a).add(b);
        fromArray(SPECIES, dy, dyOff + o).mul(w).sub(line).intoArray(dx, dxOff + o);
      }
    }
    scalar.columnGradient(dy, dyOff, x, xOff, dx, dxOff, rows, cols, c, params);
  }
}
