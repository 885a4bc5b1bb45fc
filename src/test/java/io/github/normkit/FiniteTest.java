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

  /** Of a sum in double of as many terms as there are here. */
  private static final double DOUBLE_ROUNDING = 0x1p-46;

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
      Arrays.fill(layer.parameters().get(0).value().array(), 1.5e38f);
      Arrays.fill(layer.parameters().get(1).value().array(), -1.5e38f);
      Tensor y = layer.forward(Tensor.of(Shape.of(8), 1, 0, 0, 0, 0, 0, 0, 0));
      assertThat(y.get(0)).isCloseTo(2.6e38f, within(2e37f));
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
    double xhat = oracle.largestXhat();
    double weight = largestWeight(layer);
    assertClose("y", layer.forward(x), y, oracle.yScale(), xhat * weight, 1);
    assertClose("inferred", layer, oracle, x);

    double gradient = NaturalTolerance.largest(wideDy);
    Gradients expected = oracle.backward(wideDy);
    double largestTerm = oracle.largestRstd() * gradient * weight * (1 + xhat * xhat);
    assertClose("dx", layer.backward(dy), expected.dx(), oracle.dxScale(wideDy), largestTerm, 1);
    for (Parameter parameter : layer.parameters()) {
      int n = parameter.value().shape().size();
      int terms = wide.length / n;
      boolean ofWeight = parameter.name().equals("weight");
      assertClose(
          parameter.name() + " gradient",
          parameter.gradient(),
          ofWeight ? expected.dWeight() : expected.dBias(),
          ofWeight ? oracle.dWeightScale(wideDy, n) : oracle.dBiasScale(wideDy, n),
          terms * gradient * (ofWeight ? xhat : 1),
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
                    0,
                    1));
  }

  /** After training the running variance may be more than a state of floats can hold. */
  private static void assertClose(String what, NormLayer layer, Oracle oracle, Tensor x) {
    if (!layer.isTraining()) {
      double[] wide = Trial.wide(x);
      double scale = oracle.inferScale(x.shape(), wide);
      double term = oracle.largestXhat() * largestWeight(layer);
      assertClose(what, layer.infer(x), oracle.infer(x.shape(), wide), scale, term, 1);
    }
  }

  private static double largestWeight(NormLayer layer) {
    return NaturalTolerance.largest(Trial.wide(layer.parameters().get(0).value()));
  }

  private static Tensor nasty(RandomGenerator random, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    NastyFloats.fill(random, tensor);
    return tensor;
  }

  /**
   * Compares by the natural tolerance, among denormals by a few steps and one for each term, and
   * never by more digits than double leaves: where its rounding of the largest term it may meet is
   * beyond float, an infinity is as right as what the reference says. A NaN never is.
   */
  private static void assertClose(
      String what,
      Tensor got,
      double[] expected,
      double scaleAtLeast,
      double largestTerm,
      int terms) {
    double scale = Math.max(scaleAtLeast, NaturalTolerance.largest(expected));
    double least = (3 + terms) * (double) Float.MIN_VALUE + DOUBLE_ROUNDING * largestTerm;
    float[] values = got.toArray();
    for (int i = 0; i < values.length; i++) {
      double tolerance = 1e-5 * Math.abs(expected[i]) + Math.max(1e-6 * scale, least);
      boolean beyond = Float.isInfinite((float) expected[i]);
      double slack = beyond ? tolerance : DOUBLE_ROUNDING * largestTerm;
      boolean right =
          Math.abs(values[i] - expected[i]) <= tolerance
              || (values[i] == Float.POSITIVE_INFINITY && expected[i] + slack > Float.MAX_VALUE)
              || (values[i] == Float.NEGATIVE_INFINITY && expected[i] - slack < -Float.MAX_VALUE);
      if (!right) {
        fail(
            "%s[%d] of %s: got %s, expected %s, tolerance %.3g of scale %.3g",
            what, i, got.shape(), values[i], expected[i], tolerance, scale);
      }
    }
  }
}
