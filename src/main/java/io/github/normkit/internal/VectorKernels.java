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

  /**
   * Whether the compiler has room for the largest loops; that of JDK 17 cannot inline all that is
   * done in them, and puts vectors on the heap.
   */
  private static final boolean ROOMY = Runtime.version().feature() > 17;

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
  public void rowMoments(float[] x, int xOff, int stride, int rows, int len, double[] sums) {
    if (NARROW) {
      scalar.rowMoments(x, xOff, stride, rows, len, sums);
      return;
    }
    int floats = len & -Lanes.FLOATS;
    for (int r = 0; r < rows; r++) {
      int at = r * Lanes.LENGTH;
      int p = xOff + r * stride;
      clear(sums, at);
      for (int lane = 0; lane < B && floats > 0; lane += LANES) {
        momentsInFloat(x, p + lane, floats, sums, at, lane);
      }
      if (floats < len) {
        momentsOfRun(x, p + floats, len - floats, 0, sums, at);
      }
    }
  }

  private static void clear(double[] sums, int at) {
    for (int lane = 0; lane < Lanes.RUN; lane += WIDE) {
      DoubleVector.zero(DOUBLES).intoArray(sums, at + lane);
    }
  }

  // scalar: sums += sumOfEight; sums[SECOND] += squaresOfEight
  private static void momentsInFloat(float[] x, int xOff, int n, double[] sums, int at, int lane) {
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
    int a = at + (lane & (W - 1));
    int b = at + (lane + WIDE & (W - 1));
    fromArray(DOUBLES, sums, a).add(s0).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(s1).intoArray(sums, b);
    a += Lanes.SECOND;
    b += Lanes.SECOND;
    fromArray(DOUBLES, sums, a).add(q0).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(q1).intoArray(sums, b);
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
    int whole = len & -LANES;
    // The rest comes first, for reading ahead spoils the params.
    if (whole < len) {
      scalar.rowNormalize(
          x,
          xOff + whole,
          xStride,
          y,
          yOff + whole,
          yStride,
          rows,
          len - whole,
          0,
          params,
          weight,
          weightOff + whole,
          bias,
          biasOff + whole);
    }
    for (int r = 0; r < rows; r += 2) {
      int p = xOff + r * xStride;
      int q = yOff + r * yStride;
      boolean two = r + 1 < rows;
      normalizeRows(
          x, p, xStride, y, q, yStride, two, whole, ahead, params, 4 * r, weight, weightOff, bias,
          biasOff);
    }
  }

  /**
   * Two rows at a time share what is loaded of weight and bias: a tenth of the time in L2. Reading
   * ahead, an element for each vector, keeps the memory busy both ways: a quarter beyond the
   * caches.
   */
  // scalar: y = xhat * weight + bias
  private static void normalizeRows(
      float[] x,
      int xOff,
      int xStride,
      float[] y,
      int yOff,
      int yStride,
      boolean two,
      int whole,
      int ahead,
      float[] params,
      int at,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    int second = two ? at + 4 : at;
    FloatVector h0 = FloatVector.broadcast(SPECIES, params[at]);
    FloatVector h1 = FloatVector.broadcast(SPECIES, params[second]);
    FloatVector r0 = FloatVector.broadcast(SPECIES, params[at + 1]);
    FloatVector r1 = FloatVector.broadcast(SPECIES, params[second + 1]);
    FloatVector l0 = FloatVector.broadcast(SPECIES, params[at + 2]);
    FloatVector l1 = FloatVector.broadcast(SPECIES, params[second + 2]);
    FloatVector t0 = FloatVector.broadcast(SPECIES, params[at + 3]);
    FloatVector t1 = FloatVector.broadcast(SPECIES, params[second + 3]);
    float read = 0;
    for (int i = 0; i < whole; i += LANES) {
      if (ahead > 0) {
        read += x[xOff + ahead + i] + x[xOff + ahead + xStride + i];
      }
      FloatVector w = fromArray(SPECIES, weight, weightOff + i);
      FloatVector c0 = fromArray(SPECIES, x, xOff + i).sub(h0);
      FloatVector y0 = c0.mul(r0).add(c0.mul(l0).sub(t0)).mul(w);
      if (bias != null) {
        y0 = y0.add(fromArray(SPECIES, bias, biasOff + i));
      }
      y0.intoArray(y, yOff + i);
      if (two) {
        FloatVector c1 = fromArray(SPECIES, x, xOff + xStride + i).sub(h1);
        FloatVector y1 = c1.mul(r1).add(c1.mul(l1).sub(t1)).mul(w);
        if (bias != null) {
          y1 = y1.add(fromArray(SPECIES, bias, biasOff + i));
        }
        y1.intoArray(y, yOff + yStride + i);
      }
    }
    if (ahead > 0) {
      // Without a use of what is read the compiler would not read it.
      params[at] = read;
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
    if (NARROW) {
      scalar.rowSums(
          dy, dyOff, dyStride, x, xOff, xStride, rows, len, params, weight, weightOff, gradients,
          at, sums);
      return;
    }
    int whole = len & -W;
    for (int r = 0; r < rows; ) {
      int n = ROOMY && r + 1 < rows ? 2 : 1;
      int p = dyOff + r * dyStride;
      int q = xOff + r * xStride;
      for (int lane = 0; lane < W; lane += WIDE) {
        int sum = r * Lanes.LENGTH + lane;
        if (n == 2) {
          sumsOfTwoRows(
              lane,
              whole,
              dy,
              p,
              p + dyStride,
              x,
              q,
              q + xStride,
              len,
              params,
              2 * r,
              weight,
              weightOff,
              gradients,
              at,
              sums,
              sum);
        } else {
          sumsOfRow(
              lane, whole, dy, p, x, q, len, params, 2 * r, weight, weightOff, gradients, at, sums,
              sum);
        }
      }
      r += n;
    }
    if (whole < len) {
      ScalarKernels.addRowSums(
          whole, dy, dyOff, dyStride, x, xOff, xStride, rows, len, params, weight, weightOff,
          gradients, at, sums);
    }
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
      double[] params,
      int param,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums,
      int sum) {
    DoubleVector m = DoubleVector.broadcast(DOUBLES, params[param]);
    DoubleVector r = DoubleVector.broadcast(DOUBLES, params[param + 1]);
    DoubleVector s = DoubleVector.zero(DOUBLES);
    DoubleVector q = s;
    DoubleVector a = s;
    for (int i = lane; i < whole; i += W) {
      int bias = at + i;
      int scale = bias + len;
      Vector<Double> w = fromArray(HALF, weight, weightOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> d = fromArray(HALF, dy, dyOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> c = d.mul(fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0).sub(m));
      fromArray(DOUBLES, gradients, bias).add(d).intoArray(gradients, bias);
      fromArray(DOUBLES, gradients, scale).add(c.mul(r)).intoArray(gradients, scale);
      d = d.mul(w);
      s = s.add(d);
      q = q.add(c.mul(w));
      a = a.add(d.abs());
    }
    s.intoArray(sums, sum);
    q.intoArray(sums, Lanes.SECOND + sum);
    a.intoArray(sums, Lanes.THIRD + sum);
  }

  /** The same of two rows, which load and store the gradients once: a quarter of the time. */
  private static void sumsOfTwoRows(
      int lane,
      int whole,
      float[] dy,
      int dyOff,
      int dyNext,
      float[] x,
      int xOff,
      int xNext,
      int len,
      double[] params,
      int param,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums,
      int sum) {
    DoubleVector m0 = DoubleVector.broadcast(DOUBLES, params[param]);
    DoubleVector r0 = DoubleVector.broadcast(DOUBLES, params[param + 1]);
    DoubleVector m1 = DoubleVector.broadcast(DOUBLES, params[param + 2]);
    DoubleVector r1 = DoubleVector.broadcast(DOUBLES, params[param + 3]);
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = s0;
    DoubleVector q0 = s0;
    DoubleVector q1 = s0;
    DoubleVector a0 = s0;
    DoubleVector a1 = s0;
    for (int i = lane; i < whole; i += W) {
      int bias = at + i;
      int scale = bias + len;
      Vector<Double> w = fromArray(HALF, weight, weightOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> d = fromArray(HALF, dy, dyOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> c = d.mul(fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0).sub(m0));
      DoubleVector ofBias = fromArray(DOUBLES, gradients, bias).add(d);
      DoubleVector ofWeight = fromArray(DOUBLES, gradients, scale).add(c.mul(r0));
      d = d.mul(w);
      s0 = s0.add(d);
      q0 = q0.add(c.mul(w));
      a0 = a0.add(d.abs());
      d = fromArray(HALF, dy, dyNext + i).convertShape(F2D, DOUBLES, 0);
      c = d.mul(fromArray(HALF, x, xNext + i).convertShape(F2D, DOUBLES, 0).sub(m1));
      ofBias.add(d).intoArray(gradients, bias);
      ofWeight.add(c.mul(r1)).intoArray(gradients, scale);
      d = d.mul(w);
      s1 = s1.add(d);
      q1 = q1.add(c.mul(w));
      a1 = a1.add(d.abs());
    }
    int next = sum + Lanes.LENGTH;
    s0.intoArray(sums, sum);
    q0.intoArray(sums, Lanes.SECOND + sum);
    a0.intoArray(sums, Lanes.THIRD + sum);
    s1.intoArray(sums, next);
    q1.intoArray(sums, Lanes.SECOND + next);
    a1.intoArray(sums, Lanes.THIRD + next);
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
    int whole = len & -LANES;
    for (int r = 0; r < rows; r += 2) {
      int p = dyOff + r * dyStride;
      int q = xOff + r * xStride;
      int o = dxOff + r * dxStride;
      boolean two = r + 1 < rows;
      gradientOfRows(
          dy, p, dyStride, x, q, xStride, dx, o, dxStride, two, whole, params, 4 * r, weight,
          weightOff);
    }
    if (whole < len) {
      scalar.rowGradient(
          dy,
          dyOff + whole,
          dyStride,
          x,
          xOff + whole,
          xStride,
          dx,
          dxOff + whole,
          dxStride,
          rows,
          len - whole,
          params,
          weight,
          weightOff + whole);
    }
  }

  // scalar: dx = (dy * weight) * rstd - ((x - head) * slope + offset)
  private static void gradientOfRows(
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      float[] dx,
      int dxOff,
      int dxStride,
      boolean two,
      int whole,
      float[] params,
      int at,
      float[] weight,
      int weightOff) {
    int second = two ? at + 4 : at;
    FloatVector h0 = FloatVector.broadcast(SPECIES, params[at]);
    FloatVector h1 = FloatVector.broadcast(SPECIES, params[second]);
    FloatVector r0 = FloatVector.broadcast(SPECIES, params[at + 1]);
    FloatVector r1 = FloatVector.broadcast(SPECIES, params[second + 1]);
    FloatVector a0 = FloatVector.broadcast(SPECIES, params[at + 2]);
    FloatVector a1 = FloatVector.broadcast(SPECIES, params[second + 2]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, params[at + 3]);
    FloatVector b1 = FloatVector.broadcast(SPECIES, params[second + 3]);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector w = fromArray(SPECIES, weight, weightOff + i);
      FloatVector line0 = fromArray(SPECIES, x, xOff + i).sub(h0).mul(a0).add(b0);
      FloatVector g0 = fromArray(SPECIES, dy, dyOff + i).mul(w);
      g0.mul(r0).sub(line0).intoArray(dx, dxOff + i);
      if (two) {
        FloatVector line1 = fromArray(SPECIES, x, xOff + xStride + i).sub(h1).mul(a1).add(b1);
        FloatVector g1 = fromArray(SPECIES, dy, dyOff + dyStride + i).mul(w);
        g1.mul(r1).sub(line1).intoArray(dx, dxOff + dxStride + i);
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
    int whole = len & -LANES;
    for (int r = 0; r < rows; r++) {
      addRow(
          x,
          xOff + r * xStride,
          residual,
          residualOff + r * residualStride,
          scale,
          sum,
          sumOff + r * sumStride,
          whole);
    }
    if (whole < len) {
      scalar.add(
          x,
          xOff + whole,
          xStride,
          residual,
          residualOff + whole,
          residualStride,
          scale,
          sum,
          sumOff + whole,
          sumStride,
          rows,
          len - whole);
    }
  }

  // scalar: sum = x + residual * scale
  private static void addRow(
      float[] x,
      int xOff,
      float[] residual,
      int residualOff,
      float scale,
      float[] sum,
      int sumOff,
      int whole) {
    FloatVector s = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector scaled = fromArray(SPECIES, residual, residualOff + i).mul(s);
      fromArray(SPECIES, x, xOff + i).add(scaled).intoArray(sum, sumOff + i);
    }
  }

  @Override
  public void segmentMoments(
      float[] x, int xOff, int runs, int stride, int len, float shift, double[] sums) {
    if (NARROW) {
      scalar.segmentMoments(x, xOff, runs, stride, len, shift, sums);
      return;
    }
    clear(sums, 0);
    for (int run = 0; run < runs; run++) {
      momentsOfRun(x, xOff + run * stride, len, shift, sums, 0);
    }
  }

  private static void momentsOfRun(
      float[] x, int xOff, int len, float shift, double[] sums, int at) {
    int blocks = len & -B;
    int vectors = len & -W;
    for (int lane = 0; lane < W; lane += WIDE) {
      momentsOfBlocks(x, xOff + lane, blocks, shift, sums, at + lane);
      if (blocks < vectors) {
        addMoments(x, xOff + blocks + lane, shift, sums, at + lane);
      }
    }
    ScalarKernels.addSegmentMoments(x, xOff + vectors, len - vectors, shift, sums, at);
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
      int ahead,
      float[] params,
      int at,
      int step) {
    if (len < LANES) {
      scalar.segmentNormalize(x, xOff, y, yOff, runs, stride, len, 0, params, at, step);
      return;
    }
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      normalizeRun(x, xOff + o, y, yOff + o, len - LANES, ahead, params, at + run * step);
    }
  }

  /**
   * The last vector may overlap the one before; so it is taken before anything is written, as y may
   * be x.
   */
  // scalar: y = (x - head) * scale + bias
  private static void normalizeRun(
      float[] x, int xOff, float[] y, int yOff, int last, int ahead, float[] params, int at) {
    FloatVector h = FloatVector.broadcast(SPECIES, params[at]);
    FloatVector w = FloatVector.broadcast(SPECIES, params[at + 1]);
    FloatVector b = FloatVector.broadcast(SPECIES, params[at + 2]);
    FloatVector end = fromArray(SPECIES, x, xOff + last);
    float read = 0;
    for (int i = 0; i < last; i += LANES) {
      if (ahead > 0) {
        read += x[xOff + ahead + i];
      }
      fromArray(SPECIES, x, xOff + i).sub(h).mul(w).add(b).intoArray(y, yOff + i);
    }
    end.sub(h).mul(w).add(b).intoArray(y, yOff + last);
    if (ahead > 0) {
      params[at] = read;
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
    clear(sums, 0);
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
      float[] params,
      int at,
      int step) {
    if (len < LANES) {
      scalar.segmentGradient(dy, dyOff, x, xOff, dx, dxOff, runs, stride, len, params, at, step);
      return;
    }
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      gradientOfRun(
          dy, dyOff + o, x, xOff + o, dx, dxOff + o, len - LANES, params, at + run * step);
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
      int last,
      float[] params,
      int at) {
    FloatVector h = FloatVector.broadcast(SPECIES, params[at]);
    FloatVector w = FloatVector.broadcast(SPECIES, params[at + 1]);
    FloatVector a = FloatVector.broadcast(SPECIES, params[at + 2]);
    FloatVector b = FloatVector.broadcast(SPECIES, params[at + 3]);
    FloatVector end = fromArray(SPECIES, dy, dyOff + last);
    for (int i = 0; i < last; i += LANES) {
      FloatVector line = fromArray(SPECIES, x, xOff + i).sub(h).mul(a).add(b);
      fromArray(SPECIES, dy, dyOff + i).mul(w).sub(line).intoArray(dx, dxOff + i);
    }
    FloatVector line = fromArray(SPECIES, x, xOff + last).sub(h).mul(a).add(b);
    end.mul(w).sub(line).intoArray(dx, dxOff + last);
  }

  /**
   * Whether columns are taken four vectors at a time. Where there is little room, only if none are
   * left over: a program whose tensors are all like that has one loop to compile, not two.
   */
  private static boolean inFours(int cols, int length) {
    return ROOMY || cols % (4 * length) == 0;
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
    for (; !NARROW && inFours(cols, WIDE) && c <= cols - 4 * WIDE; c += 4 * WIDE) {
      int p = sumsOff + c;
      int second = p + cols;
      Vector<Double> k0 = fromArray(HALF, shift, c).convertShape(F2D, DOUBLES, 0);
      Vector<Double> k1 = fromArray(HALF, shift, c + WIDE).convertShape(F2D, DOUBLES, 0);
      Vector<Double> k2 = fromArray(HALF, shift, c + 2 * WIDE).convertShape(F2D, DOUBLES, 0);
      Vector<Double> k3 = fromArray(HALF, shift, c + 3 * WIDE).convertShape(F2D, DOUBLES, 0);
      DoubleVector s0 = fromArray(DOUBLES, sums, p);
      DoubleVector s1 = fromArray(DOUBLES, sums, p + WIDE);
      DoubleVector s2 = fromArray(DOUBLES, sums, p + 2 * WIDE);
      DoubleVector s3 = fromArray(DOUBLES, sums, p + 3 * WIDE);
      DoubleVector q0 = fromArray(DOUBLES, sums, second);
      DoubleVector q1 = fromArray(DOUBLES, sums, second + WIDE);
      DoubleVector q2 = fromArray(DOUBLES, sums, second + 2 * WIDE);
      DoubleVector q3 = fromArray(DOUBLES, sums, second + 3 * WIDE);
      for (int row = 0; row < rows; row++) {
        int o = xOff + row * cols + c;
        Vector<Double> d0 = fromArray(HALF, x, o).convertShape(F2D, DOUBLES, 0).sub(k0);
        Vector<Double> d1 = fromArray(HALF, x, o + WIDE).convertShape(F2D, DOUBLES, 0).sub(k1);
        Vector<Double> d2 = fromArray(HALF, x, o + 2 * WIDE).convertShape(F2D, DOUBLES, 0).sub(k2);
        Vector<Double> d3 = fromArray(HALF, x, o + 3 * WIDE).convertShape(F2D, DOUBLES, 0).sub(k3);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        s2 = s2.add(d2);
        s3 = s3.add(d3);
        q0 = q0.add(d0.mul(d0));
        q1 = q1.add(d1.mul(d1));
        q2 = q2.add(d2.mul(d2));
        q3 = q3.add(d3.mul(d3));
      }
      s0.intoArray(sums, p);
      s1.intoArray(sums, p + WIDE);
      s2.intoArray(sums, p + 2 * WIDE);
      s3.intoArray(sums, p + 3 * WIDE);
      q0.intoArray(sums, second);
      q1.intoArray(sums, second + WIDE);
      q2.intoArray(sums, second + 2 * WIDE);
      q3.intoArray(sums, second + 3 * WIDE);
    }
    for (; !NARROW && c <= cols - WIDE; c += WIDE) {
      int p = sumsOff + c;
      int second = p + cols;
      Vector<Double> k = fromArray(HALF, shift, c).convertShape(F2D, DOUBLES, 0);
      DoubleVector s = fromArray(DOUBLES, sums, p);
      DoubleVector q = fromArray(DOUBLES, sums, second);
      for (int row = 0; row < rows; row++) {
        int o = xOff + row * cols + c;
        Vector<Double> d = fromArray(HALF, x, o).convertShape(F2D, DOUBLES, 0).sub(k);
        s = s.add(d);
        q = q.add(d.mul(d));
      }
      s.intoArray(sums, p);
      q.intoArray(sums, second);
    }
    scalar.columnMoments(x, xOff, rows, cols, c, shift, sums, sumsOff);
  }

  // scalar: y = (x - head) * scale + bias
  @Override
  public void columnNormalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params) {
    int c = from;
    for (; inFours(cols, LANES) && c <= cols - 4 * LANES; c += 4 * LANES) {
      FloatVector h0 = fromArray(SPECIES, params, c);
      FloatVector h1 = fromArray(SPECIES, params, c + LANES);
      FloatVector h2 = fromArray(SPECIES, params, c + 2 * LANES);
      FloatVector h3 = fromArray(SPECIES, params, c + 3 * LANES);
      FloatVector w0 = fromArray(SPECIES, params, cols + c);
      FloatVector w1 = fromArray(SPECIES, params, cols + c + LANES);
      FloatVector w2 = fromArray(SPECIES, params, cols + c + 2 * LANES);
      FloatVector w3 = fromArray(SPECIES, params, cols + c + 3 * LANES);
      FloatVector b0 = fromArray(SPECIES, params, 2 * cols + c);
      FloatVector b1 = fromArray(SPECIES, params, 2 * cols + c + LANES);
      FloatVector b2 = fromArray(SPECIES, params, 2 * cols + c + 2 * LANES);
      FloatVector b3 = fromArray(SPECIES, params, 2 * cols + c + 3 * LANES);
      for (int row = 0; row < rows; row++) {
        int p = xOff + row * cols + c;
        int q = yOff + row * cols + c;
        fromArray(SPECIES, x, p).sub(h0).mul(w0).add(b0).intoArray(y, q);
        fromArray(SPECIES, x, p + LANES).sub(h1).mul(w1).add(b1).intoArray(y, q + LANES);
        fromArray(SPECIES, x, p + 2 * LANES).sub(h2).mul(w2).add(b2).intoArray(y, q + 2 * LANES);
        fromArray(SPECIES, x, p + 3 * LANES).sub(h3).mul(w3).add(b3).intoArray(y, q + 3 * LANES);
      }
    }
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
    for (; !NARROW && inFours(cols, WIDE) && c <= cols - 4 * WIDE; c += 4 * WIDE) {
      int p = sumsOff + c;
      int second = p + cols;
      int third = second + cols;
      DoubleVector m0 = fromArray(DOUBLES, mean, c);
      DoubleVector m1 = fromArray(DOUBLES, mean, c + WIDE);
      DoubleVector m2 = fromArray(DOUBLES, mean, c + 2 * WIDE);
      DoubleVector m3 = fromArray(DOUBLES, mean, c + 3 * WIDE);
      DoubleVector s0 = fromArray(DOUBLES, sums, p);
      DoubleVector s1 = fromArray(DOUBLES, sums, p + WIDE);
      DoubleVector s2 = fromArray(DOUBLES, sums, p + 2 * WIDE);
      DoubleVector s3 = fromArray(DOUBLES, sums, p + 3 * WIDE);
      DoubleVector q0 = fromArray(DOUBLES, sums, second);
      DoubleVector q1 = fromArray(DOUBLES, sums, second + WIDE);
      DoubleVector q2 = fromArray(DOUBLES, sums, second + 2 * WIDE);
      DoubleVector q3 = fromArray(DOUBLES, sums, second + 3 * WIDE);
      DoubleVector a0 = fromArray(DOUBLES, sums, third);
      DoubleVector a1 = fromArray(DOUBLES, sums, third + WIDE);
      DoubleVector a2 = fromArray(DOUBLES, sums, third + 2 * WIDE);
      DoubleVector a3 = fromArray(DOUBLES, sums, third + 3 * WIDE);
      for (int row = 0; row < rows; row++) {
        int o = dyOff + row * cols + c;
        int i = xOff + row * cols + c;
        Vector<Double> d0 = fromArray(HALF, dy, o).convertShape(F2D, DOUBLES, 0);
        Vector<Double> d1 = fromArray(HALF, dy, o + WIDE).convertShape(F2D, DOUBLES, 0);
        Vector<Double> d2 = fromArray(HALF, dy, o + 2 * WIDE).convertShape(F2D, DOUBLES, 0);
        Vector<Double> d3 = fromArray(HALF, dy, o + 3 * WIDE).convertShape(F2D, DOUBLES, 0);
        Vector<Double> c0 = fromArray(HALF, x, i).convertShape(F2D, DOUBLES, 0).sub(m0);
        Vector<Double> c1 = fromArray(HALF, x, i + WIDE).convertShape(F2D, DOUBLES, 0).sub(m1);
        Vector<Double> c2 = fromArray(HALF, x, i + 2 * WIDE).convertShape(F2D, DOUBLES, 0).sub(m2);
        Vector<Double> c3 = fromArray(HALF, x, i + 3 * WIDE).convertShape(F2D, DOUBLES, 0).sub(m3);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        s2 = s2.add(d2);
        s3 = s3.add(d3);
        q0 = q0.add(d0.mul(c0));
        q1 = q1.add(d1.mul(c1));
        q2 = q2.add(d2.mul(c2));
        q3 = q3.add(d3.mul(c3));
        a0 = a0.add(d0.abs());
        a1 = a1.add(d1.abs());
        a2 = a2.add(d2.abs());
        a3 = a3.add(d3.abs());
      }
      s0.intoArray(sums, p);
      s1.intoArray(sums, p + WIDE);
      s2.intoArray(sums, p + 2 * WIDE);
      s3.intoArray(sums, p + 3 * WIDE);
      q0.intoArray(sums, second);
      q1.intoArray(sums, second + WIDE);
      q2.intoArray(sums, second + 2 * WIDE);
      q3.intoArray(sums, second + 3 * WIDE);
      a0.intoArray(sums, third);
      a1.intoArray(sums, third + WIDE);
      a2.intoArray(sums, third + 2 * WIDE);
      a3.intoArray(sums, third + 3 * WIDE);
    }
    for (; !NARROW && c <= cols - WIDE; c += WIDE) {
      int p = sumsOff + c;
      int second = p + cols;
      int third = second + cols;
      DoubleVector m = fromArray(DOUBLES, mean, c);
      DoubleVector s = fromArray(DOUBLES, sums, p);
      DoubleVector q = fromArray(DOUBLES, sums, second);
      DoubleVector a = fromArray(DOUBLES, sums, third);
      for (int row = 0; row < rows; row++) {
        int o = dyOff + row * cols + c;
        int i = xOff + row * cols + c;
        Vector<Double> d = fromArray(HALF, dy, o).convertShape(F2D, DOUBLES, 0);
        Vector<Double> e = fromArray(HALF, x, i).convertShape(F2D, DOUBLES, 0).sub(m);
        s = s.add(d);
        q = q.add(d.mul(e));
        a = a.add(d.abs());
      }
      s.intoArray(sums, p);
      q.intoArray(sums, second);
      a.intoArray(sums, third);
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
    for (; ROOMY && c <= cols - 4 * LANES; c += 4 * LANES) {
      FloatVector h0 = fromArray(SPECIES, params, c);
      FloatVector h1 = fromArray(SPECIES, params, c + LANES);
      FloatVector h2 = fromArray(SPECIES, params, c + 2 * LANES);
      FloatVector h3 = fromArray(SPECIES, params, c + 3 * LANES);
      FloatVector w0 = fromArray(SPECIES, params, cols + c);
      FloatVector w1 = fromArray(SPECIES, params, cols + c + LANES);
      FloatVector w2 = fromArray(SPECIES, params, cols + c + 2 * LANES);
      FloatVector w3 = fromArray(SPECIES, params, cols + c + 3 * LANES);
      FloatVector a0 = fromArray(SPECIES, params, 2 * cols + c);
      FloatVector a1 = fromArray(SPECIES, params, 2 * cols + c + LANES);
      FloatVector a2 = fromArray(SPECIES, params, 2 * cols + c + 2 * LANES);
      FloatVector a3 = fromArray(SPECIES, params, 2 * cols + c + 3 * LANES);
      FloatVector b0 = fromArray(SPECIES, params, 3 * cols + c);
      FloatVector b1 = fromArray(SPECIES, params, 3 * cols + c + LANES);
      FloatVector b2 = fromArray(SPECIES, params, 3 * cols + c + 2 * LANES);
      FloatVector b3 = fromArray(SPECIES, params, 3 * cols + c + 3 * LANES);
      for (int row = 0; row < rows; row++) {
        int p = xOff + row * cols + c;
        int q = dyOff + row * cols + c;
        int o = dxOff + row * cols + c;
        FloatVector l0 = fromArray(SPECIES, x, p).sub(h0).mul(a0).add(b0);
        FloatVector l1 = fromArray(SPECIES, x, p + LANES).sub(h1).mul(a1).add(b1);
        FloatVector l2 = fromArray(SPECIES, x, p + 2 * LANES).sub(h2).mul(a2).add(b2);
        FloatVector l3 = fromArray(SPECIES, x, p + 3 * LANES).sub(h3).mul(a3).add(b3);
        fromArray(SPECIES, dy, q).mul(w0).sub(l0).intoArray(dx, o);
        fromArray(SPECIES, dy, q + LANES).mul(w1).sub(l1).intoArray(dx, o + LANES);
        fromArray(SPECIES, dy, q + 2 * LANES).mul(w2).sub(l2).intoArray(dx, o + 2 * LANES);
        fromArray(SPECIES, dy, q + 3 * LANES).mul(w3).sub(l3).intoArray(dx, o + 3 * LANES);
      }
    }
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
