package io.github.normkit.throughput;

import io.github.normkit.LocalResponseNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;

/** Local response normalization of AlexNet's first images, with an α that tells in the results. */
final class LocalResponseSystem implements AroundSystem {

  private static final int SAMPLES = 2;
  private static final int CHANNELS = 96;
  private static final int SIDE = 55;
  private static final int PLANE = SIDE * SIDE;
  private static final int ELEMENTS = SAMPLES * CHANNELS * PLANE;
  private static final int WINDOW = 5;
  private static final double ALPHA = 1;
  private static final double BETA = 0.75;
  private static final double K = 2;

  private static float[] x() {
    return Case.gaussian(1, ELEMENTS, 0.3, 1.5);
  }

  private static float[] dy() {
    return Case.gaussian(2, ELEMENTS, 0.1, 1);
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
    LocalResponseNorm layer =
        LocalResponseNorm.builder(WINDOW).alpha(ALPHA).beta(BETA).k(K).build();
    Shape shape = Shape.of(SAMPLES, CHANNELS, SIDE, SIDE);
    Tensor dy = backward ? Tensor.wrap(dy(), shape) : null;
    return LayerCall.of(layer, Tensor.wrap(x(), shape), dy, null);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] divisor = new double[ELEMENTS];
    double[] y = new double[ELEMENTS];
    double[] term = new double[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      double squares = 0;
      for (int j = first(i); j <= last(i); j += PLANE) {
        squares += x[j] * x[j];
      }
      divisor[i] = K + ALPHA / WINDOW * squares;
      y[i] = x[i] * Math.pow(divisor[i], -BETA);
      term[i] = dy[i] * x[i] * Math.pow(divisor[i], -BETA - 1);
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    double[] dx = new double[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      double terms = 0;
      for (int j = first(i); j <= last(i); j += PLANE) {
        terms += term[j];
      }
      dx[i] = dy[i] * Math.pow(divisor[i], -BETA) - 2 * ALPHA * BETA / WINDOW * x[i] * terms;
    }
    return Map.of(Call.GRAD_INPUT, dx);
  }

  /** The window's first element: of an odd size it reaches as far to both sides. */
  private static int first(int i) {
    int channel = i / PLANE % CHANNELS;
    return i - Math.min(channel, WINDOW / 2) * PLANE;
  }

  private static int last(int i) {
    int channel = i / PLANE % CHANNELS;
    return i + Math.min(CHANNELS - 1 - channel, WINDOW / 2) * PLANE;
  }
}
