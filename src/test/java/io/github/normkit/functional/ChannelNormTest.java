package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

/** The views, statistics left out, and the messages of wrong calls. */
class ChannelNormTest {

  private static final double EPSILON = 1e-5;

  @Test
  void viewsCountTheirSetsAndElements() {
    ChannelView batch = ChannelView.batchNorm(8, 6, 10, false);
    assertThat(batch.sets()).isEqualTo(6);
    assertThat(batch.setSize()).isEqualTo(80);
    assertThat(batch.size()).isEqualTo(480);
    ChannelView group = ChannelView.groupNorm(8, 6, 10, 3, true);
    assertThat(group.sets()).isEqualTo(24);
    assertThat(group.setSize()).isEqualTo(20);
    assertThat(group.size()).isEqualTo(480);
  }

  @Test
  void statisticsMayBeLeftOut() {
    ChannelView view = ChannelView.groupNorm(2, 4, 3, 2, false);
    float[] x = new float[24];
    for (int i = 0; i < 24; i++) {
      x[i] = i * i % 7;
    }
    float[] with = new float[24];
    float[] without = new float[24];
    double[] mean = new double[4];
    double[] variance = new double[4];
    ChannelNorm.forward(view, x, 0, with, 0, Affine.NONE, EPSILON, mean, variance, null);
    ChannelNorm.forward(view, x, 0, without, 0, Affine.NONE, EPSILON, null, null, null);
    assertThat(without).isEqualTo(with);
    assertThat(mean[0]).isEqualTo((0 + 1 + 4 + 2 + 2 + 4) / 6.0);
  }

  @Test
  void forwardIsNormalizeByItsOwnStatistics() {
    for (boolean last : new boolean[] {false, true}) {
      ChannelView view = ChannelView.batchNorm(5, 3, 4, last);
      float[] x = new float[60];
      for (int i = 0; i < 60; i++) {
        x[i] = i * i % 11;
      }
      float[] y = new float[60];
      double[] mean = new double[3];
      double[] variance = new double[3];
      ChannelNorm.forward(view, x, 0, y, 0, Affine.NONE, EPSILON, mean, variance, null);
      ChannelNorm.normalize(view, x, 0, x, 0, Affine.NONE, EPSILON, mean, variance, null);
      assertThat(x).isEqualTo(y);
    }
  }

  @Test
  void wrongViewsNameTheRuleAndTheNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelView.groupNorm(2, 6, 3, 4, false))
        .withMessage("ChannelView: channels must be divisible by groups: got channels=6, groups=4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelView.batchNorm(-1, 6, 3, false))
        .withMessage(
            "ChannelView: sizes must not be negative, channels and groups at least 1:"
                + " got samples=1, pooled=-1, channels=6, spatial=3, groups=6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelView.batchNorm(1 << 16, 1 << 15, 2, false))
        .withMessage(
            "ChannelView: the number of elements must fit an int: got 4.294967296E9, limit"
                + " 2147483647");
  }

  @Test
  void wrongCallsNameTheOperationTheRuleAndTheNumbers() {
    ChannelView view = ChannelView.batchNorm(2, 3, 4, false);
    float[] x = new float[24];
    float[] y = new float[30];
    double[] three = new double[3];
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ChannelNorm.forward(view, x, 1, y, 0, Affine.NONE, EPSILON, null, null, null))
        .withMessage(
            "ChannelNorm.forward: x must hold 24 elements from its offset on: got offset=1, length=24");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ChannelNorm.forward(view, y, 0, y, 6, Affine.NONE, EPSILON, null, null, null))
        .withMessage(
            "ChannelNorm.forward: y must be x or not overlap it:"
                + " got offset=6 and 0 of the same array, rows=1, cols=24");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ChannelNorm.normalize(
                    view, x, 0, y, 0, Affine.NONE, EPSILON, three, new double[2], null))
        .withMessage(
            "ChannelNorm.normalize: variance must hold a value for each row or set: expected at least 3, got 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ChannelNorm.forward(
                    view, x, 0, y, 0, Affine.of(null, new float[2]), EPSILON, null, null, null))
        .withMessage(
            "ChannelNorm.forward: affine.bias must hold 3 elements from its offset on: got offset=0, length=2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelNorm.forward(view, x, 0, y, 0, Affine.NONE, -1, null, null, null))
        .withMessage("ChannelNorm.forward: epsilon must be finite and positive: got -1.0");
    assertThatNullPointerException()
        .isThrownBy(
            () -> ChannelNorm.normalize(view, x, 0, y, 0, Affine.NONE, EPSILON, null, three, null))
        .withMessage("mean");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ChannelNorm.backward(
                    view,
                    false,
                    x,
                    0,
                    x,
                    0,
                    y,
                    0,
                    Affine.NONE,
                    EPSILON,
                    three,
                    three,
                    Affine.of(new float[1], null),
                    null))
        .withMessage(
            "ChannelNorm.backward: gradients.weight must hold 3 elements from its offset on:"
                + " got offset=0, length=1");
    assertThat(y).containsOnly(0f);
  }

  @Test
  void theInputIsNoPlaceForItsGradient() {
    ChannelView view = ChannelView.batchNorm(3, 5, 1, true);
    float[] x = new float[15];
    float[] dy = new float[15];
    double[] five = new double[5];
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ChannelNorm.backward(
                    view,
                    false,
                    dy,
                    0,
                    x,
                    0,
                    x,
                    0,
                    Affine.NONE,
                    EPSILON,
                    five,
                    five,
                    Affine.NONE,
                    null))
        .withMessage(
            "ChannelNorm.backward: dx must not overlap x:"
                + " got offset=0 and 0 of the same array, rows=1, cols=15");
  }
}
