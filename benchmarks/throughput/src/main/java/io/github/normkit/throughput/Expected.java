package io.github.normkit.throughput;

import io.github.normkit.Layout;
import io.github.normkit.reference.BatchNormReference;
import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.GroupNormReference;
import io.github.normkit.reference.InstanceNormReference;
import io.github.normkit.reference.LayerNormReference;
import io.github.normkit.reference.Normalized;
import io.github.normkit.reference.RMSNormReference;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the reference gives for a case. */
final class Expected {

  private static final double EPSILON = Case.EPSILON;

  private Expected() {}

  static Map<String, double[]> of(Case c) {
    double[] x = wide(c.x());
    double[] weight = wide(c.weight());
    if (c.operation() == Operation.ADD_RMS_FORWARD) {
      double[] sum = sum(x, wide(c.residual()));
      return Map.of(Call.SUM, sum, Call.OUTPUT, output(c, sum, weight));
    }
    if (!c.operation().isBackward()) {
      return Map.of(Call.OUTPUT, output(c, x, weight));
    }
    Gradients gradients = gradients(c, x, wide(c.dy()), weight);
    Map<String, double[]> expected = new LinkedHashMap<>();
    expected.put(Call.GRAD_INPUT, gradients.dx());
    expected.put(Call.GRAD_WEIGHT, gradients.dWeight());
    if (c.operation().hasBias()) {
      expected.put(Call.GRAD_BIAS, gradients.dBias());
    }
    return expected;
  }

  private static double[] sum(double[] x, double[] residual) {
    double[] sum = new double[x.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + residual[i];
    }
    return sum;
  }

  private static double[] output(Case c, double[] x, double[] weight) {
    int n = c.n();
    int channels = c.channels();
    int spatial = c.spatial();
    Layout layout = c.layout();
    double[] bias = c.operation().hasBias() ? wide(c.bias()) : null;
    if (c.operation() == Operation.BATCH_INFER) {
      double[] mean = wide(c.runningMean());
      double[] variance = wide(c.runningVariance());
      return BatchNormReference.infer(
          x, n, channels, spatial, layout, mean, variance, weight, bias, EPSILON);
    }
    Normalized normalized =
        switch (c.operation().layer()) {
          case LAYER -> LayerNormReference.forward(x, n, channels, weight, bias, EPSILON);
          case RMS -> RMSNormReference.forward(x, n, channels, weight, bias, EPSILON);
          case BATCH ->
              BatchNormReference.forward(x, n, channels, spatial, layout, weight, bias, EPSILON);
          case GROUP ->
              GroupNormReference.forward(
                  x, n, channels, spatial, layout, Case.GROUPS, weight, bias, EPSILON);
          case INSTANCE ->
              InstanceNormReference.forward(x, n, channels, spatial, layout, weight, bias, EPSILON);
        };
    return normalized.y();
  }

  private static Gradients gradients(Case c, double[] x, double[] dy, double[] weight) {
    int n = c.n();
    int channels = c.channels();
    int spatial = c.spatial();
    Layout layout = c.layout();
    return switch (c.operation().layer()) {
      case LAYER -> LayerNormReference.backward(x, dy, n, channels, weight, EPSILON);
      case RMS -> RMSNormReference.backward(x, dy, n, channels, weight, EPSILON);
      case BATCH ->
          BatchNormReference.backward(x, dy, n, channels, spatial, layout, weight, EPSILON);
      case GROUP ->
          GroupNormReference.backward(
              x, dy, n, channels, spatial, layout, Case.GROUPS, weight, EPSILON);
      case INSTANCE ->
          InstanceNormReference.backward(x, dy, n, channels, spatial, layout, weight, EPSILON);
    };
  }

  static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
