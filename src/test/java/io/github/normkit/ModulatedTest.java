package io.github.normkit;

import static io.github.normkit.NaturalTolerance.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.reference.Gradients;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weight and bias per sample, with all layers, against the formula in float64. */
class ModulatedTest {

  static Stream<ModulatedCase> cases() {
    return ModulatedCase.random(12);
  }

  static Stream<ModulatedCase> centered() {
    return cases().filter(ModulatedCase::centered);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsAreThoseOfTheFormula(ModulatedCase c) {
    assertRight(c, 0);
  }

  @ParameterizedTest
  @MethodSource("centered")
  void aLargeMeanCostsNothing(ModulatedCase c) {
    assertRight(c, 1e6);
  }

  private static void assertRight(ModulatedCase c, double mean) {
    ModulatedNorm norm = c.norm();
    Tensor x = c.tensor(0, c.shape(), mean);
    Tensor dy = c.tensor(1, c.shape(), 0);
    Tensor weight = c.tensor(2, c.parameterShape(), 0);
    Tensor bias = c.tensor(3, c.parameterShape(), 0);
    double[] factor = Trial.wide(weight);
    for (int i = 0; i < factor.length; i++) {
      factor[i] = c.zeroCentered() ? 1 + (float) factor[i] : factor[i];
    }
    double[] wide = Trial.wide(x);
    SetsReference reference = c.reference();
    double largest = NaturalTolerance.largest(factor);
    double[] expectedY = reference.forward(wide, factor, Trial.wide(bias));
    assertClose("y", norm.forward(x, weight, bias), expectedY, largest);
    ModulatedNorm.Gradients gradients = norm.backward(dy);
    Gradients expected = reference.backward(wide, Trial.wide(dy), factor);
    double dxScale = reference.largestRstd(wide) * largest;
    assertClose("dx", gradients.dx(), expected.dx(), dxScale);
    assertClose("dWeight", gradients.dWeight(), expected.dWeight(), 1);
    assertClose("dBias", gradients.dBias(), expected.dBias(), 1);
    assertThat(gradients.dWeight().shape()).isEqualTo(c.parameterShape());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsMayBeGivenAndInferInPlace(ModulatedCase c) {
    ModulatedNorm norm = c.norm();
    Tensor x = c.tensor(0, c.shape(), 1);
    Tensor dy = c.tensor(1, c.shape(), 0);
    Tensor weight = c.tensor(2, c.parameterShape(), 0);
    Tensor bias = c.tensor(3, c.parameterShape(), 0);
    ModulatedNorm other = c.norm();
    Tensor out = Tensor.full(c.shape(), 9);
    assertSameBits("y", norm.forward(x, weight, bias), other.forward(x, weight, bias, out));
    ModulatedNorm.Gradients fresh = norm.backward(dy);
    ModulatedNorm.Gradients inPlace = other.backward(dy, dy);
    assertThat(inPlace.dx()).isSameAs(dy);
    assertSameBits("dx", dy, fresh.dx());
    assertSameBits("dWeight", inPlace.dWeight(), fresh.dWeight());
    assertSameBits("dBias", inPlace.dBias(), fresh.dBias());
    norm.layer().eval();
    Tensor y = norm.infer(x, weight, bias);
    assertSameBits("eval", norm.forward(x, weight, bias), y);
    assertSameBits("in place", other.infer(x, weight, bias, x), y);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aNanStaysInItsSet(ModulatedCase c) {
    ModulatedNorm norm = c.norm();
    Tensor x = c.tensor(0, c.shape(), 1);
    x.array()[x.offset()] = Float.NaN;
    Tensor weight = c.tensor(2, c.parameterShape(), 0);
    float[] y = norm.forward(x, weight, weight).toArray();
    for (int i = 0; i < y.length; i++) {
      assertThat(Float.isNaN(y[i])).isEqualTo(c.sets()[i] == c.sets()[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalRowsGiveWhatTheLayerGivesWithOne(ModulatedCase c) {
    Tensor x = c.tensor(0, c.shape(), 1);
    Tensor rows = Tensor.full(c.parameterShape(), c.zeroCentered() ? 0 : 1);
    Tensor y = c.norm().forward(x, rows, Tensor.zeros(c.parameterShape()));
    assertSameBits("y", y, c.builder().build().forward(x));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void threadsGiveTheSameBits(ModulatedCase c) {
    int[] dims = c.shape().toArray();
    dims[0] = 70_000 / c.shape().size(1, dims.length) + 2;
    Shape shape = Shape.of(dims);
    int[] parameterDims = c.parameterShape().toArray();
    parameterDims[0] = dims[0];
    Tensor x = c.tensor(0, shape, 1);
    Tensor dy = c.tensor(1, shape, 0);
    Tensor weight = c.tensor(2, Shape.of(parameterDims), 0);
    ModulatedNorm alone = c.norm();
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      ModulatedNorm pooled =
          new ModulatedNorm(c.builder().parallel(pool).build(), c.zeroCentered());
      assertSameBits("y", pooled.forward(x, weight, weight), alone.forward(x, weight, weight));
      ModulatedNorm.Gradients got = pooled.backward(dy);
      ModulatedNorm.Gradients expected = alone.backward(dy);
      assertSameBits("dx", got.dx(), expected.dx());
      assertSameBits("dWeight", got.dWeight(), expected.dWeight());
      assertSameBits("dBias", got.dBias(), expected.dBias());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void adaLayerNormByHand() {
    // Rows 1 3 and 2 2: xhat -1 1 and 0 0 but for epsilon.
    ModulatedNorm norm = ModulatedNorm.adaLayerNorm(2);
    Tensor x = Tensor.of(Shape.of(2, 1, 2), 1e3f, 3e3f, 2, 2);
    Tensor scale = Tensor.of(Shape.of(2, 2), 0.5f, 1, 7, 7);
    Tensor shift = Tensor.of(Shape.of(2, 2), 10, 20, 30, 40);
    assertThat(norm.forward(x, scale, shift).toArray()).containsExactly(8.5f, 22, 30, 40);
    ModulatedNorm.Gradients g = norm.backward(Tensor.of(x.shape(), 1, 2, 3, 4));
    assertThat(g.dWeight().toArray()).containsExactly(-1, 2, 0, 0);
    assertThat(g.dBias().toArray()).containsExactly(1, 2, 3, 4);
    // g = 1.5, 4: its mean 2.75 and its part along xhat, 1.25, take all of it but 1.25 * ε r³.
    assertThat((double) g.dx().get(0, 0, 0)).isCloseTo(-1.25e-15, within(1e-18));
    assertThat((double) g.dx().get(0, 0, 1)).isCloseTo(1.25e-15, within(1e-18));
    // A constant row: what is left of 24, 32 without their mean, times 1 / sqrt(1e-6).
    assertThat(g.dx().slice(1, 2).toArray()).containsExactly(-4000, 4000);
  }

  @Test
  void anEmptyBatchGivesEmptyResults() {
    ModulatedNorm norm = ModulatedNorm.adaLayerNorm(2);
    Tensor none = Tensor.zeros(Shape.of(0, 2));
    assertThat(norm.forward(Tensor.zeros(Shape.of(0, 3, 2)), none, none).shape().size()).isZero();
    assertThat(norm.infer(Tensor.zeros(Shape.of(0, 3, 2)), none, none).shape().size()).isZero();
    Tensor noTokens = Tensor.zeros(Shape.of(4, 0, 2));
    Tensor four = Tensor.ones(Shape.of(4, 2));
    norm.forward(noTokens, four, four);
    assertThat(norm.backward(noTokens).dWeight().toArray()).hasSize(8).containsOnly(0);
  }

  @Test
  void wrongCallsAreRefused() {
    ModulatedNorm norm = ModulatedNorm.adaLayerNorm(4);
    Tensor x = Tensor.zeros(Shape.of(2, 3, 4));
    Tensor rows = Tensor.zeros(Shape.of(2, 4));
    Tensor other = Tensor.zeros(Shape.of(3, 4));
    assertThatIllegalStateException()
        .isThrownBy(() -> norm.backward(x))
        .withMessage("LayerNorm: backward must follow a forward: got none before");
    refused(
        () -> norm.forward(x, other, rows),
        "LayerNorm: the modulating weight must have one row for each sample: expected [2, 4] for"
            + " [2, 3, 4], got [3, 4]");
    refused(
        () -> norm.infer(x, rows, other),
        "LayerNorm: the modulating bias must have one row for each sample: expected [2, 4] for"
            + " [2, 3, 4], got [3, 4]");
    refused(
        () -> norm.forward(Tensor.zeros(Shape.of(4)), rows, rows),
        "LayerNorm: a modulated input must have a dimension of samples before normalizedShape:"
            + " expected rank >= 2, got rank 1 of [4]");
    refused(
        () -> norm.forward(x, rows, rows, x),
        "LayerNorm: out must not overlap the input, which backward needs; infer may run in place:"
            + " got offsets 0 and 0 of one array, 24 elements each");
    refused(
        () -> norm.infer(x, rows, rows, rows),
        "LayerNorm: out must have the input's shape: expected [2, 3, 4], got [2, 4]");
    norm.forward(x, rows, rows);
    refused(
        () -> norm.backward(rows),
        "LayerNorm: dy must have the input's shape: expected [2, 3, 4], got [2, 4]");
    refused(
        () -> norm.backward(Tensor.zeros(x.shape()), x),
        "LayerNorm: dx must not overlap the input of forward: got offsets 0 and 0 of one array, 24"
            + " elements each");
    refused(
        () -> new ModulatedNorm(new UnitNorm(4)),
        "ModulatedNorm: the layer must be a BatchNorm, GroupNorm, InstanceNorm, LayerNorm or"
            + " RMSNorm: got io.github.normkit.UnitNorm");
    refused(
        () -> new ModulatedNorm(new LayerNorm(4)),
        "LayerNorm: a modulated layer must have no weight and bias of its own: expected 0"
            + " parameters, got 2");
    assertThatNullPointerException()
        .isThrownBy(() -> norm.forward(x, null, rows))
        .withMessage("weight");
    assertThatNullPointerException()
        .isThrownBy(() -> norm.forward(x, rows, null))
        .withMessage("bias");
    assertThatNullPointerException()
        .isThrownBy(() -> norm.infer(null, rows, rows))
        .withMessage("x");
    assertThatNullPointerException().isThrownBy(() -> new ModulatedNorm(null)).withMessage("layer");
  }

  @Test
  void backwardIsRefusedAfterAnotherForwardOfASharedLayer() {
    BatchNorm layer = BatchNorm.builder(2).affine(false).build();
    ModulatedNorm norm = new ModulatedNorm(layer);
    Tensor x = Tensor.of(Shape.of(3, 2), 1, 2, 3, 5, 8, 13);
    Tensor rows = Tensor.ones(x.shape());
    Tensor dx = Tensor.full(x.shape(), 7);
    norm.forward(x, rows, rows);
    layer.forward(x);
    assertThatIllegalStateException()
        .isThrownBy(() -> norm.backward(x, dx))
        .withMessage(
            "BatchNorm: backward must follow the forward of the same ModulatedNorm: got another"
                + " forward of the layer in between");
    new ModulatedNorm(layer).forward(x, rows, rows);
    assertThatIllegalStateException().isThrownBy(() -> norm.backward(x, dx));
    assertThat(dx.toArray()).containsOnly(7);
    norm.forward(x, rows, rows);
    norm.backward(x, dx);
    norm.backward(x, dx);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
