package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Textbook.Forward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all layers of the wider family, against the formulas of their papers. */
class FamilyTest {

  /** What two roundings in a row may leave, in units in the last place of a tensor's size. */
  private static final double ULPS = 2;

  /**
   * Small enough that the truncation of central differences is far below an ulp, and large enough
   * that their rounding, about 1e-16 * |loss| / STEP, is.
   */
  private static final double STEP = 1e-5;

  private static final long SEED = Seeds.seed(0);

  static Stream<FamilyCase> cases() {
    return FamilyCase.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void forwardAndBackwardAreThoseOfTheFormula(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    NormLayer layer = of.layer(random);
    Map<String, double[]> parameters = FamilyCase.parameters(layer);
    Tensor x = of.input(random);
    Tensor dy = Trial.gradient(random, of.shape());
    double[] wide = Trial.wide(x);
    Forward textbook = of.textbook();

    assertClose("y", layer.forward(x), textbook.y(wide, wide, parameters));
    assertClose(
        "dx", layer.backward(dy), gradient(wide, dy, at -> textbook.y(at, wide, parameters)));
    for (Parameter parameter : layer.parameters()) {
      double[] expected =
          gradient(
              parameters.get(parameter.name()),
              dy,
              at -> {
                Map<String, double[]> moved = new LinkedHashMap<>(parameters);
                moved.put(parameter.name(), at);
                return textbook.y(wide, wide, moved);
              });
      // A sum of terms of about 1, which may cancel.
      assertClose("d" + parameter.name(), parameter.gradient(), expected, 1);
    }
  }

  private interface Output {
    double[] of(double[] at);
  }

  /** The gradient of Σ dy * y by central differences. */
  private static double[] gradient(double[] at, Tensor dy, Output output) {
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      int index = i;
      DoubleUnaryOperator loss =
          value -> {
            double[] moved = at.clone();
            moved[index] = value;
            double[] y = output.of(moved);
            double sum = 0;
            for (int j = 0; j < y.length; j++) {
              sum += dy.array()[j] * y[j];
            }
            return sum;
          };
      gradient[i] =
          (loss.applyAsDouble(at[i] + STEP) - loss.applyAsDouble(at[i] - STEP)) / (2 * STEP);
    }
    return gradient;
  }

  private static void assertClose(String what, Tensor got, double[] expected) {
    assertClose(what, got, expected, 0);
  }

