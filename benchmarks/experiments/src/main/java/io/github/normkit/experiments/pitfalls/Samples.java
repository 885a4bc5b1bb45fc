package io.github.normkit.experiments.pitfalls;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;

/** Random tensors, and the mean and deviation of some. */
final class Samples {

  private Samples() {}

  /** Returns a tensor of independent normal elements. */
  static Tensor normal(Random random, double mean, double deviation, int... dims) {
    Tensor tensor = Tensor.zeros(Shape.of(dims));
    for (int i = 0; i < tensor.array().length; i++) {
      tensor.array()[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return tensor;
  }

  static double mean(float... values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Returns the variance, divided by n. */
  static double variance(float... values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / values.length;
  }

  static double deviation(float... values) {
    return Math.sqrt(variance(values));
  }

  static float largestDifference(float[] a, float... b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
