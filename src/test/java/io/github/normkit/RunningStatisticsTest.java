package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Running statistics lose nothing over many small updates. */
class RunningStatisticsTest {

  private static final long SEED = 20260101;

  @Test
  void tenMillionSmallUpdatesDriftByLessThanTheRoundingOfAFloat() {
    double momentum = 1e-6;
    RunningStatistics running = new RunningStatistics(1, false, momentum, false);
    double[] mean = {1 / 3.0};
    double[] variance = {2.7};
    int updates = 10_000_000;
    for (int i = 0; i < updates; i++) {
      running.update(mean, variance, 1, 100);
    }
    double left = StrictMath.exp(updates * StrictMath.log1p(-momentum));
    assertThat(running.mean()[0])
        .isCloseTo((1 - left) / 3, within(Math.ulp((float) ((1 - left) / 3)) / 2.0));
    double expected = left + (1 - left) * 2.7;
    assertThat(running.variance()[0]).isCloseTo(expected, within(Math.ulp((float) expected) / 2.0));
  }

  @Test
  void tenMillionSmallUpdatesByBatchesThatVaryLoseNothingThroughSaving() {
    double momentum = 1e-6;
    RunningStatistics running = new RunningStatistics(1, false, momentum, false);
    Random random = new Random(SEED);
    double[] mean = new double[1];
    double[] variance = new double[1];
    double expectedMean = 0;
    double expectedVariance = 1;
    for (int i = 0; i < 10_000_000; i++) {
      mean[0] = 1e4 + random.nextDouble();
      variance[0] = 1e-3 * random.nextDouble();
      running.update(mean, variance, 1, 100);
      expectedMean += momentum * (mean[0] - expectedMean);
      expectedVariance += momentum * (variance[0] - expectedVariance);
      if (i % 100_000 == 0) {
        running = reloaded(running, momentum);
      }
    }
    assertThat(running.mean()[0])
        .isCloseTo(expectedMean, within(Math.ulp((float) expectedMean) / 2.0));
    assertThat(running.variance()[0])
        .isCloseTo(expectedVariance, within(Math.ulp((float) expectedVariance) / 2.0));
  }

  private static RunningStatistics reloaded(RunningStatistics running, double momentum) {
    Map<String, Tensor> state = new HashMap<>();
    running.save(state);
    RunningStatistics reloaded = new RunningStatistics(1, false, momentum, false);
    reloaded.load(state);
    return reloaded;
  }

  @Test
  void cumulativeAverageOfAMillionBatchesIsTheMeanOfTheirUnion() {
    RunningStatistics running = new RunningStatistics(1, true, 0, false);
    Random random = new Random(SEED);
    int batches = 1_000_000;
    double sumOfMeans = 0;
    double sumOfVariances = 0;
    double[] mean = new double[1];
    double[] variance = new double[1];
    for (int i = 0; i < batches; i++) {
      mean[0] = 100 + random.nextGaussian();
      variance[0] = random.nextDouble();
      sumOfMeans += mean[0];
      sumOfVariances += variance[0];
      running.update(mean, variance, 1, 64);
    }
    assertThat(running.mean()[0]).isCloseTo(sumOfMeans / batches, within(1e-9));
    assertThat(running.variance()[0]).isCloseTo(sumOfVariances / batches, within(1e-10));
  }

  @Test
  void unbiasedVarianceIsDividedByOneLess() {
    RunningStatistics running = new RunningStatistics(1, false, 1, true);
    running.update(new double[] {0}, new double[] {3}, 1, 4);
    assertThat(running.variance()[0]).isEqualTo(4);
  }

  @Test
  void samplesWithStatisticsOfTheirOwnAreAveraged() {
    RunningStatistics running = new RunningStatistics(2, false, 0.5, false);
    running.update(new double[] {1, 10, 3, 30}, new double[] {1, 2, 5, 4}, 2, 7);
    assertThat(running.mean()).containsExactly(1, 10);
    assertThat(running.variance()).containsExactly(2, 2);
  }

  @Test
  void aMomentumOfOneForgetsEvenAnInfiniteVariance() {
    RunningStatistics running = new RunningStatistics(1, false, 1, false);
    running.update(new double[] {1e20}, new double[] {1e40}, 1, 4);
    assertThat(running.variance()[0]).isInfinite();
    running.update(new double[] {2}, new double[] {3}, 1, 4);
    assertThat(running.mean()[0]).isEqualTo(2);
    assertThat(running.variance()[0]).isEqualTo(3);
  }

  @Test
  void theNumberOfBatchesStopsWhereFloatsNoLongerCount() {
    RunningStatistics running = new RunningStatistics(1, true, 0, false);
    Map<String, Tensor> state = new HashMap<>();
    running.save(state);
    state.put("num_batches_tracked", Tensor.full(Shape.of(), RunningStatistics.MAX_BATCHES));
    running.load(state);
    running.update(new double[] {1}, new double[] {1}, 1, 4);
    running.save(state);
    assertThat(state.get("num_batches_tracked").get()).isEqualTo(RunningStatistics.MAX_BATCHES);
    assertThat(running.mean()[0]).isEqualTo(1.0 / RunningStatistics.MAX_BATCHES);
  }
}