  /** The size is that of the largest value, or of the terms that values are sums of. */
  private static void assertClose(String what, Tensor got, double[] expected, double ofTerms) {
    double largest = NaturalTolerance.largest(expected);
    double error = TensorUlps.error(got.toArray(), expected) * Math.ulp((float) largest);
    assertThat(error / Math.ulp((float) Math.max(largest, ofTerms)))
        .as(what + " in ulps")
        .isLessThan(ULPS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void inferGivesTheOutputOfEvaluationAndMayRunInPlace(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    NormLayer layer = of.layer(random);
    layer.forward(of.input(random));
    Tensor x = of.input(random);
    Map<String, Tensor> before = layer.state();
    Tensor inferred = layer.infer(x);
    Tensor inPlace = layer.infer(Tensor.of(x.shape(), x.toArray()), Tensor.zeros(x.shape()));
    assertSameBits("infer into another", inPlace, inferred);
    Tensor copy = Tensor.of(x.shape(), x.toArray());
    assertSameBits("infer in place", layer.infer(copy, copy), inferred);
    assertSameBits("state", layer.state(), before);
    layer.eval();
    assertSameBits("forward in evaluation", layer.forward(x), inferred);
    assertSameBits("state after evaluation", layer.state(), before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void gradientMayOverwriteTheGradientOfTheOutput(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    NormLayer layer = of.layer(random);
    layer.forward(of.input(random));
    Tensor dy = Trial.gradient(random, of.shape());
    Tensor dx = layer.backward(dy);
    assertSameBits("dx over dy", layer.backward(dy, dy), dx);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void emptyBatchGivesAnEmptyResult(FamilyCase of) {
    NormLayer layer = of.layer(Seeds.random(SEED));
    Map<String, Tensor> before = layer.state();
    int[] dims = of.shape().toArray();
    dims[0] = 0;
    Tensor empty = Tensor.zeros(Shape.of(dims));
    assertThat(layer.forward(empty).shape()).isEqualTo(empty.shape());
    assertThat(layer.backward(empty).shape()).isEqualTo(empty.shape());
    assertThat(layer.infer(empty).shape()).isEqualTo(empty.shape());
    assertSameBits("state", layer.state(), before);
    assertThat(layer.parameters())
        .allSatisfy(p -> assertThat(p.gradient().toArray()).containsOnly(0f));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aLoadedStateGoesOnWithTheSameBits(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    NormLayer layer = of.layer(random);
    layer.forward(of.input(random));
    NormLayer other = of.builder().get().build();
    other.loadState(layer.state());
    Tensor x = of.input(random);
    assertSameBits("forward", other.forward(x), layer.forward(x));
    assertSameBits("state", other.state(), layer.state());
    assertSameBits("infer", other.infer(x), layer.infer(x));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void zeroGradClearsAllGradients(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    NormLayer layer = of.layer(random);
    layer.forward(of.input(random));
    layer.backward(Trial.gradient(random, of.shape()));
    for (Parameter parameter : layer.parameters()) {
      float[] zeros = new float[parameter.gradient().shape().size()];
      assertThat(parameter.gradient().toArray()).as(parameter.name()).isNotEqualTo(zeros);
    }
    layer.zeroGrad();
    assertThat(layer.parameters())
        .allSatisfy(p -> assertThat(p.gradient().toArray()).containsOnly(0f));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void whatIsNotFiniteSpoilsOnlyWhatItCanReach(FamilyCase of) {
    RandomGenerator random = Seeds.random(SEED);
    Tensor x = of.input(random);
    Tensor dy = Trial.gradient(random, of.shape());
    NormLayer clean = of.layer(Seeds.random(SEED));
    Tensor y = clean.forward(x);
    Tensor dx = clean.backward(dy);
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (int at : new int[] {0, of.shape().size() / 2, of.shape().size() - 1}) {
        Tensor poisoned = Tensor.of(x.shape(), x.toArray());
        poisoned.array()[at] = poison;
        NormLayer layer = of.layer(Seeds.random(SEED));
        Tensor spoiltY = layer.forward(poisoned);
        Tensor spoiltDx = layer.backward(dy);
        if (Float.isNaN(poison)) {
          assertThat(spoiltY.array()[at]).as("y at a NaN").isNaN();
        }
        for (int i = 0; i < x.shape().size(); i++) {
          if (!of.reach().from(at, i)) {
            assertThat(spoiltY.array()[i])
                .as("y[%d], %s at %d", i, poison, at)
                .isEqualTo(y.array()[i]);
            assertThat(spoiltDx.array()[i])
                .as("dx[%d], %s at %d", i, poison, at)
                .isEqualTo(dx.array()[i]);
          }
        }
        layer.state().forEach((name, values) -> assertFinite(name, values));
      }
    }
  }

  private static void assertFinite(String name, Tensor values) {
    for (float value : values.toArray()) {
      assertThat(value).as(name).isFinite();
    }
  }

  /** Of every kind one, large enough to be split. */
  static Stream<FamilyCase> largeCases() {
    return Stream.of(
        large("unit", () -> UnitNorm.builder(96), Shape.of(700, 96)),
        large("scale", () -> ScaleNorm.builder(96), Shape.of(700, 96)),
        large("partial RMS", () -> PartialRMSNorm.builder(96).fraction(0.3), Shape.of(700, 96)),
        large("tanh", () -> DynamicTanh.builder(96), Shape.of(700, 96)),
        large("local response", () -> LocalResponseNorm.builder(5), Shape.of(9, 20, 400)),
        large(
            "local response, last",
            () -> LocalResponseNorm.builder(5).layout(Layout.CHANNELS_LAST),
            Shape.of(9, 400, 20)),
        large(
            "filter response",
            () -> FilterResponseNorm.builder(20).learnedEpsilon(0.1f),
            Shape.of(9, 20, 400)),
        large(
            "filter response, last",
            () -> FilterResponseNorm.builder(20).layout(Layout.CHANNELS_LAST),
            Shape.of(9, 400, 20)),
        large("renorm", () -> BatchRenorm.builder(20).limits(2, 1), Shape.of(9, 20, 400)),
        large("ghosts", () -> GhostBatchNorm.builder(4, 20), Shape.of(10, 20, 400)),
        large("ghosts of rows", () -> GhostBatchNorm.builder(64, 20), Shape.of(3000, 20)));
  }

  private static FamilyCase large(String name, Supplier<LayerBuilder<?>> builder, Shape shape) {
    return new FamilyCase(name, builder, shape, null, null);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeCases")
  void threadsChangeNoBit(FamilyCase of) {
    List<Tensor> alone = run(of, null);
    for (int threads : new int[] {1, 3, 8}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        List<Tensor> split = run(of, pool);
        for (int i = 0; i < alone.size(); i++) {
          assertSameBits(i + " on " + threads, split.get(i), alone.get(i));
        }
      } finally {
        pool.shutdown();
      }
    }
  }

  private static List<Tensor> run(FamilyCase of, ForkJoinPool pool) {
    RandomGenerator random = Seeds.random(SEED);
    LayerBuilder<?> builder = of.builder().get();
    NormLayer layer = (pool == null ? builder : builder.parallel(pool)).build();
    Tensor x = of.input(random);
    Tensor y = layer.forward(x);
    Tensor dx = layer.backward(Trial.gradient(random, of.shape()));
    List<Tensor> all = new ArrayList<>(Arrays.asList(y, dx, layer.infer(x)));
    layer.parameters().forEach(p -> all.add(p.gradient()));
    all.addAll(layer.state().values());
    return all;
  }
}
