package io.github.normkit.throughput;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.weights.NormalizedWeight;
import io.github.normkit.weights.SpectralNorm;
import java.util.Map;

/** Spectral normalization in training, with one power iteration from vectors that are given. */
final class SpectralNormSystem extends WeightSystem {

  private static float[] unit(int seed, int length) {
    float[] vector = Case.gaussian(seed, length, 0, 1);
    double norm = norm(Expected.wide(vector));
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
    return vector;
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  @Override
  NormalizedWeight norm() {
    return new SpectralNorm(Tensor.wrap(weight(), SHAPE));
  }

  @Override
  Map<String, Tensor> state() {
    return Map.of(
        "weight_orig", Tensor.wrap(weight(), SHAPE),
        "weight_u", Tensor.wrap(unit(3, ROWS), Shape.of(ROWS)),
        "weight_v", Tensor.wrap(unit(4, COLUMNS), Shape.of(COLUMNS)));
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] weight = Expected.wide(weight());
    double[] dw = Expected.wide(dw());
    double[] u = Expected.wide(unit(3, ROWS));
    double[] v = new double[COLUMNS];
    for (int i = 0; i < weight.length; i++) {
      v[i % COLUMNS] += weight[i] * u[i / COLUMNS];
    }
    divide(v, norm(v));
    u = new double[ROWS];
    for (int i = 0; i < weight.length; i++) {
      u[i / COLUMNS] += weight[i] * v[i % COLUMNS];
    }
    divide(u, norm(u));
    double sigma = 0;
    double dot = 0;
    for (int i = 0; i < weight.length; i++) {
      sigma += u[i / COLUMNS] * weight[i] * v[i % COLUMNS];
      dot += dw[i] * weight[i];
    }
    double[] gradient = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      gradient[i] = dw[i] / sigma - u[i / COLUMNS] * v[i % COLUMNS] * dot / (sigma * sigma);
    }
    divide(weight, sigma);
    return backward ? Map.of("grad_weight_orig", gradient) : Map.of(Call.OUTPUT, weight);
  }

  private static void divide(double[] values, double divisor) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= divisor;
    }
  }
}
