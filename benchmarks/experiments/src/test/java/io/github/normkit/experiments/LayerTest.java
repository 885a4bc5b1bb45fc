package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTest {

  private static final long SEED = 7;

  /** The layers are linear in each argument: a wide step costs nothing and drowns the rounding. */
  private static final float STEP = 0.5f;

  /** A few hundred products of numbers about 1, in float, over a step of 1. */
  private static final double ROUNDING = 1e-4;

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void gradientsOfConvolutionMatchCentralDifferences(int stride) {
    assertGradients(new Conv2d(2, 5, 4, 3, stride, random), random(Shape.of(3, 2, 5, 4)));
  }

  @Test
  void gradientsOfDenseLayerMatchCentralDifferences() {
    assertGradients(new Dense(12, 5, random), random(Shape.of(4, 3, 2, 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void convolutionIsTheSumOverTheWindow(int stride) {
    Conv2d layer = new Conv2d(2, 5, 4, 3, stride, random);
    float[] biases = random(Shape.of(3)).array();
    System.arraycopy(biases, 0, layer.parameters().get(1).value().array(), 0, 3);
    Tensor x = random(Shape.of(2, 2, 5, 4));
    Tensor weight = layer.parameters().get(0).value();
    Tensor bias = layer.parameters().get(1).value();
    Tensor y = layer.forward(x);
    assertThat(y.shape()).isEqualTo(stride == 1 ? Shape.of(2, 3, 5, 4) : Shape.of(2, 3, 3, 2));
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < y.shape().dim(2); i++) {
          for (int j = 0; j < y.shape().dim(3); j++) {
            assertThat((double) y.get(n, c, i, j))
                .isCloseTo(
                    bias.get(c) + window(x, weight, n, c, i * stride - 1, j * stride - 1),
                    within(1e-5));
          }
        }
      }
    }
  }

  private static double window(Tensor x, Tensor weight, int n, int c, int top, int left) {
    double sum = 0;
    for (int channel = 0; channel < x.shape().dim(1); channel++) {
      for (int i = Math.max(0, -top); i < 3 && top + i < x.shape().dim(2); i++) {
        for (int j = Math.max(0, -left); j < 3 && left + j < x.shape().dim(3); j++) {
          sum += (double) x.get(n, channel, top + i, left + j) * weight.get(c, channel, i, j);
        }
      }
    }
    return sum;
  }

  @Test
  void backwardAddsIntoTheGradientsUntilTheyAreCleared() {
    Dense layer = new Dense(3, 2, random);
    Tensor x = random(Shape.of(4, 3));
    Tensor dy = random(Shape.of(4, 2));
    layer.forward(x);
    layer.backward(dy);
    float once = layer.parameters().get(0).gradient().get(1, 2);
    layer.backward(dy);
    assertThat(layer.parameters().get(0).gradient().get(1, 2)).isEqualTo(once + once);
    layer.zeroGrad();
    for (Parameter parameter : layer.parameters()) {
      assertThat(parameter.gradient().toArray()).containsOnly(0);
    }
  }

  @Test
  void reluPassesPositiveValuesAndNaN() {
    Relu relu = new Relu();
    Tensor y = relu.forward(Tensor.of(Shape.of(4), -1, 2, 0, Float.NaN));
    assertThat(y.toArray()).containsExactly(0, 2, 0, Float.NaN);
    assertThat(relu.backward(Tensor.of(Shape.of(4), 5, 6, 7, 8)).toArray()).startsWith(0, 6, 0);
  }

  private void assertGradients(Layer layer, Tensor x) {
    new GradientCheck(SEED, STEP, ROUNDING).check(layer, x, random);
  }

  private Tensor random(Shape shape) {
    return GradientCheck.random(shape, random);
  }
}
