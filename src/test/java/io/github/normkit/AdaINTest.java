package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** AdaIN against the paper's formula in float64 and its central differences. */
class AdaINTest {

  private static final double EPSILON = 1e-2;
  private static final double STEP = 1e-5;

  static LongStream seeds() {
    return LongStream.range(0, 20).map(i -> Seeds.seed((int) i));
  }

  /** Sizes of a random call, and where an element of a channel stands. */
  private record Case(int n, int c, int content, int style, boolean last) {

    static Case random(RandomGenerator random) {
      return new Case(
          random.nextInt(1, 4),
          random.nextInt(1, 4),
          random.nextInt(2, 20),
          random.nextInt(2, 20),
          random.nextBoolean());
    }

    Shape shape(int spatial) {
      return last ? Shape.of(n, spatial, c) : Shape.of(n, c, spatial);
    }

    int at(int spatial, int sample, int channel, int position) {
      return last
          ? (sample * spatial + position) * c + channel
          : (sample * c + channel) * spatial + position;
    }

    AdaIN build() {
      Layout layout = last ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
      return new AdaIN(InstanceNorm.builder(c).epsilon(EPSILON).layout(layout).build());
    }

    double mean(double[] x, int spatial, int sample, int channel) {
      double sum = 0;
      for (int i = 0; i < spatial; i++) {
        sum += x[at(spatial, sample, channel, i)];
      }
      return sum / spatial;
    }

    double sigma(double[] x, int spatial, int sample, int channel) {
      double mean = mean(x, spatial, sample, channel);
      double sum = 0;
      for (int i = 0; i < spatial; i++) {
        double d = x[at(spatial, sample, channel, i)] - mean;
        sum += d * d;
      }
      return Math.sqrt(sum / spatial + EPSILON);
    }

