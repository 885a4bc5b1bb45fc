package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inputs at the ends of what float32 holds, against the float64 reference: large means, tiny and
 * huge spreads, outliers, constants, denormals. What is finite in the reference is finite here.
 */
class ExtremesTest {

  private static final int CHANNELS = 6;

  /** An input: element i of n is drawn for its set. */
  private record Kind(String name, double epsilon, Values values) {

    @Override
    public String toString() {
      return name;
    }
  }

  private interface Values {
    double draw(RandomGenerator random, int i);
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("mean 1e4", 1e-5, (r, i) -> 1e4 + r.nextGaussian()),
          new Kind("mean 1e7", 1e-5, (r, i) -> -1e7 + r.nextGaussian()),
          new Kind("mean 1e5", 1e-5, (r, i) -> 1e5 + 1 / 3.0 + r.nextGaussian()),
          new Kind("mean 1e6", 1e-5, (r, i) -> 1e6 + r.nextGaussian()),
          new Kind("spread 1e-30", 1e-5, (r, i) -> 1e-30 * r.nextGaussian()),
          new Kind("spread 1e-30, small epsilon", 1e-70, (r, i) -> 1e-30 * r.nextGaussian()),
          new Kind("spread 1e-15, small epsilon", 1e-40, (r, i) -> 1e-15 * r.nextGaussian()),
          new Kind("spread 1e-21, small epsilon", 1e-45, (r, i) -> 1e-21 * r.nextGaussian()),
          new Kind("spread 1e-7, small epsilon", 1e-17, (r, i) -> 1e-7 * r.nextGaussian()),
          new Kind("spread 1e7", 1e-5, (r, i) -> 1e7 * r.nextGaussian()),
          new Kind("spread 1e15", 1e-5, (r, i) -> 1e15 * r.nextGaussian()),
          new Kind("spread 1e22", 1e-5, (r, i) -> 1e22 * r.nextGaussian()),
          new Kind("spread 1e30", 1e-5, (r, i) -> 1e30 * r.nextGaussian()),
          new Kind("spread 1e37", 1e-5, (r, i) -> 1e37 * r.nextGaussian()),
          new Kind("both ends", 1e-5, (r, i) -> i % 2 == 0 ? 3.4e38 : -3.4e38),
          new Kind("denormal", 1e-5, (r, i) -> 1e-41 * r.nextGaussian()),
          new Kind("denormal, small epsilon", 1e-90, (r, i) -> 1e-41 * r.nextGaussian()),
          new Kind("constant", 1e-12, (r, i) -> 0.1),
          new Kind("constant huge", 1e-5, (r, i) -> 3.3e38),
          new Kind("constant tiny", 1e-30, (r, i) -> 1e-44),
          new Kind("first is an outlier", 1e-5, (r, i) -> i == 0 ? 1e6 : r.nextGaussian()),
          new Kind("one is an outlier", 1e-5, (r, i) -> i == 77 ? -1e6 : r.nextGaussian()),
          new Kind("step", 1e-5, (r, i) -> (i < 100 ? 0 : 1e4) + r.nextGaussian()),
          new Kind("one of another size", 1e-12, (r, i) -> i == 5 ? 1 : 1e-20));

  static Stream<Arguments> trials() {
    List<Arguments> trials = new ArrayList<>();
    for (Kind kind : KINDS) {
      for (LayerCase layer : layers(kind.epsilon())) {
        trials.add(Arguments.of(kind, layer));
      }
    }
    return trials.stream();
  }

