package io.github.normkit.throughput;

import io.github.normkit.FilterResponseNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Filter response normalization of images, with its threshold. */
final class FilterResponseSystem implements AroundSystem {

  private static final int SAMPLES = 8;
  private static final int CHANNELS = 256;
  private static final int SIDE = 14;
  private static final int PLANE = SIDE * SIDE;
  private static final int ELEMENTS = SAMPLES * CHANNELS * PLANE;
  private static final double EPSILON = 1e-6;

  private static float[] x() {
    return Case.gaussian(1, ELEMENTS, 0.3, 1.5);
  }

  private static float[] dy() {
    return Case.gaussian(2, ELEMENTS, 0.1, 1);
  }

  private static float[] weight() {
    return Case.gaussian(3, CHANNELS, 1, 0.3);
  }

  private static float[] bias() {
    return Case.gaussian(4, CHANNELS, 0, 0.3);
  }

  private static float[] tau() {
    return Case.gaussian(5, CHANNELS, -0.2, 0.3);
  }

  @Override
  public String shape() {
    return SAMPLES + "x" + CHANNELS + "x" + SIDE + "x" + SIDE;
  }

  @Override
  public long bytes(boolean backward) {
    return (backward ? 12L : 8L) * ELEMENTS;
  }

  @Override
  public Call bind(boolean backward) {
    FilterResponseNorm layer = FilterResponseNorm.builder(CHANNELS).epsilon(EPSILON).build();
    Shape channels = Shape.of(CHANNELS);
    layer.loadState(
        Map.of(
            "weight", Tensor.wrap(weight(), channels),
            "bias", Tensor.wrap(bias(), channels),
            "tau", Tensor.wrap(tau(), channels)));
    Shape shape = Shape.of(SAMPLES, CHANNELS, SIDE, SIDE);
    Tensor dy = backward ? Tensor.wrap(dy(), shape) : null;
    return LayerCall.of(layer, Tensor.wrap(x(), shape), dy, null);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] weight = Expected.wide(weight());
    double[] bias = Expected.wide(bias());
    double[] tau = Expected.wide(tau());
    double[] y = new double[ELEMENTS];
    double[] dx = new double[ELEMENTS];
    double[] dWeight = new double[CHANNELS];
    double[] dBias = new double[CHANNELS];
    double[] dTau = new double[CHANNELS];
    for (int plane = 0; plane < SAMPLES * CHANNELS; plane++) {
      int c = plane % CHANNELS;
      int from = plane * PLANE;
      int to = from + PLANE;
      double squares = 0;
      for (int i = from; i < to; i++) {
        squares += x[i] * x[i];
      }
      double root = Math.sqrt(squares / PLANE + EPSILON);
      double dot = 0;
      for (int i = from; i < to; i++) {
        double xhat = x[i] / root;
        double z = xhat * weight[c] + bias[c];
        y[i] = Math.max(z, tau[c]);
        if (z >= tau[c]) {
          dx[i] = dy[i] * weight[c];
          dot += dx[i] * xhat;
          dWeight[c] += dy[i] * xhat;
          dBias[c] += dy[i];
        } else {
          dTau[c] += dy[i];
        }
      }
      for (int i = from; i < to; i++) {
        dx[i] = (dx[i] - x[i] / root * dot / PLANE) / root;
      }
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put(Call.GRAD_WEIGHT, dWeight);
    gradients.put(Call.GRAD_BIAS, dBias);
    gradients.put("grad_tau", dTau);
    return gradients;
  }
}
