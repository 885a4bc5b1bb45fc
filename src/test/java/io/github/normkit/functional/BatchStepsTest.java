package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.Seeds;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BatchNorm in steps beside BatchNorm in one, and the messages of wrong calls. */
class BatchStepsTest {

  private static final double EPSILON = 1e-5;

  @ParameterizedTest
  @CsvSource({"0, 1024", "1, 1024", "2, 512", "49, 32", "196, 8", "1000, 2", "1024, 1", "3136, 1"})
  void aBlockIsTheLeastPowerOfTwoOfSamplesWith1024Positions(int spatial, int samples) {
    assertThat(ChannelView.batchNorm(5, 3, spatial, false).blockSamples()).isEqualTo(samples);
    assertThat(ChannelView.batchNorm(5000, 3, spatial, true).blockSamples()).isEqualTo(samples);
  }

  @Test
  void theLastBlockMayBeShorter() {
    assertThat(ChannelView.batchNorm(64, 3, 49, false).blocks()).isEqualTo(2);
    assertThat(ChannelView.batchNorm(65, 3, 49, false).blocks()).isEqualTo(3);
    assertThat(ChannelView.batchNorm(1, 3, 49, false).blocks()).isEqualTo(1);
    assertThat(ChannelView.batchNorm(0, 3, 49, false).blocks()).isZero();
    assertThat(ChannelView.batchNorm(65, 3, 0, false).blocks()).isZero();
    assertThat(ChannelView.batchNorm(Integer.MAX_VALUE, 1, 1, true).blocks()).isEqualTo(1 << 21);
    assertThat(ChannelView.groupNorm(64, 4, 49, 2, false).blocks()).isEqualTo(1);
  }

  @Test
  void momentsAreCountMeanAndSumOfSquares() {
    ChannelView view = ChannelView.batchNorm(3, 2, 2, false);
    float[] x = {1, 2, 10, 10, 3, 4, 10, 10, 5, 9, 10, 10};
    double[] moments = new double[5];
    BatchSteps.moments(view, x, 0, moments, null);
    assertThat(moments).containsExactly(6, 4, 10, 9 + 4 + 1 + 0 + 1 + 25, 0);
  }