  private static List<LayerCase> layers(double epsilon) {
    List<LayerCase> layers = new ArrayList<>();
    for (int n : new int[] {2, 3, 77, 300, 5000}) {
      layers.add(LayerCase.layerNorm(3, n, epsilon));
      layers.add(LayerCase.rmsNorm(3, n, epsilon));
    }
    for (Layout layout : Layout.values()) {
      for (int places : new int[] {1, 5, 200}) {
        layers.add(LayerCase.batchNorm(layout, 4, CHANNELS, places, epsilon));
        layers.add(LayerCase.groupNorm(layout, 4, 2, CHANNELS, places, epsilon));
        if (places > 1) {
          layers.add(LayerCase.instanceNorm(layout, 4, CHANNELS, places, epsilon));
        }
      }
      layers.add(LayerCase.groupNorm(layout, 4, CHANNELS, CHANNELS, 1, epsilon));
    }
    return layers;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("trials")
  void forwardAndBackwardAreRight(Kind kind, LayerCase trial) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    Shape shape = trial.shape();
    Tensor x = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      x.array()[i] = (float) kind.values().draw(random, i);
    }
    trial.assertRight("", trial.builder().build(), x, Trial.gradient(random, shape));
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-38f, 1e-30f, 1e20f, 1e37f})
  void gradientsOfAnySizeAreRight(float size) {
    for (LayerCase trial : layers(1)) {
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      Shape shape = trial.shape();
      Tensor x = Tensor.zeros(shape);
      Tensor dy = Tensor.zeros(shape);
      for (int i = 0; i < shape.size(); i++) {
        x.array()[i] = (float) random.nextGaussian();
        // Stripes: sums that overflow on their way although they end small.
        dy.array()[i] =
            (float) (size * (i < shape.size() / 2 ? 1 : -1) * (1 + random.nextDouble()));
      }
      trial.assertRight(trial + " ", trial.builder().build(), x, dy);
    }
  }

  /** Squares of such numbers are denormal floats of a few digits, or 0. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-24, 1e-23, 1e-22, 1e-21, 1e-20, 1e-19, 1e-18})
  void squaresThatUnderflowAreRight(double size) {
    for (LayerCase trial : layers(1e-45)) {
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      Tensor x = Tensor.zeros(trial.shape());
      for (int i = 0; i < x.shape().size(); i++) {
        x.array()[i] = (float) (size * (random.nextBoolean() ? 1.2 : -0.9));
      }
      Tensor dy = Trial.gradient(random, trial.shape());
      trial.assertRight(trial + " ", trial.builder().build(), x, dy);
    }
  }

  @Test
  void sumsOfManyRowsThatOverflowOnTheirWayAreRight() {
    LayerNorm layer = LayerNorm.builder(8).epsilon(1).build();
    Tensor x = Tensor.zeros(Shape.of(64, 8));
    Tensor dy = Tensor.zeros(x.shape());
    for (int i = 0; i < x.shape().size(); i++) {
      x.array()[i] = i * i % 13;
      dy.array()[i] = i < x.shape().size() / 2 ? 3e37f : -3e37f;
    }
    layer.forward(x);
    layer.backward(dy);
    assertThat(layer.parameters().get(1).gradient().toArray()).containsOnly(0f);
  }

  @Test
  void rowsOfOneElementGiveTheBiasAndNoGradient() {
    LayerNorm layer = new LayerNorm(1);
    layer.parameters().get(1).value().set(0.7f, 0);
    Tensor x = Tensor.of(Shape.of(4, 1), 3, -1e30f, 1e-40f, 0);
    assertThat(layer.forward(x).toArray()).containsOnly(0.7f);
    assertThat(layer.backward(x).toArray()).containsOnly(0f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-70, 1e-5})
  void constantSetsOfAnySizeGiveZeroAndNoGradientOfTheWeight(double epsilon) {
    for (LayerCase trial : layers(epsilon)) {
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      for (int exponent = -149; trial.centred() && exponent < 128; exponent += 3) {
        float value = Math.scalb(random.nextFloat(1, 2), exponent);
        NormLayer layer = trial.builder().build();
        String what = trial + " of " + value;
        assertZero(what, layer.forward(Tensor.full(trial.shape(), value)));
        layer.backward(trial.gaussians(random));
        assertZero(what + ", weight gradient", layer.parameters().get(0).gradient());
      }
    }
  }

  private static void assertZero(String what, Tensor tensor) {
    for (float value : tensor.toArray()) {
      assertThat(Math.abs(value)).as(what).isEqualTo(0);
    }
  }

  @Test
  void constantRowsGiveTheBiasExactly() {
    for (float value : new float[] {0.1f, -3.3f, 1 / 3f, 10000.5f, 3e38f, Float.MIN_VALUE, 0}) {
      for (int n : new int[] {1, 2, 3, 64, 100, 4097}) {
        LayerNorm layer = LayerNorm.builder(n).epsilon(1e-12).build();
        Tensor bias = layer.parameters().get(1).value();
        Arrays.fill(bias.array(), 0.3f);
        Tensor y = layer.forward(Tensor.full(Shape.of(2, n), value));
        assertThat(y.toArray()).as("%s, %d", value, n).containsOnly(0.3f);
      }
    }
  }

  @Test
  void constantGradientsOfConstantSetsAreExactlyZero() {
    for (float value : new float[] {0.1f, -3.3f, 10000.5f, 1e20f, Float.MIN_VALUE, 0}) {
      for (int n : new int[] {2, 9, 100, 1000, 4099}) {
        assertNoGradient(new LayerNorm(n), Shape.of(3, n), value);
        assertNoGradient(new GroupNorm(4, 4), Shape.of(3, 4, n), value);
        assertNoGradient(new BatchNorm(4), Shape.of(3, 4, n), value);
        Layout last = Layout.CHANNELS_LAST;
        assertNoGradient(BatchNorm.builder(4).layout(last).build(), Shape.of(3, n, 4), value);
      }
    }
  }

  private static void assertNoGradient(NormLayer layer, Shape shape, float value) {
    Arrays.fill(layer.parameters().get(0).value().array(), 0.7f);
    layer.forward(Tensor.full(shape, value));
    Tensor dx = layer.backward(Tensor.full(shape, 1 / 3f));
    assertThat(dx.toArray()).as("%s of %s in %s", layer, value, shape).containsOnly(0f);
  }
}
