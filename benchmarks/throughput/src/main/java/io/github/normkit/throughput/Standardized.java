package io.github.normkit.throughput;

import java.util.function.IntUnaryOperator;

/** Elements that share a mean and a variance, in float64: their output and their gradients. */
final class Standardized {

  private final double[] x;
  private final IntUnaryOperator index;
  private final int count;
  private final double mean;
  private final double root;

  /**
   * Takes the statistics.
   *
   * @param x all elements
   * @param index where each of those is that share them
   */
  Standardized(double[] x, IntUnaryOperator index, int count, double epsilon) {
    this.x = x;
    this.index = index;
    this.count = count;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[index.applyAsInt(i)];
    }
    mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double d = x[index.applyAsInt(i)] - mean;
      squares += d * d;
    }
    root = Math.sqrt(squares / count + epsilon);
  }

  double xhat(int i) {
    return (x[index.applyAsInt(i)] - mean) / root;
  }

  /** Writes the gradient by x in the place of the one by xhat. */
  void backward(double[] gradient) {
    double sum = 0;
    double dot = 0;
    for (int i = 0; i < count; i++) {
      double g = gradient[index.applyAsInt(i)];
      sum += g;
      dot += g * xhat(i);
    }
    for (int i = 0; i < count; i++) {
      int at = index.applyAsInt(i);
      gradient[at] = (gradient[at] - sum / count - xhat(i) * dot / count) / root;
    }
  }
}
