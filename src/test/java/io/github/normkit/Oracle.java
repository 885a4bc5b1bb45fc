package io.github.normkit;

import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.Normalized;
import java.util.List;
import java.util.Map;

/**
 * What a layer must give, from the float64 reference; remembers the last forward as a layer does.
 */
abstract class Oracle {

  private final double epsilon;
  private double[] weight;
  private double[] bias;
  private Shape shape;
  private double[] x;

  /** The last forward without weight and bias. */
  private Normalized plain;

  Oracle(double epsilon) {
    this.epsilon = epsilon;
  }

  /** Takes over the values of a layer's parameters, a zero-centered weight with its 1. */
  void take(List<Parameter> parameters, boolean zeroCentered) {
    for (Parameter parameter : parameters) {
      float[] values = parameter.value().toArray();
      double[] copy = new double[values.length];
      boolean offset = zeroCentered && parameter.name().equals("weight");
      for (int i = 0; i < values.length; i++) {
        copy[i] = offset ? 1 + values[i] : values[i]; // the sum in float, as promised
      }
      if (parameter.name().equals("weight")) {
        weight = copy;
      } else {
        bias = copy;
      }
    }
  }

  double[] forward(Shape shape, double[] x, boolean training) {
    this.shape = shape;
    this.x = x;
    plain = normalize(shape, x, null, null, training);
    double[] y = normalize(shape, x, weight, bias, training).y();
    remember(shape, x, plain, training);
    return y;
  }

  double[] infer(Shape shape, double[] x) {
    return normalize(shape, x, weight, bias, false).y();
  }

  Gradients backward(double[] dy) {
    return gradients(shape, x, dy, weight);
  }

  /** The largest |xhat * weight| of the last forward, which a bias may cancel. */
  double yScale() {
    return largestTimesWeight(shape, plain.y());
  }

  /** The largest |xhat * weight| of infer. */
  double inferScale(Shape shape, double[] x) {
    return largestTimesWeight(shape, normalize(shape, x, null, null, false).y());
  }

  private double largestTimesWeight(Shape shape, double[] values) {
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      double factor = weight == null ? 1 : weight[parameterOf(shape, i)];
      largest = Math.max(largest, Math.abs(values[i] * factor));
    }
    return largest;
  }

  /** The largest |xhat| of the last forward. */
  double largestXhat() {
    return NaturalTolerance.largest(plain.y());
  }

  /** The largest 1/σ of the last forward. */
  double largestRstd() {
    double rstd = 0;
    for (double variance : plain.variance()) {
      rstd = Math.max(rstd, 1 / Math.sqrt(variance + epsilon));
    }
    return rstd;
  }

  /** The largest 1/σ times the largest |dy * weight|, the size of the terms of dx. */
  double dxScale(double[] dy) {
    return dy.length == 0 ? 0 : largestRstd() * largestTimesWeight(shape, dy);
  }

  double dWeightScale(double[] dy, int parameters) {
    double[] sums = new double[parameters];
    for (int i = 0; i < dy.length; i++) {
      sums[parameterOf(shape, i)] += Math.abs(dy[i] * plain.y()[i]);
    }
    return NaturalTolerance.largest(sums);
  }

  double dBiasScale(double[] dy, int parameters) {
    double[] sums = new double[parameters];
    for (int i = 0; i < dy.length; i++) {
      sums[parameterOf(shape, i)] += Math.abs(dy[i]);
    }
    return NaturalTolerance.largest(sums);
  }

  /** Whether a call takes its statistics from its input. */
  boolean usesBatchStatistics(boolean training) {
    return true;
  }

  /** The statistics a layer must have in its state by now. */
  Map<String, double[]> runningStatistics() {
    return Map.of();
  }

  /** What the running mean would be of |x|, the size of the terms it is the mean of. */
  double runningMeanScale() {
    return 0;
  }

  /** Called after a forward of x with the statistics it used. */
  void remember(Shape shape, double[] x, Normalized statistics, boolean training) {}

  abstract Normalized normalize(
      Shape shape, double[] x, double[] weight, double[] bias, boolean training);

  abstract Gradients gradients(Shape shape, double[] x, double[] dy, double[] weight);

  /** The index of the weight and the bias that element i meets. */
  abstract int parameterOf(Shape shape, int i);

  double epsilon() {
    return epsilon;
  }
}
