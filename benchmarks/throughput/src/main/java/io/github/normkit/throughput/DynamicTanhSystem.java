package io.github.normkit.throughput;

import io.github.normkit.DynamicTanh;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tangent in the place of a normalizer of rows. */
final class DynamicTanhSystem implements AroundSystem {

  private static final int ROWS = 512;
  private static final int COLS = 1024;
  private static final float ALPHA = 0.8f;

  private static float[] x() {
    return Case.gaussian(1, ROWS * COLS, 0.3, 1.5);
  }

  private static float[] dy() {
    return Case.gaussian(2, ROWS * COLS, 0.1, 1);
  }

  private static float[] weight() {
    return Case.gaussian(3, COLS, 1, 0.3);
  }

  private static float[] bias() {
    return Case.gaussian(4, COLS, 0, 0.3);
  }

  @Override
  public String shape() {
    return ROWS + "x" + COLS;
  }

  @Override
  public long bytes(boolean backward) {
    return (backward ? 12L : 8L) * ROWS * COLS;
  }

  @Override
  public Call bind(boolean backward) {
    DynamicTanh layer = new DynamicTanh(COLS);
    Shape cols = Shape.of(COLS);
    layer.loadState(
        Map.of(
            "alpha", Tensor.full(Shape.of(1), ALPHA),
            "weight", Tensor.wrap(weight(), cols),
            "bias", Tensor.wrap(bias(), cols)));
    Shape shape = Shape.of(ROWS, COLS);
    Tensor dy = backward ? Tensor.wrap(dy(), shape) : null;
    return LayerCall.of(layer, Tensor.wrap(x(), shape), dy, null);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] weight = Expected.wide(weight());
    double[] bias = Expected.wide(bias());
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dAlpha = new double[1];
    double[] dWeight = new double[COLS];
    double[] dBias = new double[COLS];
    for (int i = 0; i < x.length; i++) {
      int c = i % COLS;
      double t = Math.tanh(ALPHA * x[i]);
      double g = dy[i] * weight[c] * (1 - t * t);
      y[i] = t * weight[c] + bias[c];
      dx[i] = g * ALPHA;
      dAlpha[0] += g * x[i];
      dWeight[c] += dy[i] * t;
      dBias[c] += dy[i];
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put("grad_alpha", dAlpha);
    gradients.put(Call.GRAD_WEIGHT, dWeight);
    gradients.put(Call.GRAD_BIAS, dBias);
    return gradients;
  }
}
