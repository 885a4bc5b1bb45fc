package io.github.normkit.weights;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.Parameter;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all normalized weights have in common. */
class NormalizedWeightTest {

  private static final Shape SHAPE = Shape.of(4, 3, 2);

  private enum Kind {
    WEIGHT_NORM("WeightNorm"),
    WEIGHT_STANDARDIZATION("WeightStandardization"),
    SPECTRAL_NORM("SpectralNorm");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    NormalizedWeight of(Tensor weight) {
      return switch (this) {
        case WEIGHT_NORM -> new WeightNorm(weight);
        case WEIGHT_STANDARDIZATION -> WeightStandardization.builder(weight).gain(true).build();
        case SPECTRAL_NORM -> new SpectralNorm(weight);
      };
    }

    NormalizedWeight make(long seed) {
      return of(Draw.gaussians(Seeds.random(seed), SHAPE));
    }

    /** One that has been trained for some steps. */
    NormalizedWeight trained(long seed) {
      NormalizedWeight weight = make(seed);
      for (int step = 0; step < 3; step++) {
        step(weight, seed + step);
      }
      return weight;
    }
  }

  private static void step(NormalizedWeight weight, long seed) {
    weight.zeroGrad();
    weight.forward();
    weight.backward(Draw.gaussians(Seeds.random(seed), SHAPE));
    for (Parameter parameter : weight.parameters()) {
      float[] value = parameter.value().array();
      for (int i = 0; i < value.length; i++) {
        value[i] -= 0.1f * parameter.gradient().array()[i];
      }
    }
  }

  private static Map<String, Tensor> gradients(NormalizedWeight weight) {
    Map<String, Tensor> gradients = new HashMap<>();
    for (Parameter p : weight.parameters()) {
      gradients.put(p.name(), Tensor.of(p.gradient().shape(), p.gradient().toArray()));
    }
    return gradients;
  }

