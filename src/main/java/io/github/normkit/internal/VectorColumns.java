package io.github.normkit.internal;

import static io.github.normkit.internal.Vectors.DOUBLES;
import static io.github.normkit.internal.Vectors.HALF;
import static io.github.normkit.internal.Vectors.LANES;
import static io.github.normkit.internal.Vectors.NARROW;
import static io.github.normkit.internal.Vectors.ROOMY;
import static io.github.normkit.internal.Vectors.SPECIES;
import static io.github.normkit.internal.Vectors.WIDE;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;

/** The kernels of columns with vectors, as {@link VectorKernels} says. */
final class VectorColumns implements ColumnKernels {

  private final ColumnKernels scalar = new ScalarColumns();

  /**
   * Whether columns are taken four vectors at a time. Where there is little room, only if none are
   * left over: a program whose tensors are all like that has one loop to compile, not two.
   */
  private static boolean inFours(int cols, int length) {
    return ROOMY || cols % (4 * length) == 0;
  }

  // scalar: d = x - shift; sums += d; sums[cols] += d * d
  @Override
  public void moments(
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
    scalar.moments(x, xOff, rows, cols, c, shift, sums, sumsOff);
  }

  // scalar: y = (x - head) * scale + bias
  @Override
  public void normalize(
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
    scalar.normalize(x, xOff, y, yOff, rows, cols, c, params);
  }

  // scalar: sums += d; sums[cols] += d * (x - mean); sums[2 * cols] += |d|
  @Override
  public void sums(
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
    scalar.sums(dy, dyOff, x, xOff, rows, cols, c, mean, sums, sumsOff);
  }

  // scalar: dx = dy * scale - ((x - head) * slope + offset)
  @Override
  public void gradient(
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
    scalar.gradient(dy, dyOff, x, xOff, dx, dxOff, rows, cols, c, params);
  }
}
