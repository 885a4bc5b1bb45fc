package io.github.normkit;

import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.LayerNormReference;
import io.github.normkit.reference.Normalized;
import io.github.normkit.reference.RMSNormReference;

/** LayerNorm and, without the mean, RMSNorm. */
final class RowOracle extends Oracle {

  private final boolean centred;
  private final int cols;

  RowOracle(boolean centred, int cols, double epsilon) {
    super(epsilon);
    this.centred = centred;
    this.cols = cols;
  }

  @Override
  Normalized normalize(Shape shape, double[] x, double[] weight, double[] bias, boolean training) {
    int rows = x.length / cols;
    return centred
        ? LayerNormReference.forward(x, rows, cols, weight, bias, epsilon())
        : RMSNormReference.forward(x, rows, cols, weight, bias, epsilon());
  }

  @Override
  Gradients gradients(Shape shape, double[] x, double[] dy, double[] weight) {
    int rows = x.length / cols;
    return centred
        ? LayerNormReference.backward(x, dy, rows, cols, weight, epsilon())
        : RMSNormReference.backward(x, dy, rows, cols, weight, epsilon());
  }

  @Override
  int parameterOf(Shape shape, int i) {
    return i % cols;
  }
}
