package io.github.normkit.internal;

import static io.github.normkit.internal.Vectors.B;
import static io.github.normkit.internal.Vectors.DOUBLES;
import static io.github.normkit.internal.Vectors.HALF;
import static io.github.normkit.internal.Vectors.LANES;
import static io.github.normkit.internal.Vectors.NARROW;
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

/** The kernels of segments with vectors, as {@link VectorKernels} says. */
final class VectorSegments implements SegmentKernels {

  private final SegmentKernels scalar = new ScalarSegments();

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
    if (NARROW) {
      scalar.moments(x, xOff, segments, runs, stride, len, shifts, sums);
      return;
    }
    for (int s = 0; s < segments; s++) {
      clear(sums, s * Lanes.LENGTH);
    }
    // Segment by segment, so that no sums are read that were written just before: the processor
    // has to wait for vectors that cross a cache line.
    for (int run = 0; run < runs; run++) {
      int p = xOff + run * stride;
      for (int s = 0; s < segments; s++) {
        momentsOfRun(x, p + s * len, len, shifts[s], sums, s * Lanes.LENGTH);
      }
    }
  }

  /** Sums a run and adds it to the lanes. */
  static void momentsOfRun(float[] x, int xOff, int len, float shift, double[] sums, int at) {
    int blocks = len & -B;
    int vectors = len & -W;
    for (int lane = 0; lane < W; lane += WIDE) {
      momentsOfBlocks(x, xOff + lane, blocks, shift, sums, at + lane);
      if (blocks < vectors) {
        addMoments(x, xOff + blocks + lane, shift, sums, at + lane);
      }
    }
    ScalarSegments.addMoments(x, xOff + vectors, len - vectors, shift, sums, at);
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
    if (len < LANES) {
      scalar.normalize(x, xOff, y, yOff, runs, stride, len, 0, params, at, step);
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
    if (NARROW) {
      scalar.sums(dy, dyOff, x, xOff, segments, runs, stride, len, means, sums);
      return;
    }
    for (int s = 0; s < segments; s++) {
      clear(sums, s * Lanes.LENGTH);
    }
    for (int run = 0; run < runs; run++) {
      int o = run * stride;
      for (int s = 0; s < segments; s++) {
        int p = o + s * len;
        sumsOfRun(dy, dyOff + p, x, xOff + p, len, means[s], sums, s * Lanes.LENGTH);
      }
    }
  }

  private static void sumsOfRun(
      float[] dy, int dyOff, float[] x, int xOff, int len, double mean, double[] sums, int at) {
    int blocks = len & -B;
    int vectors = len & -W;
    for (int lane = 0; lane < W; lane += WIDE) {
      sumsOfBlocks(dy, dyOff + lane, x, xOff + lane, blocks, mean, sums, at + lane);
      if (blocks < vectors) {
        int p = blocks + lane;
        addSums(dy, dyOff + p, x, xOff + p, mean, sums, at + lane);
      }
    }
    ScalarSegments.addSums(dy, dyOff + vectors, x, xOff + vectors, len - vectors, mean, sums, at);
  }

  // scalar: sums += d; sums[SECOND] += d * (x - mean); sums[THIRD] += |d|
  private static void sumsOfBlocks(
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
    if (len < LANES) {
      scalar.gradient(dy, dyOff, x, xOff, dx, dxOff, runs, stride, len, params, at, step);
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
}
