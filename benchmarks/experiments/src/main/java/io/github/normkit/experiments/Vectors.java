package io.github.normkit.experiments;

import java.util.List;

/** What several experiments measure of their numbers. */
final class Vectors {

  private Vectors() {}

  /** Returns the Euclidean norm. */
  static double norm(float... vector) {
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares);
  }

  /** Returns the power of x that fits y: the slope of the line of least squares in logarithms. */
  static double exponent(List<? extends Number> x, List<Double> y) {
    double[] logs = x.stream().mapToDouble(v -> StrictMath.log(v.doubleValue())).toArray();
    double mean = 0;
    for (double log : logs) {
      mean += log / logs.length;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < logs.length; i++) {
      covariance += (logs[i] - mean) * StrictMath.log(y.get(i));
      variance += (logs[i] - mean) * (logs[i] - mean);
    }
    return covariance / variance;
  }
}
