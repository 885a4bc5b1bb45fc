package io.github.normkit.residual;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.random.RandomGenerator;

/** Float tensors beside double arrays. */
final class Doubles {

  private Doubles() {}

  static double[] of(Tensor tensor) {
    float[] values = tensor.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  static Tensor gaussians(RandomGenerator random, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  static double[] sum(double[] a, double[] b) {
    return sum(a, 1, b);
  }

  static double[] sum(double[] a, double scale, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = scale * a[i] + b[i];
    }
    return sum;
  }

  /** A few roundings in float of the largest value. */
  static void assertClose(String what, Tensor got, double[] expected, double tolerance) {
    double largest = 1e-30;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double[] values = of(got);
    assertThat(values).as("length of %s", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(values[i] - expected[i]) / largest)
          .as("%s[%d]: got %s, expected %s", what, i, values[i], expected[i])
          .isLessThanOrEqualTo(tolerance);
    }
  }
}
