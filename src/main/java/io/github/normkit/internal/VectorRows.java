package io.github.normkit.internal;

import static io.github.normkit.internal.Vectors.B;
import static io.github.normkit.internal.Vectors.DOUBLES;
import static io.github.normkit.internal.Vectors.HALF;
import static io.github.normkit.internal.Vectors.LANES;
import static io.github.normkit.internal.Vectors.NARROW;
import static io.github.normkit.internal.Vectors.ROOMY;
import static io.github.normkit.internal.Vectors.SPECIES;
import static io.github.normkit.internal.Vectors.W;
import static io.github.normkit.internal.Vectors.WIDE;
import static io.github.normkit.internal.Vectors.clear;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorShuffle;

/** The kernels of rows with vectors, as {@link VectorKernels} says. */
final class VectorRows implements RowKernels {

  /**
   * So many rows are written a tile of columns at a time: where they are short, it takes half as
   * long as to begin anew with every pair.
   */
  private static final int MANY = 8;

  /** The columns of a tile. */
  private static final int TILE = 4 * LANES;

  private static final VectorShuffle<Double> ONE = swap(1);

  private static final VectorShuffle<Double> TWO = swap(2);

  private static final VectorShuffle<Double> FOUR = swap(4);

  private final RowKernels scalar = new ScalarRows();

  /** Swaps lanes at a distance, if there are as many. */
  private static VectorShuffle<Double> swap(int distance) {
    return VectorShuffle.fromOp(DOUBLES, lane -> (lane ^ distance) % WIDE);
  }

  @Override
  public void moments(float[] x, int xOff, int stride, int rows, int len, double[] sums) {
    if (NARROW) {
      scalar.moments(x, xOff, stride, rows, len, sums);
      return;
    }
    int floats = len & -Lanes.FLOATS;
    int most = len & -Lanes.FEWER_FLOATS;
    for (int r = 0; r < rows; r++) {
      int at = r * Lanes.ROW;
      int p = xOff + r * stride;
      clear(sums, at);
      for (int lane = 0; lane < B && floats > 0; lane += LANES) {
        momentsInFloat(x, p + lane, floats, sums, at, lane);
      }
      for (int lane = 0; lane < B && floats < most; lane += LANES) {
        momentsOfFewer(x, p + floats + lane, sums, at, lane);
      }
      if (most < len && ROOMY) {
        VectorSegments.momentsOfRun(x, p + most, len - most, 0, sums, at);
      } else if (most < len) {
        // All that is called here is compiled as one method, which must not grow too large.
        ScalarSegments.momentsOfRun(x, p + most, len - most, 0, sums, at);
      }
    }
  }

  // scalar: sums += sumOfFour + sumOfFour; sums[SECOND] += squaresOfFour + squaresOfFour
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

  // scalar: sums += sumOfFour; sums[SECOND] += squaresOfFour
  private static void momentsOfFewer(float[] x, int i, double[] sums, int at, int lane) {
    FloatVector v0 = fromArray(SPECIES, x, i);
    FloatVector v1 = fromArray(SPECIES, x, i + B);
    FloatVector v2 = fromArray(SPECIES, x, i + 2 * B);
    FloatVector v3 = fromArray(SPECIES, x, i + 3 * B);
    FloatVector s = v0.add(v1).add(v2.add(v3));
    FloatVector q = v0.mul(v0).add(v1.mul(v1)).add(v2.mul(v2).add(v3.mul(v3)));
    int a = at + (lane & (W - 1));
    int b = at + (lane + WIDE & (W - 1));
    fromArray(DOUBLES, sums, a).add(s.convertShape(F2D, DOUBLES, 0)).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(s.convertShape(F2D, DOUBLES, 1)).intoArray(sums, b);
    a += Lanes.SECOND;
    b += Lanes.SECOND;
    fromArray(DOUBLES, sums, a).add(q.convertShape(F2D, DOUBLES, 0)).intoArray(sums, a);
    fromArray(DOUBLES, sums, b).add(q.convertShape(F2D, DOUBLES, 1)).intoArray(sums, b);
  }

