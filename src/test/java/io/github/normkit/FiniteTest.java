package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.reference.Gradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finite input, however nasty, gives what the reference gives, and no NaN or infinity where the
 * exact result is a finite float.
 */
class FiniteTest {

  private static final int TRIALS = 300;
  private static final double[] EPSILONS = {1, 1e-5, 1e-5, 1e-12, 1e-30, 1e-45, 1e-80};
  private static final int[] LENGTHS = {2, 3, 4, 5, 6, 8, 16, 17, 33, 64, 65, 100, 131, 300, 4100};

  static Stream<Arguments> trials() {
    return IntStream.range(0, TRIALS)
        .boxed()
        .flatMap(
            i ->
                layers(Seeds.random(Seeds.seed(i))).stream()
                    .map(layer -> Arguments.of(layer, Seeds.seed(i))));
  }

  static Stream<Arguments> runningTrials() {
    return trials()
        .filter(trial -> ((LayerCase) trial.get()[0]).oracles().get() instanceof RunningOracle);
  }

  private static List<LayerCase> layers(RandomGenerator random) {
    double epsilon = EPSILONS[random.nextInt(EPSILONS.length)];
    int length = LENGTHS[random.nextInt(LENGTHS.length)];
    int n = random.nextInt(1, 5);
    int channels = random.nextInt(1, 4);
    List<LayerCase> layers = new ArrayList<>();
    layers.add(LayerCase.layerNorm(n, 1, epsilon));
    layers.add(LayerCase.rmsNorm(n, 1, epsilon));
    layers.add(LayerCase.layerNorm(n, length, epsilon));
    layers.add(LayerCase.rmsNorm(n, length, epsilon));
    for (Layout layout : Layout.values()) {
      layers.add(LayerCase.batchNorm(layout, n, channels, length, epsilon));
      layers.add(LayerCase.groupNorm(layout, n, channels, 2 * channels, length, epsilon));
      layers.add(LayerCase.groupNorm(layout, n + 1, channels, channels, 1, epsilon));
      layers.add(LayerCase.instanceNorm(layout, n, channels, length, epsilon));
    }
    return layers;
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("trials")
  void trainingIsFiniteAndRight(LayerCase layerCase, long seed) {
    RandomGenerator random = Seeds.random(seed);
    NormLayer layer = layer(layerCase, random);
    Oracle oracle = layerCase.oracles().get();
    assertStep(layerCase, layer, oracle, random);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("runningTrials")
  void evaluationByRunningStatisticsIsFiniteAndRight(LayerCase layerCase, long seed) {
    RandomGenerator random = Seeds.random(seed);
    NormLayer layer = layer(layerCase, random);
    layer.eval();
    RunningOracle oracle = (RunningOracle) layerCase.oracles().get();
    int channels = oracle.channels;
    Tensor mean = nasty(random, Shape.of(channels));
    Tensor variance = nasty(random, Shape.of(channels));
    for (int c = 0; c < channels; c++) {
      variance.array()[c] = Math.abs(variance.array()[c]);
    }
    load(layer, mean, variance);
    oracle.load(Trial.wide(mean), Trial.wide(variance));
    assertStep(layerCase, layer, oracle, random);
  }

  @Test
  void aDifferenceBeyondFloatTimesAWeightOfZeroIsTheBias() {
    for (Layout layout : Layout.values()) {
      NormLayer layer = BatchNorm.builder(2).layout(layout).build();
      load(layer, Tensor.of(Shape.of(2), -3e38f, 0), Tensor.ones(Shape.of(2)));
      layer.parameters().get(0).value().set(0, 0);
      layer.parameters().get(1).value().set(0.3f, 0);
      assertThat(layer.infer(Tensor.of(Shape.of(1, 2), 3e38f, 1)).get(0, 0)).isEqualTo(0.3f);
    }
  }

  @Test
  void aProductBeyondFloatThatTheBiasBringsBackIsFinite() {
    for (NormLayer layer : List.of(new LayerNorm(8), RMSNorm.builder(8).bias(true).build())) {
      Arrays.fill(layer.parameters().get(0).value().array(), 2e38f);
      Arrays.fill(layer.parameters().get(1).value().array(), -2e38f);
      Tensor y = layer.forward(Tensor.of(Shape.of(8), 1, 0, 0, 0, 0, 0, 0, 0));
      assertThat(y.get(0)).isCloseTo(3.2e38f, within(5e37f));
    }
  }

  private static NormLayer layer(LayerCase layerCase, RandomGenerator random) {
    NormLayer layer = layerCase.builder().build();
    layer.parameters().forEach(parameter -> NastyFloats.fill(random, parameter.value()));
    return layer;
  }

  private static void load(NormLayer layer, Tensor mean, Tensor variance) {
    Map<String, Tensor> state = layer.state();
    state.put("running_mean", mean);
    state.put("running_var", variance);
    state.remove("running_residual");
    layer.loadState(state);
  }

  private static void assertStep(
      LayerCase layerCase, NormLayer layer, Oracle oracle, RandomGenerator random) {
    Tensor x = nasty(random, layerCase.shape());
    Tensor dy = nasty(random, layerCase.shape());
    double[] wide = Trial.wide(x);
    double[] wideDy = Trial.wide(dy);
    oracle.take(layer.parameters(), false);
    double[] y = oracle.forward(x.shape(), wide, layer.isTraining());
    assertClose("y", layer.forward(x), y, oracle.yScale(), 1);

    Gradients expected = oracle.backward(wideDy);
    assertClose("dx", layer.backward(dy), expected.dx(), oracle.dxScale(wideDy), 1);
    for (Parameter parameter : layer.parameters()) {
      int n = parameter.value().shape().size();
      int terms = wide.length / n;
      boolean weight = parameter.name().equals("weight");
      assertClose(
          parameter.name() + " gradient",
          parameter.gradient(),
          weight ? expected.dWeight() : expected.dBias(),
          weight ? oracle.dWeightScale(wideDy, n) : oracle.dBiasScale(wideDy, n),
          terms);
    }
    oracle
        .runningStatistics()
        .forEach(
            (name, statistic) ->
                assertClose(
                    name,
                    layer.state().get(name),
                    statistic,
                    name.equals("running_mean") ? oracle.runningMeanScale() : 0,
                    1));
    if (!layer.isTraining()) {
      double scale = oracle.inferScale(x.shape(), wide);
      assertClose("inferred", layer.infer(x), oracle.infer(x.shape(), wide), scale, 1);
    }
  }

  private static Tensor nasty(RandomGenerator random, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    NastyFloats.fill(random, tensor);
    return tensor;
  }

  /**
   * Compares by the natural tolerance, and among denormals by a few steps and one for each term.
   *
   * <p>Unless terms so large that double rounds them by more than the largest float cancel: then
   * the reference itself knows no digit.
   */
  private static void assertClose(
      String what, Tensor got, double[] expected, double scaleAtLeast, int terms) {
    double scale = Math.max(scaleAtLeast, NaturalTolerance.largest(expected));
    if (scale * expected.length * 0x1p-52 > Float.MAX_VALUE) {
      return;
    }
    double least = (3 + terms) * (double) Float.MIN_VALUE;
    float[] values = got.toArray();
    for (int i = 0; i < values.length; i++) {
      double tolerance = 1e-5 * Math.abs(expected[i]) + Math.max(1e-6 * scale, least);
      boolean right =
          Float.isFinite((float) expected[i])
              ? Math.abs(values[i] - expected[i]) <= tolerance
              : isAlmostInfinite(values[i], expected[i], tolerance);
      if (!right) {
        fail(
            "%s[%d] of %s: got %s, expected %s, tolerance %.3g of scale %.3g",
            what, i, got.shape(), values[i], expected[i], tolerance, scale);
      }
    }
  }

  /** Whether a value may stand for one that float does not hold: an infinity, or nearly. */
  private static boolean isAlmostInfinite(float got, double expected, double tolerance) {
    double size = Math.copySign(1, expected) * got;
    boolean eitherSign = Math.abs(expected) + Float.MAX_VALUE <= tolerance;
    return size == Double.POSITIVE_INFINITY
        || size >= Math.abs(expected) - tolerance
        || (eitherSign && size == Double.NEGATIVE_INFINITY);
  }
}
