package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;

/**
 * Compares the gradients of layers with central differences.
 *
 * @param seed shown on failure
 * @param step to either side
 * @param rounding what the difference may be off by
 */
record GradientCheck(long seed, float step, double rounding) {

  /**
   * Checks the gradients of the input and of all parameters, for random gradients of the output.
   */
  void check(Layer layer, Tensor x, Random random) {
    Tensor dy = random(layer.forward(x).shape(), random);
    layer.zeroGrad();
    layer.forward(x);
    float[] dx = layer.backward(dy).toArray();
    checkSlopes(layer, x, dy, x, dx, "input");
    for (Parameter parameter : layer.parameters()) {
      float[] gradient = parameter.gradient().toArray();
      checkSlopes(layer, x, dy, parameter.value(), gradient, parameter.name());
    }
  }

  private void checkSlopes(
      Layer layer, Tensor x, Tensor dy, Tensor moved, float[] gradient, String name) {
    float[] values = moved.array();
    for (int i = 0; i < gradient.length; i++) {
      int at = moved.offset() + i;
      float value = values[at];
      values[at] = value + step;
      double above = dot(layer.forward(x), dy);
      values[at] = value - step;
      double below = dot(layer.forward(x), dy);
      values[at] = value;
      assertThat((double) gradient[i])
          .as("gradient of %s %d, seed %d", name, i, seed)
          .isCloseTo((above - below) / (2 * step), within(rounding));
    }
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    float[] left = Layer.values(a);
    float[] right = Layer.values(b);
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  /** Returns a tensor of elements from -1 to 1. */
  static Tensor random(Shape shape, Random random) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = 2 * random.nextFloat() - 1;
    }
    return tensor;
  }
}
