package io.github.normkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Layout;
import io.github.normkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every backward of the reference is the derivative of its forward. */
class ReferenceGradientTest {

  private static final int CASES = 25;

  /**
   * With inputs at least 0.3 apart 1/σ stays below 7, so that the truncation of central
   * differences, about (STEP/σ)²/6, and their rounding, about 2e-16 * |loss| / STEP, are below
   * 1e-8.
   */
  private static final double STEP = 1e-5;

  private static final double TOLERANCE = 1e-7;

  private static final double[] EPSILONS = {1e-5, 1e-3, 0.1};

  private interface Forward {
    double[] apply(double[] x, double[] weight, double[] bias);
  }

  private interface Backward {
    Gradients apply(double[] x, double[] dy, double[] weight);
  }

  private record Case(
      String name, long seed, int size, int parameters, Forward forward, Backward backward) {
    @Override
    public String toString() {
      return name + ", seed " + seed;
    }
  }

  static Stream<Case> cases() {
    List<LongFunction<Case>> kinds =
        List.of(
            ReferenceGradientTest::layerNorm,
            ReferenceGradientTest::rmsNorm,
            ReferenceGradientTest::groupNorm,
            ReferenceGradientTest::instanceNorm,
            ReferenceGradientTest::batchNorm,
            ReferenceGradientTest::batchNormWithGivenStatistics);
    return kinds.stream()
        .flatMap(kind -> IntStream.range(0, CASES).mapToObj(i -> kind.apply(Seeds.seed(i))));
  }

  private static Case layerNorm(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int rows = random.nextInt(1, 5);
    int cols = random.nextInt(1, 12);
    double epsilon = EPSILONS[random.nextInt(EPSILONS.length)];
    return new Case(
        String.format("LayerNorm rows=%d cols=%d epsilon=%s", rows, cols, epsilon),
        seed,
        rows * cols,
        cols,
        (x, weight, bias) -> LayerNormReference.forward(x, rows, cols, weight, bias, epsilon).y(),
        (x, dy, weight) -> LayerNormReference.backward(x, dy, rows, cols, weight, epsilon));
  }

  private static Case rmsNorm(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int rows = random.nextInt(1, 5);
    int cols = random.nextInt(1, 12);
    double epsilon = EPSILONS[random.nextInt(EPSILONS.length)];
    return new Case(
        String.format("RMSNorm rows=%d cols=%d epsilon=%s", rows, cols, epsilon),
        seed,
        rows * cols,
        cols,
        (x, weight, bias) -> RMSNormReference.forward(x, rows, cols, weight, bias, epsilon).y(),
        (x, dy, weight) -> RMSNormReference.backward(x, dy, rows, cols, weight, epsilon));
  }

  private static Case groupNorm(long seed) {
    Image image = Image.draw(Seeds.random(seed));
    int n = image.n();
    int c = image.c();
    int s = image.s();
    Layout layout = image.layout();
    int groups = image.groups();
    double epsilon = image.epsilon();
    return new Case(
        "GroupNorm " + image,
        seed,
        n * c * s,
        c,
        (x, weight, bias) ->
            GroupNormReference.forward(x, n, c, s, layout, groups, weight, bias, epsilon).y(),
        (x, dy, weight) ->
            GroupNormReference.backward(x, dy, n, c, s, layout, groups, weight, epsilon));
  }

  private static Case instanceNorm(long seed) {
    Image image = Image.draw(Seeds.random(seed));
    int n = image.n();
    int c = image.c();
    int s = image.s();
    Layout layout = image.layout();
    double epsilon = image.epsilon();
    return new Case(
        "InstanceNorm " + image,
        seed,
        n * c * s,
        c,
        (x, weight, bias) ->
            InstanceNormReference.forward(x, n, c, s, layout, weight, bias, epsilon).y(),
        (x, dy, weight) -> InstanceNormReference.backward(x, dy, n, c, s, layout, weight, epsilon));
  }

  private static Case batchNorm(long seed) {
    Image image = Image.draw(Seeds.random(seed));
    int n = image.n();
    int c = image.c();
    int s = image.s();
    Layout layout = image.layout();
    double epsilon = image.epsilon();
    return new Case(
        "BatchNorm " + image,
        seed,
        n * c * s,
        c,
        (x, weight, bias) ->
            BatchNormReference.forward(x, n, c, s, layout, weight, bias, epsilon).y(),
        (x, dy, weight) -> BatchNormReference.backward(x, dy, n, c, s, layout, weight, epsilon));
  }

