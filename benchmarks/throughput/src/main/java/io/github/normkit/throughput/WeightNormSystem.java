package io.github.normkit.throughput;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.weights.NormalizedWeight;
import io.github.normkit.weights.WeightNorm;
import java.util.Map;

/** Weight normalization: a length for each output. */
final class WeightNormSystem extends WeightSystem {

  private static float[] lengths() {
    return Case.gaussian(3, ROWS, 1, 0.3);
  }

  @Override
  NormalizedWeight norm() {
    return new WeightNorm(Tensor.wrap(weight(), SHAPE));
  }

  @Override
  Map<String, Tensor> state() {
    return Map.of(
        "weight_g", Tensor.wrap(lengths(), Shape.of(ROWS, 1, 1, 1)),
        "weight_v", Tensor.wrap(weight(), SHAPE));
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] v = Expected.wide(weight());
    double[] g = Expected.wide(lengths());
    double[] dw = Expected.wide(dw());
    double[] w = new double[v.length];
    double[] dv = new double[v.length];
    double[] dg = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      int at = r * COLUMNS;
      double squares = 0;
      double dot = 0;
      for (int i = at; i < at + COLUMNS; i++) {
        squares += v[i] * v[i];
        dot += dw[i] * v[i];
      }
      double norm = Math.sqrt(squares);
      dg[r] = dot / norm;
      for (int i = at; i < at + COLUMNS; i++) {
        w[i] = g[r] * v[i] / norm;
        dv[i] = (dw[i] - v[i] / norm * dg[r]) * g[r] / norm;
      }
    }
    return backward ? Map.of("grad_weight_g", dg, "grad_weight_v", dv) : Map.of(Call.OUTPUT, w);
  }
}
