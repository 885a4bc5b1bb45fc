package io.github.normkit.throughput;

import io.github.normkit.Mask;
import io.github.normkit.MaskedNormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A batch of sequences, of 64 positions down to 19, 512 elements each, and their padding. */
final class Padding {

  static final int SAMPLES = 16;
  static final int POSITIONS = 64;
  static final int WIDTH = 512;
  static final double EPSILON = 1e-5;

  private static final int ELEMENTS = SAMPLES * POSITIONS * WIDTH;
  private static final int SHORTER = 3;

  private Padding() {}

  static int length(int sample) {
    return POSITIONS - SHORTER * sample;
  }

  static float[] x() {
    return Case.gaussian(1, ELEMENTS, 0.3, 1.5);
  }

  static float[] dy() {
    return Case.gaussian(2, ELEMENTS, 0.1, 1);
  }

  static float[] weight() {
    return Case.gaussian(3, WIDTH, 1, 0.3);
  }

  static float[] bias() {
    return Case.gaussian(4, WIDTH, 0, 0.3);
  }

  /** In the padding nothing is read, and zeros are written. */
  static long bytes(boolean backward) {
    long counted = (long) IntStream.range(0, SAMPLES).map(Padding::length).sum() * WIDTH;
    return (backward ? 12 : 8) * counted + Float.BYTES * (ELEMENTS - counted);
  }

  static Call call(MaskedNormLayer layer, Shape shape, boolean backward) {
    Map<String, Tensor> state = new LinkedHashMap<>(layer.state());
    state.put("weight", Tensor.wrap(weight(), Shape.of(WIDTH)));
    state.put("bias", Tensor.wrap(bias(), Shape.of(WIDTH)));
    layer.loadState(state);
    int[] lengths = IntStream.range(0, SAMPLES).map(Padding::length).toArray();
    Mask mask = Mask.lengths(POSITIONS, lengths);
    Tensor x = Tensor.wrap(x(), shape);
    Tensor out = Tensor.zeros(shape);
    if (!backward) {
      return new LayerCall(layer, () -> layer.forward(x, mask, out), false, out, null);
    }
    layer.forward(x, mask, out);
    Tensor dy = Tensor.wrap(dy(), shape);
    return new LayerCall(layer, () -> layer.backward(dy, out), true, out, null);
  }

  /**
   * Returns what the formula gives, in float64.
   *
   * @param sets the elements that share statistics, for each set; those in the padding are in none
   * @param parameter the index of an element's weight and bias
   */
  static Map<String, double[]> expected(
      boolean backward, Stream<int[]> sets, IntUnaryOperator parameter) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] weight = Expected.wide(weight());
    double[] bias = Expected.wide(bias());
    double[] y = new double[ELEMENTS];
    double[] dx = new double[ELEMENTS];
    double[] dWeight = new double[WIDTH];
    double[] dBias = new double[WIDTH];
    sets.forEach(
        set -> {
          Standardized standardized = new Standardized(x, i -> set[i], set.length, EPSILON);
          for (int i = 0; i < set.length; i++) {
            int at = set[i];
            int p = parameter.applyAsInt(at);
            y[at] = standardized.xhat(i) * weight[p] + bias[p];
            dx[at] = dy[at] * weight[p];
            dWeight[p] += dy[at] * standardized.xhat(i);
            dBias[p] += dy[at];
          }
          standardized.backward(dx);
        });
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    return Map.of(Call.GRAD_INPUT, dx, Call.GRAD_WEIGHT, dWeight, Call.GRAD_BIAS, dBias);
  }
}
