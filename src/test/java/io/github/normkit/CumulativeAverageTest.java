package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.reference.BatchNormReference;
import io.github.normkit.reference.Normalized;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cumulative average of many batches of one size and the statistics of their union. */
class CumulativeAverageTest {

  private static final int BATCHES = 300;
  private static final int N = 8;
  private static final int CHANNELS = 3;
  private static final int PLACES = 6;
  private static final int SIZE = N * CHANNELS * PLACES;

  /** Batches of samples, channels and places one after the other: also their union. */
  private final double[] union = new double[BATCHES * SIZE];

  @ParameterizedTest
  @EnumSource(Layout.class)
  void theMeanIsThatOfTheUnionAndTheVarianceTheAverage(Layout layout) {
    NormLayer layer = layer(layout);
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    double[] variance = new double[CHANNELS];
    for (int b = 0; b < BATCHES; b++) {
      Tensor x = batch(random, layout, 5 * random.nextGaussian());
      Normalized batch = statistics(Trial.wide(x), N, layout);
      for (int c = 0; c < CHANNELS; c++) {
        variance[c] += batch.variance()[c] / BATCHES;
      }
      train(layer, x, b);
    }
    Normalized whole = statistics(union, BATCHES * N, layout);
    assertState(layer, whole.mean(), variance);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void theVarianceIsThatOfTheUnionWhereTheBatchesHaveOneMean(Layout layout) {
    NormLayer layer = layer(layout);
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    for (int b = 0; b < BATCHES; b++) {
      Tensor x = batch(random, layout, 0);
      mirrorTheSecondHalf(x, 14.5f);
      train(layer, x, b);
    }
    Normalized whole = statistics(union, BATCHES * N, layout);
    assertState(layer, whole.mean(), whole.variance());
  }

  private static NormLayer layer(Layout layout) {
    return BatchNorm.builder(CHANNELS)
        .cumulativeAverage()
        .unbiasedVariance(false)
        .layout(layout)
        .build();
  }

  /** A batch about a mean of its own, of a deviation of its own. */
  private static Tensor batch(RandomGenerator random, Layout layout, double offset) {
    Shape shape =
        layout == Layout.CHANNELS_FIRST
            ? Shape.of(N, CHANNELS, PLACES)
            : Shape.of(N, PLACES, CHANNELS);
    Tensor x = Tensor.zeros(shape);
    double deviation = random.nextDouble(0.1, 3);
    for (int i = 0; i < SIZE; i++) {
      // Sixteenths, so that mirroring is exact.
      x.array()[i] = Math.round(16 * (10 + offset + deviation * random.nextGaussian())) / 16f;
    }
    return x;
  }

  /**
   * Makes every channel's mean the center: samples of the second half mirror those of the first.
   */
  private static void mirrorTheSecondHalf(Tensor x, float center) {
    for (int i = 0; i < SIZE / 2; i++) {
      x.array()[SIZE / 2 + i] = 2 * center - x.array()[i];
    }
  }

  private void train(NormLayer layer, Tensor x, int b) {
    layer.forward(x);
    System.arraycopy(Trial.wide(x), 0, union, b * SIZE, SIZE);
  }

  private static Normalized statistics(double[] x, int n, Layout layout) {
    return BatchNormReference.forward(x, n, CHANNELS, PLACES, layout, null, null, 1e-5);
  }

  private static void assertState(NormLayer layer, double[] mean, double[] variance) {
    Map<String, Tensor> state = layer.state();
    assertThat(state.get("num_batches_tracked").get()).isEqualTo(BATCHES);
    NaturalTolerance.assertClose("running_mean", state.get("running_mean"), mean);
    NaturalTolerance.assertClose("running_var", state.get("running_var"), variance);
  }
}
