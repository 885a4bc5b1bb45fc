package io.github.normkit.internal;

import static io.github.normkit.internal.Tanh.TERMS;
import static io.github.normkit.internal.Vectors.DOUBLES;
import static io.github.normkit.internal.Vectors.HALF;
import static io.github.normkit.internal.Vectors.WIDE;
import static jdk.incubator.vector.DoubleVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;

/**
 * The tangent with vectors; above each loop stands the scalar line that it computes.
 *
 * <p>As {@link VectorKernels}: nothing is fused, and no vector goes to or comes from a method of
 * this class. There are no masks either: what a comparison would choose is made of the bits of
 * doubles.
 */
final class VectorTanh implements TanhKernels {

  /** 2^52: added to a smaller double, it leaves the nearest whole number in the last bits. */
  private static final double WHOLE = 0x1p52;

  /** The sign of a double. */
  private static final long SIGN = Long.MIN_VALUE;

  /** Bits of a double right of the exponent. */
  private static final int EXPONENT = 52;

  /** The exponent of 1, in its place. */
  private static final long ONE = 1023L << EXPONENT;

  @Override
  public void exponentials(float[] x, int xOff, int len, float alpha, double[] expm1) {
    int whole = len & -WIDE;
    reduce(x, xOff, whole, alpha, expm1);
    polynomials(whole, expm1);
    ScalarTanh.exponentials(whole, x, xOff, len, alpha, expm1);
  }

  // scalar: k = (int) (t / LN2 + 0.5); r = t - k * LN2; scale = 2^k
  private static void reduce(float[] x, int xOff, int len, float alpha, double[] expm1) {
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, alpha);
    for (int i = 0; i < len; i += WIDE) {
      Vector<Double> value = fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0);
      DoubleVector t = factor.mul(value).abs().mul(2).min(Tanh.LARGEST);
      DoubleVector quotient = t.div(Tanh.LN2).add(0.5);
      DoubleVector whole = quotient.add(WHOLE);
      // Less 1 if that has rounded up: then the difference has a sign.
      LongVector up = quotient.sub(whole.sub(WHOLE)).reinterpretAsLongs().lanewise(LSHR, 63);
      LongVector k = whole.reinterpretAsLongs().sub(up);
      t.sub(k.reinterpretAsDoubles().sub(WHOLE).mul(Tanh.LN2)).intoArray(expm1, i);
      k.lanewise(LSHL, EXPONENT).add(ONE).reinterpretAsDoubles().intoArray(expm1, len + i);
    }
  }

  // scalar: expm1 = (scale - 1) + scale * (p * r)
  private static void polynomials(int len, double[] expm1) {
    for (int i = 0; i < len; i += WIDE) {
      DoubleVector r = fromArray(DOUBLES, expm1, i);
      DoubleVector p = r.mul(TERMS[12]).add(TERMS[11]).mul(r).add(TERMS[10]);
      p = p.mul(r).add(TERMS[9]).mul(r).add(TERMS[8]).mul(r).add(TERMS[7]);
      p = p.mul(r).add(TERMS[6]).mul(r).add(TERMS[5]).mul(r).add(TERMS[4]);
      p = p.mul(r).add(TERMS[3]).mul(r).add(TERMS[2]).mul(r).add(TERMS[1]);
      DoubleVector scale = fromArray(DOUBLES, expm1, len + i);
      scale.sub(1).add(scale.mul(p.mul(r))).intoArray(expm1, i);
    }
  }

  // scalar: t = copySign(e / (e + 2), alpha * x); y = t * weight + bias
  @Override
  public void normalize(
      double[] expm1,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float alpha,
      float[] weight,
      float[] bias) {
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, alpha);
    int i = 0;
    for (; i <= len - WIDE; i += WIDE) {
      Vector<Double> value = fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0);
      LongVector sign = factor.mul(value).reinterpretAsLongs().and(SIGN);
      DoubleVector e = fromArray(DOUBLES, expm1, i);
      DoubleVector t = e.div(e.add(2)).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      DoubleVector scaled = t.mul(fromArray(HALF, weight, i).convertShape(F2D, DOUBLES, 0));
      Vector<Double> result = scaled.add(fromArray(HALF, bias, i).convertShape(F2D, DOUBLES, 0));
      ((FloatVector) result.convertShape(D2F, HALF, 0)).intoArray(y, yOff + i);
    }
    ScalarTanh.normalize(i, expm1, x, xOff, y, yOff, len, alpha, weight, bias);
  }

  // scalar: g = d * weight * (4 * ((e + 1) / (e + 2)) / (e + 2)); dx = g * alpha; expm1 = g * x
  @Override
  public void gradient(
      double[] expm1,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      float alpha,
      float[] weight,
      double[] sums,
      int at) {
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, alpha);
    int i = 0;
    for (; i <= len - WIDE; i += WIDE) {
      DoubleVector e = fromArray(DOUBLES, expm1, i);
      DoubleVector more = e.add(2);
      Vector<Double> d = fromArray(HALF, dy, dyOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> value = fromArray(HALF, x, xOff + i).convertShape(F2D, DOUBLES, 0);
      Vector<Double> w = fromArray(HALF, weight, i).convertShape(F2D, DOUBLES, 0);
      DoubleVector slope = e.add(1).div(more).mul(4).div(more);
      DoubleVector g = slope.mul(d.mul(w));
      LongVector sign = factor.mul(value).reinterpretAsLongs().and(SIGN);
      DoubleVector t = e.div(more).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
      int bias = at + i;
      int scale = bias + len;
      fromArray(DOUBLES, sums, bias).add(d).intoArray(sums, bias);
      fromArray(DOUBLES, sums, scale).add(t.mul(d)).intoArray(sums, scale);
      g.mul(value).intoArray(expm1, i);
      ((FloatVector) g.mul(factor).convertShape(D2F, HALF, 0)).intoArray(dx, dxOff + i);
    }
    ScalarTanh.gradient(i, expm1, dy, dyOff, x, xOff, dx, dxOff, len, alpha, weight, sums, at);
  }
}