    /** The paper's formula (8). */
    double[] forward(double[] x, double[] s) {
      double[] y = new double[x.length];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < c; j++) {
          for (int k = 0; k < content; k++) {
            int at = at(content, i, j, k);
            double xhat = (x[at] - mean(x, content, i, j)) / sigma(x, content, i, j);
            y[at] = sigma(s, style, i, j) * xhat + mean(s, style, i, j);
          }
        }
      }
      return y;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void forwardIsThePapersFormula(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Case c = Case.random(random);
    Tensor content = gaussians(random, c.shape(c.content()), 3);
    Tensor style = gaussians(random, c.shape(c.style()), -2);
    AdaIN adain = c.build();
    Tensor y = adain.forward(content, style);
    double[] expected = c.forward(Trial.wide(content), Trial.wide(style));
    NaturalTolerance.assertClose("y", y, expected);
    assertSameBits("infer", adain.infer(content, style), y);
    assertSameBits("given", adain.forward(content, style, Tensor.ones(y.shape())), y);
    assertSameBits("in place", adain.infer(content, style, content), y);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void gradientsOfContentAndStyleAreThoseOfTheFormula(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Case c = Case.random(random);
    Tensor content = gaussians(random, c.shape(c.content()), 0);
    Tensor style = gaussians(random, c.shape(c.style()), 0);
    Tensor dy = gaussians(random, content.shape(), 0);
    AdaIN adain = c.build();
    adain.forward(content, style);
    AdaIN.Gradients gradients = adain.backward(dy);
    double[] x = Trial.wide(content);
    double[] s = Trial.wide(style);
    double[] wideDy = Trial.wide(dy);
    check(x, gradients.dContent(), v -> dot(c.forward(v, s), wideDy));
    check(s, gradients.dStyle(), v -> dot(c.forward(x, v), wideDy));
  }

  private static void check(double[] at, Tensor gradient, ToDoubleFunction<double[]> loss) {
    float[] got = gradient.toArray();
    assertThat(got).hasSameSizeAs(at);
    for (int i = 0; i < at.length; i++) {
      double old = at[i];
      at[i] = old + STEP;
      double above = loss.applyAsDouble(at);
      at[i] = old - STEP;
      double below = loss.applyAsDouble(at);
      at[i] = old;
      double expected = (above - below) / (2 * STEP);
      // Differences to about (STEP / sigma)², sigma at least 0.1; floats to 1e-6 of terms of 100.
      assertThat((double) got[i]).isCloseTo(expected, within(1e-4 * (1 + Math.abs(expected))));
    }
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static Tensor gaussians(RandomGenerator random, Shape shape, double mean) {
    Tensor tensor = Tensor.wrap(new float[shape.size() + 2], 1, shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[1 + i] = (float) (mean + random.nextGaussian());
    }
    return tensor;
  }

  @Test
  void aLargeMeanOfTheStyleCostsItsOwnRoundingAlone() {
    AdaIN adain = new AdaIN(InstanceNorm.builder(1).epsilon(1e-30).build());
    Tensor content = Tensor.of(Shape.of(1, 1, 2), 1_000_001, 1_000_003);
    Tensor style = Tensor.of(Shape.of(1, 1, 4), 1_000_000, 1_000_004, 1_000_004, 1_000_000);
    assertThat(adain.forward(content, style).toArray()).containsExactly(1_000_000, 1_000_004);
    AdaIN.Gradients g = adain.backward(Tensor.of(content.shape(), 1, 3));
    // dSigma = -1 + 3, dMean = 4; shat = -1, 1, 1, -1.
    assertThat(g.dStyle().toArray()).containsExactly(0.5f, 1.5f, 1.5f, 0.5f);
    assertThat(g.dContent().toArray()).containsOnly(0);
  }

  @Test
  void wrongCallsAreRefused() {
    AdaIN adain = new AdaIN(2);
    Tensor content = Tensor.zeros(Shape.of(3, 2, 4));
    Tensor style = Tensor.zeros(Shape.of(3, 2, 5, 5));
    assertThatIllegalStateException()
        .isThrownBy(() -> adain.backward(content))
        .withMessage("InstanceNorm: backward must follow a forward: got none before");
    refused(
        () -> adain.forward(content, Tensor.zeros(Shape.of(2, 2, 4))),
        "AdaIN: the style must have as many samples as the content: expected 3 of [3, 2, 4], got 2"
            + " of [2, 2, 4]");
    refused(
        () -> adain.infer(content, Tensor.zeros(Shape.of(3, 4, 4))),
        "InstanceNorm: the input must have the layer's channels at axis 1: expected 2, got 4 of"
            + " [3, 4, 4]");
    refused(
        () -> adain.forward(content, Tensor.zeros(Shape.of(3, 2, 0))),
        "AdaIN: the style must not be empty where the content is not: expected at least 2 spatial"
            + " positions, got 0 of [3, 2, 0]");
    refused(
        () -> adain.forward(content, Tensor.zeros(Shape.of(3, 2, 1))),
        "InstanceNorm: statistics of an instance need more than one spatial element: got 1 of"
            + " [3, 2, 1]; use eval mode with running statistics, or LayerNorm");
    refused(
        () -> adain.forward(content, content.reshape(Shape.of(3, 2, 2, 2)), content),
        "InstanceNorm: out must not overlap the input, which backward needs; infer may run in"
            + " place: got offsets 0 and 0 of one array, 24 elements each");
    Tensor out = Tensor.zeros(content.shape());
    refused(
        () -> adain.forward(content, out.reshape(Shape.of(3, 2, 2, 2)), out),
        "AdaIN: out must not overlap the style, which backward needs: got offsets 0 and 0 of one"
            + " array, 24 and 24 elements");
    InstanceNorm tracking = InstanceNorm.builder(2).trackRunningStatistics(true).build();
    refused(
        () -> new AdaIN(tracking),
        "AdaIN: the layer must have no running statistics: got those of 2 channels");
    refused(
        () -> new AdaIN(InstanceNorm.builder(2).affine(true).build()),
        "InstanceNorm: a modulated layer must have no weight and bias of its own: expected 0"
            + " parameters, got 2");
    adain.forward(content, style);
    refused(
        () -> adain.backward(style),
        "InstanceNorm: dy must have the input's shape: expected [3, 2, 4], got [3, 2, 5, 5]");
    assertThatNullPointerException()
        .isThrownBy(() -> adain.forward(null, style))
        .withMessage("content");
    assertThatNullPointerException()
        .isThrownBy(() -> adain.infer(content, null))
        .withMessage("style");
    assertThatNullPointerException()
        .isThrownBy(() -> new AdaIN((InstanceNorm) null))
        .withMessage("norm");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
