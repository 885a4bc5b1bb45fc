package io.github.normkit.folding;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelAffine;
import io.github.normkit.InstanceNorm;
import io.github.normkit.Layout;
import io.github.normkit.Parameter;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.reference.BatchNormReference;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folded network computes what the unfolded one does, but for the rounding of its weights. */
class FoldingTest {

  private static final double EPSILON = 1e-5;

  static LongStream seeds() {
    return IntStream.range(0, 40).mapToLong(Seeds::seed);
  }

  /** A layer as a function of its weight and bias, for an input. */
  private interface Layer {
    double[] apply(double[] x, double[] weight, double[] bias);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLinearLayerBeforeIsFolded(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int in = random.nextInt(1, 9);
    int out = random.nextInt(1, 9);
    BatchNorm norm = norm(random, out);
    Tensor weight = gaussians(random, Shape.of(out, in));
    Tensor bias = random.nextBoolean() ? gaussians(random, Shape.of(out)) : null;
    Folded folded = Folding.intoPrevious(norm.toAffine(), weight, bias);
    Layer linear = (x, w, b) -> Convolutions.forward(x, in, 1, w, b, 1, 1, 1, 0);
    assertFoldedBefore(norm, linear, gaussians(random, Shape.of(in)), weight, bias, folded);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aConvolutionBeforeIsFoldedWithGroupsStrideAndPadding(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int groups = random.nextInt(1, 4);
    int in = groups * random.nextInt(1, 4);
    int out = groups * random.nextInt(1, 4);
    int kernel = random.nextInt(1, 4);
    int stride = random.nextInt(1, 3);
    int padding = random.nextInt(0, 3);
    BatchNorm norm = norm(random, out);
    Tensor weight = gaussians(random, Shape.of(out, in / groups, kernel, kernel));
    Tensor bias = random.nextBoolean() ? gaussians(random, Shape.of(out)) : null;
    Folded folded = Folding.intoPrevious(norm.toAffine(), weight, bias);
    Layer layer =
        (x, w, b) -> Convolutions.forward(x, in, 5, w, b, kernel, groups, stride, padding);
    assertFoldedBefore(norm, layer, gaussians(random, Shape.of(in, 5, 5)), weight, bias, folded);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aTransposedConvolutionBeforeIsFolded(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int groups = random.nextInt(1, 4);
    int in = groups * random.nextInt(1, 4);
    int out = groups * random.nextInt(1, 4);
    int kernel = random.nextInt(1, 4);
    int stride = random.nextInt(1, 3);
    int padding = random.nextInt(0, kernel);
    BatchNorm norm = norm(random, out);
    Tensor weight = gaussians(random, Shape.of(in, out / groups, kernel, kernel));
    Tensor bias = random.nextBoolean() ? gaussians(random, Shape.of(out)) : null;
    Folded folded = Folding.intoPreviousTransposed(norm.toAffine(), weight, bias, groups);
    Layer layer =
        (x, w, b) -> Convolutions.transposed(x, in, 5, w, b, kernel, groups, stride, padding);
    assertFoldedBefore(norm, layer, gaussians(random, Shape.of(in, 5, 5)), weight, bias, folded);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLinearLayerOrConvolutionWithoutPaddingAfterIsFolded(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int groups = random.nextInt(1, 4);
    int in = groups * random.nextInt(1, 4);
    int out = groups * random.nextInt(1, 4);
    int kernel = random.nextInt(1, 4);
    BatchNorm norm = norm(random, in);
    Tensor weight = gaussians(random, Shape.of(out, in / groups, kernel, kernel));
    Tensor bias = random.nextBoolean() ? gaussians(random, Shape.of(out)) : null;
    Folded folded = Folding.intoNext(norm.toAffine(), weight, bias, groups);
    Layer layer = (x, w, b) -> Convolutions.forward(x, in, 5, w, b, kernel, groups, 1, 0);
    Tensor x = gaussians(random, Shape.of(in, 5, 5));
    double[] normalized = infer(norm, wide(x));
    double[] expected = layer.apply(normalized, wide(weight), orZeros(bias, out));
    assertRounding(layer, wide(x), folded, expected);
  }

  @Test
  void aLinearLayerAfterIsFoldedWithoutSayingGroups() {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    ChannelAffine affine = norm(random, 6).toAffine();
    Tensor weight = gaussians(random, Shape.of(4, 6));
    assertSame(Folding.intoNext(affine, weight, null), Folding.intoNext(affine, weight, null, 1));
  }

  private static void assertFoldedBefore(
      BatchNorm norm, Layer layer, Tensor x, Tensor weight, Tensor bias, Folded folded) {
    int out = norm.toAffine().channels();
    double[] y = layer.apply(wide(x), wide(weight), orZeros(bias, out));
    assertRounding(layer, wide(x), folded, infer(norm, y));
  }

  /** Each weight and bias is off by half a unit in the last place, 2^-24 of itself, at most. */
  private static void assertRounding(Layer layer, double[] x, Folded folded, double[] expected) {
    double[] got = layer.apply(x, wide(folded.weight()), wide(folded.bias()));
    double[] sizes =
        layer.apply(absolute(x), absolute(wide(folded.weight())), absolute(wide(folded.bias())));
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(Math.abs(got[i] - expected[i]))
          .as("output %d, got %s, expected %s", i, got[i], expected[i])
          .isLessThanOrEqualTo(sizes[i] * 0x1p-24 * (1 + 1e-6));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void arraysAreFoldedInPlaceWithTheSameBits(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int groups = random.nextInt(1, 4);
    int in = groups * random.nextInt(1, 4);
    int out = groups * random.nextInt(1, 4);
    Tensor before = gaussians(random, Shape.of(out, in / groups, 3));
    Tensor transposed = gaussians(random, Shape.of(in, out / groups, 3));
    Tensor bias = gaussians(random, Shape.of(out));
    ChannelAffine outputs = norm(random, out).toAffine();
    ChannelAffine inputs = norm(random, in).toAffine();

    assertInPlace(
        Folding.intoPrevious(outputs, before, bias),
        (w, b) -> run(() -> Folding.intoPrevious(outputs, w, b)),
        before,
        bias);
    assertInPlace(
        Folding.intoPreviousTransposed(outputs, transposed, bias, groups),
        (w, b) -> run(() -> Folding.intoPreviousTransposed(outputs, w, b, in, groups)),
        transposed,
        bias);
    assertInPlace(
        Folding.intoNext(inputs, before, bias, groups),
        (w, b) -> run(() -> Folding.intoNext(inputs, w, b, groups)),
        before,
        bias);
  }

  private static Void run(Runnable folding) {
    folding.run();
    return null;
  }

  private static void assertInPlace(
      Folded expected, BiFunction<float[], float[], Void> folding, Tensor weight, Tensor bias) {
    float[] w = weight.toArray();
    float[] b = bias.toArray();
    folding.apply(w, b);
    assertThat(w).containsExactly(expected.weight().toArray());
    assertThat(b).containsExactly(expected.bias().toArray());
  }

  @Test
  void tensorsAreLeftAsTheyAre() {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    Tensor weight = gaussians(random, Shape.of(4, 4, 3));
    Tensor bias = gaussians(random, Shape.of(4));
    Tensor weightBefore = Tensor.of(weight.shape(), weight.toArray());
    Tensor biasBefore = Tensor.of(bias.shape(), bias.toArray());
    ChannelAffine affine = norm(random, 4).toAffine();
    assertThat(Folding.intoPrevious(affine, weight, bias).weight().shape())
        .isEqualTo(weight.shape());
    Folding.intoPreviousTransposed(affine, weight, bias, 1);
    Folding.intoNext(affine, weight, bias);
    assertSameBits("weight", weight, weightBefore);
    assertSameBits("bias", bias, biasBefore);
  }

  @Test
  void aWeightWithItsOutputsInnermostIsATransposedOne() {
    ChannelAffine affine = ChannelAffine.of(new double[] {2, 3}, new double[] {5, 7});
    // Keras' order: a kernel of 2, 1 input, 2 outputs.
    Tensor weight = Tensor.of(Shape.of(2, 1, 2), 1, 10, 2, 20).reshape(Shape.of(2, 2));
    Folded folded = Folding.intoPreviousTransposed(affine, weight, null, 1);
    assertThat(folded.weight().toArray()).containsExactly(2, 30, 4, 60);
    assertThat(folded.bias().toArray()).containsExactly(5, 7);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aBiasIsTakenIntoTheRunningMean(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int channels = random.nextInt(1, 6);
    BatchNorm with = norm(random, channels);
    BatchNorm without = new BatchNorm(channels);
    without.loadState(with.state());
    Tensor bias = gaussians(random, Shape.of(channels));
    Folding.absorbBias(without, bias);
    Tensor x = gaussians(random, Shape.of(7, channels));
    assertAlike(with, without, x, bias);
    // In training the batch's own mean takes the bias off, and the running means stay apart by it.
    for (int step = 0; step < 20; step++) {
      Tensor batch = gaussians(random, Shape.of(7, channels));
      with.forward(plus(batch, bias));
      without.forward(batch);
    }
    assertAlike(with, without, x, bias);
  }

  /** Off by the rounding of x + bias, a unit for 8 or less, times the scale, and of the outputs. */
  private static void assertAlike(BatchNorm with, BatchNorm without, Tensor x, Tensor bias) {
    float[] expected = with.infer(plus(x, bias)).toArray();
    float[] got = without.infer(x).toArray();
    ChannelAffine affine = with.toAffine();
    for (int i = 0; i < got.length; i++) {
      double scale = Math.abs(affine.scale(i % affine.channels()));
      double size = Math.max(1, Math.abs(expected[i]));
      assertThat((double) Math.abs(got[i] - expected[i]))
          .isLessThanOrEqualTo(Math.ulp(8f) * scale + 2 * Math.ulp((float) size));
    }
  }

  private static Tensor plus(Tensor x, Tensor bias) {
    float[] sum = x.toArray();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += bias.get(i % bias.shape().size());
    }
    return Tensor.of(x.shape(), sum);
  }

  @Test
  void theRunningMeanKeepsAllOfIts48Bits() {
    BatchNorm norm = new BatchNorm(1);
    Map<String, Tensor> state = norm.state();
    state.get("running_mean").set(1, 0);
    state.get("running_residual").set(0x1p-40f, 0, 0);
    norm.loadState(state);
    Folding.absorbBias(norm, Tensor.of(Shape.of(1), 0.25f));
    assertThat(norm.state().get("running_mean").get(0)).isEqualTo(0.75f);
    assertThat(norm.state().get("running_residual").get(0, 0)).isEqualTo(0x1p-40f);
    assertThat(norm.state().get("running_var").get(0)).isEqualTo(1);
  }

  @Test
  void aNormWithoutRunningStatisticsNeedsNoBiasBeforeItAndStaysAsItIs() {
    BatchNorm norm = BatchNorm.builder(2).trackRunningStatistics(false).build();
    Map<String, Tensor> before = norm.state();
    Tensor bias = Tensor.of(Shape.of(2), 4, 8);
    Folding.absorbBias(norm, bias);
    assertSameBits("state", norm.state(), before);
    Tensor x = Tensor.of(Shape.of(3, 2), 1, 2, 3, 5, 8, 8);
    assertSameBits("y", norm.infer(x), norm.infer(plus(x, bias)));
  }

  @Test
  void aBiasIsTakenIntoTheShift() {
    ChannelAffine affine = ChannelAffine.of(new double[] {2, -3}, new double[] {5, 7});
    ChannelAffine absorbed = Folding.absorbBias(affine, Tensor.of(Shape.of(2), 10, 100));
    assertThat(absorbed.scale(0)).isEqualTo(2);
    assertThat(absorbed.shift(0)).isEqualTo(25);
    assertThat(absorbed.scale(1)).isEqualTo(-3);
    assertThat(absorbed.shift(1)).isEqualTo(-293);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void threeWaysToFoldABiasAwayAgree(long seed) {
    RandomGenerator random = Seeds.random(seed);
    BatchNorm norm = norm(random, 3);
    Tensor weight = gaussians(random, Shape.of(3, 4));
    Tensor bias = gaussians(random, Shape.of(3));
    Folded direct = Folding.intoPrevious(norm.toAffine(), weight, bias);
    ChannelAffine absorbed = Folding.absorbBias(norm.toAffine(), bias);
    assertSame(Folding.intoPrevious(absorbed, weight, null), direct);
    ChannelAffine original = norm.toAffine();
    Folding.absorbBias(norm, bias);
    Folded viaMean = Folding.intoPrevious(norm.toAffine(), weight, null);
    assertSameBits("weight", viaMean.weight(), direct.weight());
    for (int c = 0; c < 3; c++) {
      // The mean is kept to 48 bits, and the double sums are taken in another order.
      double size = Math.abs(original.shift(c)) + Math.abs(original.scale(c) * bias.get(c));
      assertThat((double) viaMean.bias().get(c))
          .isCloseTo((double) direct.bias().get(c), within((double) Math.ulp((float) size)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theAffineMapIsWhatTheLayerInfers(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int channels = random.nextInt(1, 6);
    boolean weight = random.nextBoolean();
    boolean bias = random.nextBoolean();
    BatchNorm batch = BatchNorm.builder(channels).weight(weight).bias(bias).build();
    InstanceNorm instance =
        InstanceNorm.builder(channels)
            .weight(weight)
            .bias(bias)
            .trackRunningStatistics(true)
            .build();
    Tensor x = gaussians(random, Shape.of(5, channels, 4));
    batch.forward(x);
    for (Parameter p : batch.parameters()) {
      System.arraycopy(
          gaussians(random, Shape.of(channels)).array(), 0, p.value().array(), 0, channels);
    }
    instance.loadState(batch.state());
    ChannelAffine affine = batch.toAffine();
    assertThat(affine.channels()).isEqualTo(channels);
    float[] y = batch.infer(x).toArray();
    double largest = IntStream.range(0, y.length).mapToDouble(i -> Math.abs(y[i])).max().orElse(0);
    for (int i = 0; i < y.length; i++) {
      int c = i / 4 % channels;
      assertThat(Math.abs(y[i] - (x.array()[i] * affine.scale(c) + affine.shift(c))))
          .isLessThanOrEqualTo(2 * Math.ulp((float) largest));
      assertThat(instance.toAffine().scale(c)).isEqualTo(affine.scale(c));
      assertThat(instance.toAffine().shift(c)).isEqualTo(affine.shift(c));
    }
  }

  @Test
  void theAffineMapDoesNotFollowTheLayer() {
    BatchNorm norm = new BatchNorm(1);
    ChannelAffine affine = norm.toAffine();
    norm.parameters().get(0).value().set(9, 0);
    norm.forward(Tensor.of(Shape.of(2, 1), 1, 5));
    assertThat(affine.scale(0)).isEqualTo(1 / Math.sqrt(1 + EPSILON));
    assertThat(affine.shift(0)).isZero();
    assertThat(norm.toAffine().scale(0)).isGreaterThan(1);
    double[] numbers = {3};
    ChannelAffine given = ChannelAffine.of(numbers, numbers);
    numbers[0] = 4;
    assertThat(given.scale(0)).isEqualTo(3);
    assertThat(given.shift(0)).isEqualTo(3);
    assertThat(given).hasToString("ChannelAffine[1 channels]");
  }

  private static void assertSame(Folded got, Folded expected) {
    assertSameBits("weight", got.weight(), expected.weight());
    assertSameBits("bias", got.bias(), expected.bias());
  }

  /** A norm with statistics and parameters as training leaves them. */
  private static BatchNorm norm(RandomGenerator random, int channels) {
    BatchNorm norm = new BatchNorm(channels);
    for (int step = 0; step < 3; step++) {
      norm.forward(gaussians(random, Shape.of(8, channels)));
    }
    for (Parameter parameter : norm.parameters()) {
      float[] drawn = gaussians(random, Shape.of(channels)).array();
      System.arraycopy(drawn, 0, parameter.value().array(), 0, channels);
    }
    return norm;
  }

  /** The norm in evaluation, in float64, of one image. */
  private static double[] infer(BatchNorm norm, double[] x) {
    Map<String, Tensor> state = norm.state();
    int channels = state.get("weight").shape().dim(0);
    double[] residual = wide(state.get("running_residual"));
    double[] mean = wide(state.get("running_mean"));
    double[] variance = wide(state.get("running_var"));
    for (int c = 0; c < channels; c++) {
      mean[c] += residual[c];
      variance[c] += residual[channels + c];
    }
    return BatchNormReference.infer(
        x,
        1,
        channels,
        x.length / channels,
        Layout.CHANNELS_FIRST,
        mean,
        variance,
        wide(state.get("weight")),
        wide(state.get("bias")),
        EPSILON);
  }

  private static Tensor gaussians(RandomGenerator random, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static double[] orZeros(Tensor bias, int length) {
    return bias == null ? new double[length] : wide(bias);
  }

  private static double[] wide(Tensor tensor) {
    float[] values = tensor.toArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] absolute(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }
}
