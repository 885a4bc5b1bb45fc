package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A NaN or an infinity spoils the set it is in, and what is summed over that set; all else keeps
 * its bits.
 */
class PoisonTest {

  private static final float[] POISONS = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  static Stream<LayerCase> layers() {
    List<LayerCase> layers = new ArrayList<>(LayerCase.withSetsOf(6, 1e-5));
    layers.addAll(LayerCase.withSetsOf(2 * 71, 1e-5));
    layers.add(LayerCase.layerNorm(70, 37, 1e-5));
    layers.add(LayerCase.rmsNorm(70, 37, 1e-5));
    layers.add(LayerCase.layerNorm(3, 4500, 1e-5));
    for (Layout layout : Layout.values()) {
      layers.add(LayerCase.batchNorm(layout, 70, 37, 1, 1e-5));
      layers.add(LayerCase.batchNorm(layout, 1, 3, 9001, 1e-5));
      layers.add(LayerCase.groupNorm(layout, 20, 3, 9, 35, 1e-5));
      layers.add(LayerCase.instanceNorm(layout, 20, 9, 35, 1e-5));
    }
    return layers.stream();
  }

  static Stream<LayerCase> layersWithRunningStatistics() {
    return layers().filter(layer -> layer.oracles().get() instanceof RunningOracle);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void inTheInputSpoilsItsSet(LayerCase layerCase) {
    Oracle oracle = layerCase.oracles().get();
    Result clean = Result.of(layerCase, true, Input.X, -1, 0);
    for (int place : places(layerCase.shape())) {
      int set = layerCase.sets().applyAsInt(place);
      IntPredicate spoilt = i -> layerCase.sets().applyAsInt(i) == set;
      boolean[] parameters = new boolean[layerCase.shape().size()];
      IntStream.range(0, layerCase.shape().size())
          .filter(spoilt)
          .forEach(i -> parameters[oracle.parameterOf(layerCase.shape(), i)] = true);
      for (float poison : POISONS) {
        String what = poison + " at " + place + " of x: ";
        Result got = Result.of(layerCase, true, Input.X, place, poison);
        assertThat(got.y[place]).as(what + "y").isNotFinite();
        assertSameBits(what + "y", got.y, clean.y, spoilt);
        assertSameBits(what + "dx", got.dx, clean.dx, spoilt);
        got.assertSameGradients(what, clean, p -> parameters[p], p -> parameters[p]);
        got.assertCloseBiasGradients(what, clean);
        got.assertSameState(what, clean, c -> parameters[c]);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void inTheGradientSpoilsItsSetAndTheParametersItMeets(LayerCase layerCase) {
    Result clean = Result.of(layerCase, true, Input.DY, -1, 0);
    for (int place : places(layerCase.shape())) {
      int set = layerCase.sets().applyAsInt(place);
      int parameter = layerCase.oracles().get().parameterOf(layerCase.shape(), place);
      for (float poison : POISONS) {
        String what = poison + " at " + place + " of dy: ";
        Result got = Result.of(layerCase, true, Input.DY, place, poison);
        assertThat(got.dx[place]).as(what + "dx").isNotFinite();
        assertThat(got.gradients.get("bias")[parameter]).as(what + "bias").isNotFinite();
        assertSameBits(what + "dx", got.dx, clean.dx, i -> layerCase.sets().applyAsInt(i) == set);
        got.assertSameGradients(what, clean, p -> p == parameter, p -> p == parameter);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layersWithRunningStatistics")
  void inEvaluationSpoilsItselfAlone(LayerCase layerCase) {
    Result clean = Result.of(layerCase, false, Input.X, -1, 0);
    for (int place : places(layerCase.shape())) {
      int parameter = layerCase.oracles().get().parameterOf(layerCase.shape(), place);
      for (float poison : POISONS) {
        String what = poison + " at " + place + " of x: ";
        Result x = Result.of(layerCase, false, Input.X, place, poison);
        assertThat(x.y[place]).as(what + "y").isNotFinite();
        assertSameBits(what + "y", x.y, clean.y, i -> i == place);
        assertSameBits(what + "dx", x.dx, clean.dx, i -> false);
        x.assertSameGradients(what, clean, p -> p == parameter, p -> p == parameter);
        x.assertCloseBiasGradients(what, clean);
        x.assertSameState(what, clean, c -> false);

        what = poison + " at " + place + " of dy: ";
        Result dy = Result.of(layerCase, false, Input.DY, place, poison);
        assertThat(dy.dx[place]).as(what + "dx").isNotFinite();
        assertSameBits(what + "dx", dy.dx, clean.dx, i -> i == place);
        dy.assertSameGradients(what, clean, p -> p == parameter, p -> p == parameter);
      }
    }
  }

  /** The first, the last, and some between: in a block, in a tail. */
  private static int[] places(Shape shape) {
    int n = shape.size();
    return IntStream.of(0, 1, n / 3, n / 2 + 1, n - 5, n - 1).distinct().toArray();
  }

  private static void assertSameBits(
      String what, float[] got, float[] clean, IntPredicate mayDiffer) {
    for (int i = 0; i < clean.length; i++) {
      if (!mayDiffer.test(i)) {
        assertThat(Float.floatToIntBits(got[i]))
            .as("%s[%d]: got %s, without the poison %s", what, i, got[i], clean[i])
            .isEqualTo(Float.floatToIntBits(clean[i]));
      }
    }
  }

  private enum Input {
    X,
    DY
  }

  /** All that a step leaves. */
  private record Result(
      float[] y, float[] dx, Map<String, float[]> gradients, Map<String, Tensor> state) {

    /** A step on the one input there is, but for the poison, if the place is not negative. */
    static Result of(LayerCase layerCase, boolean training, Input input, int place, float poison) {
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      NormLayer layer = layerCase.layer(random);
      if (!training) {
        layer.eval();
      }
      Tensor x = layerCase.gaussians(random);
      Tensor dy = layerCase.gaussians(random);
      if (place >= 0) {
        (input == Input.X ? x : dy).array()[place] = poison;
      }
      float[] y = layer.forward(x).toArray();
      float[] dx = layer.backward(dy).toArray();
      Map<String, float[]> gradients = new LinkedHashMap<>();
      layer.parameters().forEach(p -> gradients.put(p.name(), p.gradient().toArray()));
      return new Result(y, dx, gradients, layer.state());
    }

    void assertSameGradients(
        String what, Result clean, IntPredicate weightsMayDiffer, IntPredicate biasesMayDiffer) {
      gradients.forEach(
          (name, gradient) ->
              assertSameBits(
                  what + name + " gradient",
                  gradient,
                  clean.gradients.get(name),
                  name.equals("weight") ? weightsMayDiffer : biasesMayDiffer));
    }

    /**
     * Those of the bias do not depend on x: a poison there may cost them their last bit at most.
     */
    void assertCloseBiasGradients(String what, Result clean) {
      float[] got = gradients.get("bias");
      float[] expected = clean.gradients.get("bias");
      for (int p = 0; p < got.length; p++) {
        assertThat(got[p]).as("%sbias gradient[%d]", what, p).isCloseTo(expected[p], within(1e-4f));
      }
    }

    void assertSameState(String what, Result clean, IntPredicate channelMayDiffer) {
      state.forEach(
          (name, tensor) -> {
            if (name.startsWith("running")) {
              int channels = state.get("running_mean").shape().size();
              assertSameBits(
                  what + name,
                  tensor.toArray(),
                  clean.state.get(name).toArray(),
                  i -> channelMayDiffer.test(i % channels));
            }
          });
    }
  }
}