  @ParameterizedTest
  @EnumSource
  void trainingIsByDefaultAndCanBeSwitched(Kind kind) {
    NormalizedWeight weight = kind.make(Seeds.seed(0));
    assertThat(weight.isTraining()).isTrue();
    weight.eval();
    assertThat(weight.isTraining()).isFalse();
    weight.train();
    assertThat(weight.isTraining()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theGivenWeightIsCopied(Kind kind) {
    Tensor given = Draw.gaussians(Seeds.random(Seeds.seed(0)), SHAPE);
    NormalizedWeight weight = kind.of(given);
    Tensor before = weight.plainWeight();
    given.set(7, 0, 0, 0);
    assertSameBits("weight", weight.plainWeight(), before);
  }

  @ParameterizedTest
  @EnumSource
  void forwardIntoATensorHasTheSameBits(Kind kind) {
    Tensor expected = kind.trained(Seeds.seed(0)).forward();
    Tensor out = Tensor.wrap(new float[SHAPE.size() + 4], 3, SHAPE);
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    assertThat(weight.forward(out)).isSameAs(out);
    assertSameBits("out", out, expected);
    assertThat(out.array()[2]).isZero();
    assertThat(out.array()[SHAPE.size() + 3]).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void thePlainWeightIsThatOfEvaluationAndChangesNothing(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    NormalizedWeight twin = kind.trained(Seeds.seed(0));
    weight.forward();
    twin.forward();
    Map<String, Tensor> state = weight.state();
    Tensor plain = weight.plainWeight();
    Tensor out = Tensor.wrap(new float[SHAPE.size() + 4], 3, SHAPE);
    assertThat(weight.plainWeight(out)).isSameAs(out);
    assertSameBits("out", out, plain);
    assertSameBits("state", weight.state(), state);
    Tensor dw = Draw.gaussians(Seeds.random(Seeds.seed(9)), SHAPE);
    weight.backward(dw);
    twin.backward(dw);
    gradients(twin)
        .forEach((name, tensor) -> assertSameBits(name, gradients(weight).get(name), tensor));
    weight.eval();
    assertSameBits("evaluation", weight.forward(), plain);
    weight.parameters().get(0).value().array()[0] += 1;
    assertSameBits("plain weight, which is nobody's but the caller's", plain, out);
  }

  @ParameterizedTest
  @EnumSource
  void backwardAddsIntoGradientsAndZeroGradClearsThem(Kind kind) {
    NormalizedWeight weight = kind.make(Seeds.seed(0));
    weight.forward();
    Tensor dw = Draw.gaussians(Seeds.random(Seeds.seed(9)), SHAPE);
    weight.backward(dw);
    Map<String, Tensor> once = gradients(weight);
    weight.backward(dw);
    gradients(weight)
        .forEach(
            (name, twice) -> {
              for (int i = 0; i < twice.shape().size(); i++) {
                assertThat(twice.array()[i]).isEqualTo(2 * once.get(name).array()[i]);
              }
            });
    weight.zeroGrad();
    assertThat(gradients(weight).values())
        .allSatisfy(tensor -> assertThat(tensor.toArray()).containsOnly(0));
  }

  @ParameterizedTest
  @EnumSource
  void aLoadedWeightGoesOnWithTheSameBits(Kind kind) {
    NormalizedWeight source = kind.trained(Seeds.seed(0));
    NormalizedWeight loaded = kind.make(Seeds.seed(5));
    Map<String, Tensor> state = source.state();
    loaded.loadState(state);
    state.values().forEach(tensor -> tensor.array()[tensor.offset()] = 9);
    for (int i = 0; i < 3; i++) {
      step(source, Seeds.seed(20 + i));
      step(loaded, Seeds.seed(20 + i));
      assertSameBits("state", loaded.state(), source.state());
    }
  }

  @ParameterizedTest
  @EnumSource
  void loadingLeavesWhatForwardRemembered(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    NormalizedWeight twin = kind.trained(Seeds.seed(0));
    weight.forward();
    twin.forward();
    Map<String, Tensor> state = weight.state();
    weight.loadState(kind.trained(Seeds.seed(8)).state());
    // The values again, so that only what was remembered could differ.
    for (Parameter parameter : weight.parameters()) {
      float[] value = state.get(parameter.name()).toArray();
      System.arraycopy(value, 0, parameter.value().array(), 0, value.length);
    }
    Tensor dw = Draw.gaussians(Seeds.random(Seeds.seed(9)), SHAPE);
    weight.backward(dw);
    twin.backward(dw);
    gradients(twin)
        .forEach((name, tensor) -> assertSameBits(name, gradients(weight).get(name), tensor));
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsGetTheSamePlainWeight(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    Tensor expected = weight.plainWeight();
    Stream.generate(() -> 0)
        .limit(200)
        .parallel()
        .forEach(i -> assertSameBits("plain weight", weight.plainWeight(), expected));
  }

  @Test
  void namesAreThoseOfPyTorch() {
    Tensor weight = Draw.gaussians(Seeds.random(Seeds.seed(0)), SHAPE);
    assertThat(new WeightNorm(weight).state()).containsOnlyKeys("weight_g", "weight_v");
    assertThat(new SpectralNorm(weight).state())
        .containsOnlyKeys("weight_orig", "weight_u", "weight_v");
    assertThat(new WeightStandardization(weight).state()).containsOnlyKeys("weight");
    assertThat(WeightStandardization.builder(weight).gain(true).build().state())
        .containsOnlyKeys("weight", "gain");
  }

  @Test
  void weightNormTakesPyTorchsNewerNames() {
    NormalizedWeight source = Kind.WEIGHT_NORM.trained(Seeds.seed(0));
    NormalizedWeight loaded = Kind.WEIGHT_NORM.make(Seeds.seed(1));
    loaded.loadState(
        Map.of(
            "parametrizations.weight.original0", source.state().get("weight_g"),
            "parametrizations.weight.original1", source.state().get("weight_v")));
    assertSameBits("state", loaded.state(), source.state());
  }

  @Test
  void oldAndNewNamesDoNotMix() {
    NormalizedWeight weight = Kind.WEIGHT_NORM.trained(Seeds.seed(0));
    Map<String, Tensor> state = weight.state();
    state.put("parametrizations.weight.original1", state.remove("weight_v"));
    assertRefused(
        weight,
        state,
        "WeightNorm: state must have the names of the weight:"
            + " missing [parametrizations.weight.original0], unknown [weight_g]");
  }

  @ParameterizedTest
  @EnumSource
  void missingAndUnknownNamesAreListed(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    Map<String, Tensor> state = weight.state();
    String first = state.keySet().iterator().next();
    state.remove(first);
    state.put("gamma", Tensor.ones(SHAPE));
    assertRefused(
        weight,
        state,
        kind.text
            + ": state must have the names of the weight: missing ["
            + first
            + "], unknown [gamma]");
  }

  @ParameterizedTest
  @EnumSource
  void statesOfAnotherShapeAreRefused(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    Map<String, Tensor> state = weight.state();
    String name = weight.parameters().get(weight.parameters().size() - 1).name();
    Shape expected = state.get(name).shape();
    state.put(name, Tensor.ones(Shape.of(7)));
    assertRefused(
        weight,
        state,
        kind.text + ": " + name + " must have its shape: expected " + expected + ", got [7]");
  }

  private static void assertRefused(
      NormalizedWeight weight, Map<String, Tensor> state, String message) {
    Map<String, Tensor> before = weight.state();
    state.values().forEach(tensor -> tensor.array()[tensor.offset()] += 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weight.loadState(state))
        .withMessage(message);
    assertSameBits("state", weight.state(), before);
  }

  @ParameterizedTest
  @EnumSource
  void tensorsOfAnotherShapeAreRefused(Kind kind) {
    NormalizedWeight weight = kind.make(Seeds.seed(0));
    Tensor other = Tensor.zeros(Shape.of(4, 6));
    String rule = " must have the weight's shape: expected [4, 3, 2], got [4, 6]";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weight.forward(other))
        .withMessage(kind.text + ": out" + rule);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weight.plainWeight(other))
        .withMessage(kind.text + ": out" + rule);
    weight.forward();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weight.backward(other))
        .withMessage(kind.text + ": dw" + rule);
    assertThat(gradients(weight).values())
        .allSatisfy(tensor -> assertThat(tensor.toArray()).containsOnly(0));
  }

  @ParameterizedTest
  @EnumSource
  void backwardNeedsAForward(Kind kind) {
    NormalizedWeight weight = kind.make(Seeds.seed(0));
    weight.plainWeight();
    assertThatIllegalStateException()
        .isThrownBy(() -> weight.backward(Tensor.zeros(SHAPE)))
        .withMessage(kind.text + ": backward must follow a forward: got none before");
  }

  @ParameterizedTest
  @EnumSource
  void missingArgumentsAreNamed(Kind kind) {
    NormalizedWeight weight = kind.make(Seeds.seed(0));
    assertThatNullPointerException().isThrownBy(() -> weight.forward(null)).withMessage("out");
    assertThatNullPointerException().isThrownBy(() -> weight.plainWeight(null)).withMessage("out");
    assertThatNullPointerException().isThrownBy(() -> weight.backward(null)).withMessage("dw");
    assertThatNullPointerException().isThrownBy(() -> weight.loadState(null)).withMessage("state");
    assertThatNullPointerException().isThrownBy(() -> kind.of(null)).withMessage("weight");
    Map<String, Tensor> state = weight.state();
    String name = weight.parameters().get(0).name();
    state.put(name, null);
    assertThatNullPointerException().isThrownBy(() -> weight.loadState(state)).withMessage(name);
  }

  @Test
  void dimsAreNeeded() {
    Tensor weight = Tensor.ones(SHAPE);
    assertThatNullPointerException()
        .isThrownBy(() -> WeightNorm.builder(weight).dims((int[]) null))
        .withMessage("dims");
  }

  @ParameterizedTest
  @EnumSource
  void weightsWithoutElementsAreRefused(Kind kind) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kind.of(Tensor.zeros(Shape.of(4, 0, 2))))
        .withMessage(kind.text + ": the weight's dimensions must be at least 1: got [4, 0, 2]");
  }

  @ParameterizedTest
  @EnumSource
  void weightsOfTooFewDimensionsAreRefused(Kind kind) {
    int least = kind == Kind.WEIGHT_NORM ? 1 : 2;
    Shape shape = least == 1 ? Shape.of() : Shape.of(5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kind.of(Tensor.zeros(shape)))
        .withMessage(
            "%s: the weight must have at least %d dimensions: expected rank >= %d, got rank %d of %s"
                .formatted(kind.text, least, least, shape.rank(), shape));
  }

  @ParameterizedTest
  @EnumSource
  void backwardLeavesTheWeightAsItIs(Kind kind) {
    NormalizedWeight weight = kind.trained(Seeds.seed(0));
    weight.eval();
    RandomGenerator random = Seeds.random(Seeds.seed(3));
    Tensor before = weight.forward();
    weight.backward(Draw.gaussians(random, SHAPE));
    assertSameBits("weight", weight.forward(), before);
  }
}