  private static Case batchNormWithGivenStatistics(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Image image = Image.draw(random);
    int n = image.n();
    int c = image.c();
    int s = image.s();
    Layout layout = image.layout();
    double epsilon = image.epsilon();
    double[] mean = gaussians(random, c);
    double[] variance = random.doubles(c, 0.5, 2).toArray();
    return new Case(
        "BatchNorm with given statistics " + image,
        seed,
        n * c * s,
        c,
        (x, weight, bias) ->
            BatchNormReference.infer(x, n, c, s, layout, mean, variance, weight, bias, epsilon),
        (x, dy, weight) ->
            BatchNormReference.backwardInfer(
                x, dy, n, c, s, layout, mean, variance, weight, epsilon));
  }

  private record Image(int n, int c, int s, Layout layout, int groups, double epsilon) {

    static Image draw(RandomGenerator random) {
      int groups = random.nextInt(1, 4);
      return new Image(
          random.nextInt(1, 4),
          groups * random.nextInt(1, 4),
          random.nextInt(1, 5),
          random.nextBoolean() ? Layout.CHANNELS_FIRST : Layout.CHANNELS_LAST,
          groups,
          EPSILONS[random.nextInt(EPSILONS.length)]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void backwardIsTheDerivativeOfForward(Case of) {
    RandomGenerator random = Seeds.random(of.seed());
    double[] x = spread(random, of.size());
    double[] r = gaussians(random, of.size());
    double[] weight = gaussians(random, of.parameters());
    double[] bias = gaussians(random, of.parameters());

    Gradients gradients = of.backward().apply(x, r, weight);

    assertDerivative("dx", gradients.dx(), x, v -> loss(r, of.forward().apply(v, weight, bias)));
    assertDerivative(
        "dWeight", gradients.dWeight(), weight, v -> loss(r, of.forward().apply(x, v, bias)));
    assertDerivative(
        "dBias", gradients.dBias(), bias, v -> loss(r, of.forward().apply(x, weight, v)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void backwardIsTheDerivativeOfForwardWithoutWeightAndBias(Case of) {
    RandomGenerator random = Seeds.random(of.seed());
    double[] x = spread(random, of.size());
    double[] r = gaussians(random, of.size());
    double[] ones = new double[of.parameters()];
    Arrays.fill(ones, 1);
    double[] zeros = new double[of.parameters()];

    Gradients gradients = of.backward().apply(x, r, null);

    assertDerivative("dx", gradients.dx(), x, v -> loss(r, of.forward().apply(v, null, null)));
    assertDerivative(
        "dWeight", gradients.dWeight(), ones, v -> loss(r, of.forward().apply(x, v, null)));
    assertDerivative(
        "dBias", gradients.dBias(), zeros, v -> loss(r, of.forward().apply(x, null, v)));
  }

  private interface Loss {
    double at(double[] values);
  }

  private static void assertDerivative(String what, double[] gradient, double[] at, Loss loss) {
    assertThat(gradient).as(what).hasSameSizeAs(at);
    double scale = Math.max(1, Arrays.stream(gradient).map(Math::abs).max().orElse(0));
    for (int i = 0; i < at.length; i++) {
      double[] moved = at.clone();
      moved[i] = at[i] + STEP;
      double above = loss.at(moved);
      moved[i] = at[i] - STEP;
      double below = loss.at(moved);
      assertThat(gradient[i])
          .as("%s[%d]", what, i)
          .isCloseTo((above - below) / (2 * STEP), within(TOLERANCE * scale));
    }
  }

  private static double loss(double[] r, double[] y) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += r[i] * y[i];
    }
    return sum;
  }

  private static double[] gaussians(RandomGenerator random, int length) {
    return IntStream.range(0, length).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  /** Values in random order that are at least 0.3 apart and 0.4 away from zero. */
  private static double[] spread(RandomGenerator random, int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = 0.5 * (i + 1) + random.nextDouble(-0.1, 0.1);
      int j = random.nextInt(i + 1);
      double other = values[j];
      values[j] = values[i];
      values[i] = other;
    }
    return values;
  }
}