  // scalar: folded = (s0 + s4 + (s2 + s6)) + (s1 + s5 + (s3 + s7))
  @Override
  public void fold(double[] sums, int sum, int rows, double[] folded) {
    // On JDK 17 to swap lanes takes longer than to add them one by one.
    if (NARROW || !ROOMY) {
      scalar.fold(sums, sum, rows, folded);
      return;
    }
    for (int r = 0; r < rows; r++) {
      int at = r * Lanes.ROW + sum;
      DoubleVector v = fromArray(DOUBLES, sums, at);
      v = v.add(WIDE < W ? fromArray(DOUBLES, sums, at + WIDE) : v.rearrange(FOUR));
      v = v.add(v.rearrange(TWO));
      v = v.add(v.rearrange(ONE));
      folded[r] = v.lane(0);
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
    int whole = len & -LANES;
    // The rest comes first, for reading ahead spoils the params.
    if (whole < len) {
      scalar.normalize(
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
    int tiled = rows >= MANY ? whole & -TILE : 0;
    for (int i = 0; i < tiled; i += TILE) {
      normalizeTile(
          x,
          xOff + i,
          xStride,
          y,
          yOff + i,
          yStride,
          rows,
          params,
          weight,
          weightOff + i,
          bias,
          biasOff + i);
    }
    for (int r = 0; r < rows && tiled < whole; r += 2) {
      int p = xOff + r * xStride + tiled;
      int q = yOff + r * yStride + tiled;
      boolean two = r + 1 < rows;
      normalizeRows(
          x,
          p,
          xStride,
          y,
          q,
          yStride,
          two,
          whole - tiled,
          ahead,
          params,
          4 * r,
          weight,
          weightOff + tiled,
          bias,
          biasOff + tiled);
    }
  }

  /** Of many rows a tile of columns at a time, which loads weight and bias once for all. */
  // scalar: y = xhat * weight + bias
  private static void normalizeTile(
      float[] x,
      int xOff,
      int xStride,
      float[] y,
      int yOff,
      int yStride,
      int rows,
      float[] params,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff) {
    FloatVector w0 = fromArray(SPECIES, weight, weightOff);
    FloatVector w1 = fromArray(SPECIES, weight, weightOff + LANES);
    FloatVector w2 = fromArray(SPECIES, weight, weightOff + 2 * LANES);
    FloatVector w3 = fromArray(SPECIES, weight, weightOff + 3 * LANES);
    FloatVector b0 = w0;
    FloatVector b1 = w0;
    FloatVector b2 = w0;
    FloatVector b3 = w0;
    if (bias != null) {
      b0 = fromArray(SPECIES, bias, biasOff);
      b1 = fromArray(SPECIES, bias, biasOff + LANES);
      b2 = fromArray(SPECIES, bias, biasOff + 2 * LANES);
      b3 = fromArray(SPECIES, bias, biasOff + 3 * LANES);
    }
    for (int row = 0; row < rows; row++) {
      int p = xOff + row * xStride;
      int q = yOff + row * yStride;
      FloatVector h = FloatVector.broadcast(SPECIES, params[4 * row]);
      FloatVector r = FloatVector.broadcast(SPECIES, params[4 * row + 1]);
      FloatVector l = FloatVector.broadcast(SPECIES, params[4 * row + 2]);
      FloatVector t = FloatVector.broadcast(SPECIES, params[4 * row + 3]);
      FloatVector c0 = fromArray(SPECIES, x, p).sub(h);
      FloatVector c1 = fromArray(SPECIES, x, p + LANES).sub(h);
      FloatVector c2 = fromArray(SPECIES, x, p + 2 * LANES).sub(h);
      FloatVector c3 = fromArray(SPECIES, x, p + 3 * LANES).sub(h);
      FloatVector y0 = c0.mul(r).add(c0.mul(l).sub(t)).mul(w0);
      FloatVector y1 = c1.mul(r).add(c1.mul(l).sub(t)).mul(w1);
      FloatVector y2 = c2.mul(r).add(c2.mul(l).sub(t)).mul(w2);
      FloatVector y3 = c3.mul(r).add(c3.mul(l).sub(t)).mul(w3);
      if (bias != null) {
        y0 = y0.add(b0);
        y1 = y1.add(b1);
        y2 = y2.add(b2);
        y3 = y3.add(b3);
      }
      y0.intoArray(y, q);
      y1.intoArray(y, q + LANES);
      y2.intoArray(y, q + 2 * LANES);
      y3.intoArray(y, q + 3 * LANES);
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
    if (NARROW) {
      scalar.sums(
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
        int sum = r * Lanes.ROW + lane;
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
      ScalarRows.addSums(
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
    int next = sum + Lanes.ROW;
    s0.intoArray(sums, sum);
    q0.intoArray(sums, Lanes.SECOND + sum);
    a0.intoArray(sums, Lanes.THIRD + sum);
    s1.intoArray(sums, next);
    q1.intoArray(sums, Lanes.SECOND + next);
    a1.intoArray(sums, Lanes.THIRD + next);
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
    int whole = len & -LANES;
    int tiled = rows >= MANY ? whole & -TILE : 0;
    for (int i = 0; i < tiled; i += TILE) {
      gradientOfTile(
          dy,
          dyOff + i,
          dyStride,
          x,
          xOff + i,
          xStride,
          dx,
          dxOff + i,
          dxStride,
          rows,
          params,
          weight,
          weightOff + i);
    }
    for (int r = 0; r < rows && tiled < whole; r += 2) {
      int p = dyOff + r * dyStride + tiled;
      int q = xOff + r * xStride + tiled;
      int o = dxOff + r * dxStride + tiled;
      boolean two = r + 1 < rows;
      gradientOfRows(
          dy,
          p,
          dyStride,
          x,
          q,
          xStride,
          dx,
          o,
          dxStride,
          two,
          whole - tiled,
          params,
          4 * r,
          weight,
          weightOff + tiled);
    }
    if (whole < len) {
      scalar.gradient(
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

  /** The same of a tile of columns, which loads the weight once for all rows. */
  private static void gradientOfTile(
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
      float[] params,
      float[] weight,
      int weightOff) {
    FloatVector w0 = fromArray(SPECIES, weight, weightOff);
    FloatVector w1 = fromArray(SPECIES, weight, weightOff + LANES);
    FloatVector w2 = fromArray(SPECIES, weight, weightOff + 2 * LANES);
    FloatVector w3 = fromArray(SPECIES, weight, weightOff + 3 * LANES);
    for (int row = 0; row < rows; row++) {
      int p = dyOff + row * dyStride;
      int q = xOff + row * xStride;
      int o = dxOff + row * dxStride;
      FloatVector h = FloatVector.broadcast(SPECIES, params[4 * row]);
      FloatVector r = FloatVector.broadcast(SPECIES, params[4 * row + 1]);
      FloatVector a = FloatVector.broadcast(SPECIES, params[4 * row + 2]);
      FloatVector b = FloatVector.broadcast(SPECIES, params[4 * row + 3]);
      FloatVector l0 = fromArray(SPECIES, x, q).sub(h).mul(a).add(b);
      FloatVector l1 = fromArray(SPECIES, x, q + LANES).sub(h).mul(a).add(b);
      FloatVector l2 = fromArray(SPECIES, x, q + 2 * LANES).sub(h).mul(a).add(b);
      FloatVector l3 = fromArray(SPECIES, x, q + 3 * LANES).sub(h).mul(a).add(b);
      fromArray(SPECIES, dy, p).mul(w0).mul(r).sub(l0).intoArray(dx, o);
      fromArray(SPECIES, dy, p + LANES).mul(w1).mul(r).sub(l1).intoArray(dx, o + LANES);
      fromArray(SPECIES, dy, p + 2 * LANES).mul(w2).mul(r).sub(l2).intoArray(dx, o + 2 * LANES);
      fromArray(SPECIES, dy, p + 3 * LANES).mul(w3).mul(r).sub(l3).intoArray(dx, o + 3 * LANES);
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
}
