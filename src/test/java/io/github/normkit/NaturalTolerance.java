package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;

/**
 * How far a float layer may be from the float64 reference: {@code |got - expected| <= 1e-5 *
 * |expected| + 1e-6 * scale}.
 *
 * <p>These are the tolerances the golden data suggest. 1e-5 is 84 units in the last place, 1e-6 of
 * the scale 8: what a handful of roundings in float leave of sums taken without loss. The scale is
 * the size of the terms an element is made of, which may cancel in it: the largest |expected| of
 * the tensor, but for y at least the largest |xhat * weight|, for dx the largest 1/σ times the
 * largest |dy * weight|, for the gradient of a parameter the largest sum of the absolute terms, and
 * for a running mean likewise that of |x|.
 */
final class NaturalTolerance {

  private static final double RELATIVE = 1e-5;
  private static final double OF_SCALE = 1e-6;

  private NaturalTolerance() {}

  /** Compares where nothing but the elements themselves sets the scale. */
  static void assertClose(String what, Tensor got, double[] expected) {
    assertClose(what, got, expected, 0);
  }

  static void assertClose(String what, Tensor got, double[] expected, double scaleAtLeast) {
    float[] values = got.toArray();
    assertThat(values.length).as("length of %s", what).isEqualTo(expected.length);
    double scale = Math.max(scaleAtLeast, largest(expected));
    for (int i = 0; i < expected.length; i++) {
      double tolerance =
          RELATIVE * Math.abs(expected[i]) + Math.max(OF_SCALE * scale, Float.MIN_VALUE);
      boolean beyond = Float.isInfinite((float) expected[i]) && values[i] == (float) expected[i];
      if (!beyond && !(Math.abs(values[i] - expected[i]) <= tolerance)) {
        fail(
            "%s[%d] of %s: got %s, expected %s, tolerance %.3g of scale %.3g",
            what, i, got.shape(), values[i], expected[i], tolerance, scale);
      }
    }
  }

  static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
