package io.github.normkit.throughput;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.weights.NormalizedWeight;
import io.github.normkit.weights.WeightStandardization;
import java.util.Map;

/** Weight standardization with a gain for each output. */
final class WeightStandardizationSystem extends WeightSystem {

  private static final double EPSILON = 1e-6;

  private static float[] gains() {
    return Case.gaussian(3, ROWS, 1, 0.3);
  }

  @Override
  NormalizedWeight norm() {
    return WeightStandardization.builder(Tensor.wrap(weight(), SHAPE))
        .epsilon(EPSILON)
        .gain(true)
        .build();
  }

  @Override
  Map<String, Tensor> state() {
    return Map.of(
        "weight", Tensor.wrap(weight(), SHAPE),
        "gain", Tensor.wrap(gains(), Shape.of(ROWS, 1, 1, 1)));
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] weight = Expected.wide(weight());
    double[] gain = Expected.wide(gains());
    double[] dw = Expected.wide(dw());
    double[] w = new double[weight.length];
    double[] dWeight = new double[weight.length];
    double[] dGain = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      int at = r * COLUMNS;
      Standardized row = new Standardized(weight, i -> at + i, COLUMNS, EPSILON);
      for (int i = 0; i < COLUMNS; i++) {
        w[at + i] = row.xhat(i) * gain[r];
        dWeight[at + i] = dw[at + i] * gain[r];
        dGain[r] += dw[at + i] * row.xhat(i);
      }
      row.backward(dWeight);
    }
    return backward
        ? Map.of(Call.GRAD_WEIGHT, dWeight, "grad_gain", dGain)
        : Map.of(Call.OUTPUT, w);
  }
}
