package io.github.normkit.throughput;

import io.github.normkit.LayerNorm;
import io.github.normkit.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** LayerNorm of the positions of sequences, but for their padding. */
final class MaskedLayerSystem implements AroundSystem {

  @Override
  public String shape() {
    return Padding.SAMPLES + "x" + Padding.POSITIONS + "x" + Padding.WIDTH;
  }

  @Override
  public long bytes(boolean backward) {
    return Padding.bytes(backward);
  }

  @Override
  public Call bind(boolean backward) {
    LayerNorm layer = LayerNorm.builder(Padding.WIDTH).epsilon(Padding.EPSILON).build();
    Shape shape = Shape.of(Padding.SAMPLES, Padding.POSITIONS, Padding.WIDTH);
    return Padding.call(layer, shape, backward);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    int width = Padding.WIDTH;
    double[] x = Expected.wide(Padding.x());
    double[] dy = Expected.wide(Padding.dy());
    double[] weight = Expected.wide(Padding.weight());
    double[] bias = Expected.wide(Padding.bias());
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dWeight = new double[width];
    double[] dBias = new double[width];
    for (int n = 0; n < Padding.SAMPLES; n++) {
      for (int l = 0; l < Padding.length(n); l++) {
        int at = (n * Padding.POSITIONS + l) * width;
        Standardized row = new Standardized(x, i -> at + i, width, Padding.EPSILON);
        for (int i = 0; i < width; i++) {
          y[at + i] = row.xhat(i) * weight[i] + bias[i];
          dx[at + i] = dy[at + i] * weight[i];
          dWeight[i] += dy[at + i] * row.xhat(i);
          dBias[i] += dy[at + i];
        }
        row.backward(dx);
      }
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put(Call.GRAD_WEIGHT, dWeight);
    gradients.put(Call.GRAD_BIAS, dBias);
    return gradients;
  }
}
