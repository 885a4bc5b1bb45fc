package io.github.normkit;

import static io.github.normkit.NaturalTolerance.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;

import io.github.normkit.reference.BatchNormReference;
import io.github.normkit.reference.Normalized;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds between layers, and between a layer's answers, whatever the numbers are. */
class IdentitiesTest {

  private static final long SEED = Seeds.seed(0);

  /**
   * Samples, channels and two spatial dimensions; planes within a block of the kernels, longer, and
   * cut.
   */
  static Stream<Arguments> images() {
    return Stream.of(
            Shape.of(1, 6, 1, 2),
            Shape.of(3, 6, 7, 7),
            Shape.of(2, 4, 8, 8),
            Shape.of(5, 2, 9, 16),
            Shape.of(2, 66, 3, 3),
            Shape.of(3, 130, 1, 5),
            Shape.of(2, 4, 3, 1500))
        .map(shape -> Arguments.of(shape, SEED));
  }

  /** Rows shorter and longer than a block of the kernels. */
  static Stream<Arguments> rows() {
    return Stream.of(2, 7, 16, 63, 64, 65, 130, 1000)
        .map(cols -> Arguments.of(Shape.of(5, cols), SEED));
  }

  /** Each layer over images without affine, with the epsilon given to it. */
  static Stream<Arguments> imageLayers() {
    List<Function<Double, NormLayer>> layers =
        List.of(
            epsilon -> BatchNorm.builder(6).epsilon(epsilon).affine(false).build(),
            epsilon ->
                BatchNorm.builder(6)
                    .epsilon(epsilon)
                    .affine(false)
                    .layout(Layout.CHANNELS_LAST)
                    .build(),
            epsilon -> GroupNorm.builder(3, 6).epsilon(epsilon).affine(false).build(),
            epsilon ->
                GroupNorm.builder(3, 6)
                    .epsilon(epsilon)
                    .affine(false)
                    .layout(Layout.CHANNELS_LAST)
                    .build(),
            epsilon -> InstanceNorm.builder(6).epsilon(epsilon).build(),
            epsilon ->
                InstanceNorm.builder(6).epsilon(epsilon).layout(Layout.CHANNELS_LAST).build(),
            epsilon -> LayerNorm.builder(6).epsilon(epsilon).affine(false).build(),
            epsilon -> LayerNorm.builder(6, 11, 6).epsilon(epsilon).affine(false).build());
    return layers.stream()
        .map(layer -> Arguments.of(layer.apply(1.0).getClass().getSimpleName(), SEED, layer));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void groupNormWithOneChannelInEachGroupIsInstanceNorm(Shape shape, long seed) {
    for (Layout layout : Layout.values()) {
      Tensor x = random(seed, channelsAsIn(layout, shape), 3);
      Tensor dy = random(seed + 1, x.shape(), 0);
      int c = shape.dim(1);
      NormLayer group = GroupNorm.builder(c, c).layout(layout).build();
      NormLayer instance = InstanceNorm.builder(c).affine(true).layout(layout).build();
      randomizeParameters(group, seed);
      randomizeParameters(instance, seed);

      assertSameBits("y", group.forward(x), instance.forward(x));
      assertSameBits("dx", group.backward(dy), instance.backward(dy));
      assertSameBits("gradients", gradients(group), gradients(instance));
      assertSameBits("inferred", group.infer(x), instance.infer(x));
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void groupNormWithOneGroupIsLayerNormOverAllButTheSamples(Shape shape, long seed) {
    Tensor x = random(seed, shape, 3);
    Tensor dy = random(seed + 1, shape, 0);
    NormLayer group = GroupNorm.builder(1, shape.dim(1)).affine(false).build();
    NormLayer row =
        LayerNorm.builder(shape.dim(1), shape.dim(2), shape.dim(3)).affine(false).build();

    assertClose("y", group.forward(x), Trial.wide(row.forward(x)));
    Oracle oracle = new GroupOracle(1, shape.dim(1), Layout.CHANNELS_FIRST, 1e-5);
    oracle.forward(shape, Trial.wide(x), true);
    double scale = oracle.dxScale(Trial.wide(dy));
    assertClose("dx", group.backward(dy), Trial.wide(row.backward(dy)), scale);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("rows")
  void rmsNormIsLayerNormOnRowsWithMeanZero(Shape shape, long seed) {
    Tensor half = random(seed, shape, 0);
    Tensor x = Tensor.zeros(Shape.of(shape.dim(0), 2, shape.dim(1)));
    for (int row = 0; row < shape.dim(0); row++) {
      for (int col = 0; col < shape.dim(1); col++) {
        x.set(half.get(row, col), row, 0, col);
        x.set(-half.get(row, col), row, 1, col);
      }
    }
    NormLayer rms = RMSNorm.builder(2, shape.dim(1)).epsilon(1e-5).bias(true).build();
    NormLayer centred = LayerNorm.builder(2, shape.dim(1)).epsilon(1e-5).build();
    randomizeParameters(rms, seed);
    randomizeParameters(centred, seed);

    assertClose("y", rms.forward(x), Trial.wide(centred.forward(x)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void batchNormWithWeightSigmaAndBiasMeanGivesTheInputBack(Shape shape, long seed) {
    Tensor x = random(seed, shape, 3);
    int c = shape.dim(1);
    double epsilon = 1e-3;
    Normalized statistics =
        BatchNormReference.forward(
            Trial.wide(x),
            shape.dim(0),
            c,
            shape.size(2, 4),
            Layout.CHANNELS_FIRST,
            null,
            null,
            epsilon);
    NormLayer layer = BatchNorm.builder(c).epsilon(epsilon).build();
    for (int channel = 0; channel < c; channel++) {
      double sigma = Math.sqrt(statistics.variance()[channel] + epsilon);
      layer.parameters().get(0).value().set((float) sigma, channel);
      layer.parameters().get(1).value().set((float) statistics.mean()[channel], channel);
    }

    assertClose("y", layer.forward(x), Trial.wide(x));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("imageLayers")
  void aShiftOfTheInputChangesNothing(String name, long seed, Function<Double, NormLayer> layers) {
    Tensor x = sixteenths(seed, Shape.of(4, 6, 11, 6));
    Tensor shifted = map(x, v -> v + 1000); // exact, as all values are multiples of 1/16
    NormLayer layer = layers.apply(1e-5);
    NormLayer other = layers.apply(1e-5);
    Tensor dy = random(seed + 1, x.shape(), 0);

    assertClose("y", other.forward(shifted), Trial.wide(layer.forward(x)));
    assertClose("dx", other.backward(dy), Trial.wide(layer.backward(dy)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("imageLayers")
  void aScaleOfTheInputChangesNothingIfTheRootOfEpsilonScalesToo(
      String name, long seed, Function<Double, NormLayer> layers) {
    Tensor x = sixteenths(seed, Shape.of(4, 6, 11, 6));
    Tensor scaled = map(x, v -> 7 * v); // exact likewise

    Tensor y = layers.apply(1e-2).forward(x);

    assertClose("y", layers.apply(49e-2).forward(scaled), Trial.wide(y));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("imageLayers")
  void aPowerOfTwoScalesWithoutAChangeOfBits(
      String name, long seed, Function<Double, NormLayer> layers) {
    Tensor x = random(seed, Shape.of(4, 6, 11, 6), 3);
    for (int exponent : new int[] {-20, -1, 1, 3, 20}) {
      float scale = Math.scalb(1f, exponent);
      Tensor scaled = map(x, v -> scale * v);
      double squared = Math.scalb(1.0, 2 * exponent);

      assertSameBits(
          "epsilon scaled by the square, 2^" + exponent,
          layers.apply(1e-3 * squared).forward(scaled),
          layers.apply(1e-3).forward(x));
      assertSameBits(
          "epsilon without weight, 2^" + exponent,
          layers.apply(1e-60).forward(scaled),
          layers.apply(1e-60).forward(x));
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("rows")
  void aPowerOfTwoScalesRmsNormWithoutAChangeOfBits(Shape shape, long seed) {
    Tensor x = random(seed, shape, 0);
    for (int exponent : new int[] {-20, -1, 1, 3, 20}) {
      float scale = Math.scalb(1f, exponent);
      Tensor scaled = map(x, v -> scale * v);
      double squared = Math.scalb(1.0, 2 * exponent);
      NormLayer layer = RMSNorm.builder(shape.dim(1)).epsilon(1e-3).build();
      NormLayer other = RMSNorm.builder(shape.dim(1)).epsilon(1e-3 * squared).build();

      assertSameBits("2^" + exponent, other.forward(scaled), layer.forward(x));
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void constantSetsGiveExactlyTheBias(Shape shape, long seed) {
    int c = shape.dim(1);
    for (float constant : new float[] {0, 0.1f, -3.3f, 10_000.1f, 1 / 3f, 1e-40f, 1e30f}) {
      Tensor x = Tensor.full(shape, constant);
      for (NormLayer layer :
          List.of(
              new BatchNorm(c),
              new GroupNorm(2, c),
              InstanceNorm.builder(c).affine(true).build())) {
        randomizeParameters(layer, seed);
        assertSameBits(
            layer.getClass().getSimpleName() + " of " + constant,
            layer.forward(x),
            alongChannels(layer.parameters().get(1).value(), shape));
      }
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("rows")
  void constantRowsGiveExactlyTheBias(Shape shape, long seed) {
    NormLayer layer = new LayerNorm(shape.dim(1));
    randomizeParameters(layer, seed);
    for (float constant : new float[] {0, 0.1f, -3.3f, 10_000.1f, 1 / 3f, 1e-40f, 1e30f}) {
      Tensor y = layer.forward(Tensor.full(shape, constant));
      for (int row = 0; row < shape.dim(0); row++) {
        assertSameBits(
            "row " + row + " of " + constant,
            y.slice(row, row + 1).reshape(Shape.of(shape.dim(1))),
            layer.parameters().get(1).value());
      }
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void evaluationAfterAStepOfMomentumOneAndBiasedVarianceIsTraining(Shape shape, long seed) {
    for (Layout layout : Layout.values()) {
      Tensor x = random(seed, channelsAsIn(layout, shape), 3);
      NormLayer layer =
          BatchNorm.builder(shape.dim(1))
              .momentum(1)
              .unbiasedVariance(false)
              .layout(layout)
              .build();
      randomizeParameters(layer, seed);

      Tensor trained = layer.forward(x);
      layer.eval();

      assertClose("y in evaluation", layer.forward(x), Trial.wide(trained));
      assertClose("inferred", layer.infer(x), Trial.wide(trained));
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void channelsLastIsChannelsFirstOfTheTransposedTensor(Shape shape, long seed) {
    int c = shape.dim(1);
    assertLayoutsAgree(
        shape,
        seed,
        layout -> BatchNorm.builder(c).layout(layout).build(),
        new RunningOracle(
            false,
            c,
            Layout.CHANNELS_FIRST,
            1e-5,
            new RunningOptions(true, false, false, 0.1, true)));
    assertLayoutsAgree(
        shape,
        seed,
        layout -> GroupNorm.builder(2, c).layout(layout).build(),
        new GroupOracle(2, c, Layout.CHANNELS_FIRST, 1e-5));
    assertLayoutsAgree(
        shape,
        seed,
        layout -> InstanceNorm.builder(c).affine(true).layout(layout).build(),
        new GroupOracle(c, c, Layout.CHANNELS_FIRST, 1e-5));
  }

  /** The oracle gives the scales alone. */
  private static void assertLayoutsAgree(
      Shape shape, long seed, Function<Layout, NormLayer> layers, Oracle oracle) {
    Tensor x = random(seed, shape, 3);
    Tensor dy = random(seed + 1, shape, 0);
    NormLayer first = layers.apply(Layout.CHANNELS_FIRST);
    NormLayer last = layers.apply(Layout.CHANNELS_LAST);
    randomizeParameters(first, seed);
    randomizeParameters(last, seed);
    oracle.take(first.parameters(), false);
    oracle.forward(shape, Trial.wide(x), true);
    double[] wide = Trial.wide(dy);

    double[] y = Trial.wide(channelsLast(first.forward(x)));
    assertClose("y", last.forward(channelsLast(x)), y, oracle.yScale());
    double[] dx = Trial.wide(channelsLast(first.backward(dy)));
    assertClose("dx", last.backward(channelsLast(dy)), dx, oracle.dxScale(wide));
    Map<String, Tensor> expected = gradients(first);
    Map<String, Tensor> got = gradients(last);
    double[] dWeight = Trial.wide(expected.get("weight"));
    assertClose("dWeight", got.get("weight"), dWeight, oracle.dWeightScale(wide, dWeight.length));
    double[] dBias = Trial.wide(expected.get("bias"));
    assertClose("dBias", got.get("bias"), dBias, oracle.dBiasScale(wide, dBias.length));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("rows")
  void aRowAloneAndInABatchGivesTheSameBits(Shape shape, long seed) {
    int cols = shape.dim(1);
    assertSamplesAlone(random(seed, shape, 3), () -> new LayerNorm(cols), seed);
    assertSamplesAlone(random(seed, shape, 3), () -> new RMSNorm(cols), seed);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("images")
  void aSampleAloneAndInABatchGivesTheSameBits(Shape shape, long seed) {
    int c = shape.dim(1);
    for (Layout layout : Layout.values()) {
      Tensor x = random(seed, channelsAsIn(layout, shape), 3);
      assertSamplesAlone(x, () -> GroupNorm.builder(2, c).layout(layout).build(), seed);
      assertSamplesAlone(x, () -> InstanceNorm.builder(c).layout(layout).build(), seed);
      assertSamplesAlone(
          x,
          () -> {
            NormLayer layer = BatchNorm.builder(c).layout(layout).build();
            layer.forward(x);
            layer.eval();
            return layer;
          },
          seed);
    }
  }

  private interface Layers {
    NormLayer get();
  }

  private static void assertSamplesAlone(Tensor x, Layers layers, long seed) {
    Tensor dy = random(seed + 1, x.shape(), 0);
    NormLayer batch = layers.get();
    NormLayer alone = layers.get();
    randomizeParameters(batch, seed);
    randomizeParameters(alone, seed);
    Tensor y = batch.forward(x);
    Tensor dx = batch.backward(dy);
    Tensor inferred = batch.infer(x);
    String name = batch.getClass().getSimpleName();
    for (int i = 0; i < x.shape().dim(0); i++) {
      Tensor one = x.slice(i, i + 1);
      assertSameBits(name + " y of " + i, alone.forward(one), y.slice(i, i + 1));
      assertSameBits(name + " dx of " + i, alone.backward(dy.slice(i, i + 1)), dx.slice(i, i + 1));
      assertSameBits(name + " inferred " + i, alone.infer(one), inferred.slice(i, i + 1));
    }
  }

  private static Map<String, Tensor> gradients(NormLayer layer) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    layer.parameters().forEach(p -> gradients.put(p.name(), p.gradient()));
    return gradients;
  }

  private static void randomizeParameters(NormLayer layer, long seed) {
    for (Parameter parameter : layer.parameters()) {
      Tensor values = random(seed + parameter.name().length(), parameter.value().shape(), 0);
      System.arraycopy(
          values.array(),
          0,
          parameter.value().array(),
          parameter.value().offset(),
          values.shape().size());
    }
  }

  private static Tensor random(long seed, Shape shape, double mean) {
    RandomGenerator random = Seeds.random(seed);
    return map(Tensor.zeros(shape), v -> (float) (mean + random.nextGaussian()));
  }

  private static Tensor sixteenths(long seed, Shape shape) {
    RandomGenerator random = Seeds.random(seed);
    return map(Tensor.zeros(shape), v -> random.nextInt(-64, 65) / 16f);
  }

  private interface FloatFunction {
    float apply(float value);
  }

  private static Tensor map(Tensor x, FloatFunction f) {
    float[] values = x.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = f.apply(values[i]);
    }
    return Tensor.wrap(values, x.shape());
  }

  private static Shape channelsAsIn(Layout layout, Shape shape) {
    return layout == Layout.CHANNELS_FIRST
        ? shape
        : Shape.of(shape.dim(0), shape.dim(2), shape.dim(3), shape.dim(1));
  }

  private static Tensor channelsLast(Tensor x) {
    Tensor transposed = Tensor.zeros(channelsAsIn(Layout.CHANNELS_LAST, x.shape()));
    Shape shape = x.shape();
    for (int n = 0; n < shape.dim(0); n++) {
      for (int c = 0; c < shape.dim(1); c++) {
        for (int h = 0; h < shape.dim(2); h++) {
          for (int w = 0; w < shape.dim(3); w++) {
            transposed.set(x.get(n, c, h, w), n, h, w, c);
          }
        }
      }
    }
    return transposed;
  }

  private static Tensor alongChannels(Tensor values, Shape shape) {
    Tensor all = Tensor.zeros(shape);
    int places = shape.size(2, 4);
    for (int i = 0; i < shape.size(); i++) {
      all.array()[i] = values.get(i / places % shape.dim(1));
    }
    return all;
  }
}