  @Test
  void mergeSkipsBlocksWithoutElements() {
    double[] moments = {0, 7, 7, 2, 1.5, 0.5, 0, 9, 9, 1, 6, 0};
    double[] mean = new double[1];
    double[] variance = new double[1];
    assertThat(BatchSteps.merge(1, moments, 4, mean, variance)).isEqualTo(3);
    assertThat(mean[0]).isEqualTo(3);
    assertThat(variance[0]).isEqualTo(14 / 3.0);
    assertThat(BatchSteps.merge(1, moments, 1, mean, variance)).isZero();
    assertThat(mean[0]).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"4000, 1, 5", "70, 49, 40", "12, 1100, 3", "9, 196, 33", "2, 5000, 6", "1, 7, 3"})
  void stepByStepTheBitsAreThoseInOne(int n, int spatial, int channels) {
    ForkJoinPool pool = new ForkJoinPool(3);
    for (boolean last : new boolean[] {false, true}) {
      ChannelView view = ChannelView.batchNorm(n, channels, spatial, last);
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      float[] x = floats(random, view.size(), 5);
      float[] dy = floats(random, view.size(), 0);
      Affine affine = Affine.of(floats(random, channels, 1), floats(random, channels, 0));
      for (ForkJoinPool inner : new ForkJoinPool[] {null, pool}) {
        float[][] inOne = inOne(view, x, dy, affine, inner);
        float[][] inSteps = inSteps(view, x, dy, affine, inner);
        for (int i = 0; i < inOne.length; i++) {
          assertThat(Arrays.equals(inSteps[i], inOne[i])).as("%s: %d", view, i).isTrue();
        }
      }
    }
    pool.shutdown();
  }

  /** y, dx, and the gradients of weight and bias. */
  private static float[][] inOne(
      ChannelView view, float[] x, float[] dy, Affine affine, ForkJoinPool pool) {
    int channels = view.channels();
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    Affine gradients = Affine.of(new float[channels], new float[channels]);
    ChannelNorm.forward(view, x, 0, y, 0, affine, EPSILON, mean, variance, pool);
    ChannelNorm.backward(
        view, false, dy, 0, x, 0, dx, 0, affine, EPSILON, mean, variance, gradients, pool);
    return new float[][] {y, dx, gradients.weight(), gradients.bias()};
  }

  private static float[][] inSteps(
      ChannelView view, float[] x, float[] dy, Affine affine, ForkJoinPool pool) {
    int channels = view.channels();
    int blocks = view.blocks();
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    Affine gradients = Affine.of(new float[channels], new float[channels]);
    double[] moments = new double[blocks * BatchSteps.momentsLength(channels)];
    BatchSteps.moments(view, x, 0, moments, pool);
    long count = BatchSteps.merge(channels, moments, blocks, mean, variance);
    ChannelNorm.normalize(view, x, 0, y, 0, affine, EPSILON, mean, variance, pool);
    double[] sums = new double[blocks * BatchSteps.sumsLength(channels)];
    double[] total = new double[BatchSteps.sumsLength(channels)];
    BatchSteps.sums(view, dy, 0, x, 0, EPSILON, mean, variance, sums, pool);
    BatchSteps.total(channels, sums, blocks, total);
    BatchSteps.gradient(
        view, dy, 0, x, 0, dx, 0, affine, EPSILON, mean, variance, count, total, pool);
    BatchSteps.addGradients(channels, total, gradients);
    return new float[][] {y, dx, gradients.weight(), gradients.bias()};
  }

  @Test
  void anEmptyPartHasNoBlocksAndTheTotalOfNoneIsZero() {
    ChannelView view = ChannelView.batchNorm(0, 2, 3, false);
    double[] none = {};
    double[] two = new double[2];
    double[] total = {1, 1, 1, 1, 1, 1};
    BatchSteps.moments(view, new float[0], 0, none, null);
    BatchSteps.sums(view, new float[0], 0, new float[0], 0, EPSILON, two, two, none, null);
    BatchSteps.total(2, none, 0, total);
    assertThat(total).containsOnly(0);
    float[] empty = {};
    BatchSteps.gradient(
        view, empty, 0, empty, 0, empty, 0, Affine.NONE, EPSILON, two, two, 8, total, null);
  }

  @Test
  void wrongCallsNameTheOperationTheRuleAndTheNumbers() {
    ChannelView view = ChannelView.batchNorm(2, 3, 4, false);
    float[] x = new float[24];
    float[] dx = new float[30];
    double[] three = new double[3];
    double[] seven = new double[7];
    double[] nine = new double[9];
    refused(
        () -> BatchSteps.moments(ChannelView.groupNorm(2, 4, 3, 2, false), x, 0, seven, null),
        "BatchSteps.moments: the view must be one of BatchNorm, with 1 sample and a group for each"
            + " channel: got samples=2, channels=4, groups=2");
    refused(
        () -> BatchSteps.moments(view, x, 0, new double[6], null),
        "BatchSteps.moments: moments must hold 7 numbers: got 6");
    refused(
        () -> BatchSteps.moments(view, x, 1, seven, null),
        "BatchSteps.moments: x must hold 24 elements from its offset on: got offset=1, length=24");
    refused(
        () -> BatchSteps.merge(3, seven, 2, three, three),
        "BatchSteps.merge: moments must hold 14 numbers: got 7");
    refused(
        () -> BatchSteps.merge(3, seven, 1, three, new double[2]),
        "BatchSteps.merge: variance must hold 3 numbers: got 2");
    refused(
        () -> BatchSteps.merge(0, seven, 1, three, three),
        "BatchSteps.merge: channels must be at least 1: got 0");
    refused(
        () -> BatchSteps.merge(3, seven, -1, three, three),
        "BatchSteps.merge: blocks must be at least 0: got -1");
    refused(
        () -> BatchSteps.total(0, nine, 1, nine),
        "BatchSteps.total: channels must be at least 1: got 0");
    refused(
        () -> BatchSteps.total(3, nine, -1, nine),
        "BatchSteps.total: blocks must be at least 0: got -1");
    refused(
        () -> BatchSteps.addGradients(-1, nine, Affine.NONE),
        "BatchSteps.addGradients: channels must be at least 1: got -1");
    refused(
        () -> BatchSteps.sums(view, x, 0, x, 0, 0, three, three, nine, null),
        "BatchSteps.sums: epsilon must be finite and positive: got 0.0");
    refused(
        () -> BatchSteps.sums(view, x, 0, x, 0, EPSILON, three, three, seven, null),
        "BatchSteps.sums: sums must hold 9 numbers: got 7");
    refused(
        () -> BatchSteps.total(3, nine, 2, nine),
        "BatchSteps.total: sums must hold 18 numbers: got 9");
    refused(
        () -> BatchSteps.addGradients(3, seven, Affine.NONE),
        "BatchSteps.addGradients: total must hold 9 numbers: got 7");
    refused(
        () -> BatchSteps.addGradients(3, nine, Affine.of(new float[2], null)),
        "BatchSteps.addGradients: gradients.weight must hold 3 elements from its offset on:"
            + " got offset=0, length=2");
    refused(
        () ->
            BatchSteps.gradient(
                view, x, 0, x, 0, dx, 0, Affine.NONE, EPSILON, three, three, 7, nine, null),
        "BatchSteps.gradient: count must be at least that of the part: expected at least 8, got 7");
    refused(
        () ->
            BatchSteps.gradient(
                view, dx, 0, x, 0, dx, 6, Affine.NONE, EPSILON, three, three, 8, nine, null),
        "BatchSteps.gradient: dx must be dy or not overlap it:"
            + " got offset=6 and 0 of the same array, rows=1, cols=24");
    refused(
        () ->
            BatchSteps.gradient(
                view, dx, 0, x, 0, x, 0, Affine.NONE, EPSILON, three, three, 8, nine, null),
        "BatchSteps.gradient: dx must not overlap x:"
            + " got offset=0 and 0 of the same array, rows=1, cols=24");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchSteps.merge(3, null, 1, three, three))
        .withMessage("moments");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchSteps.moments(null, x, 0, seven, null))
        .withMessage("view");
    assertThat(dx).containsOnly(0f);
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }

  private static float[] floats(RandomGenerator random, int n, double mean) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return values;
  }
}
