package io.github.normkit.folding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelAffine;
import io.github.normkit.InstanceNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What does not fit is refused with its numbers, and nothing is written. */
class FoldingErrorsTest {

  private final ChannelAffine affine = ChannelAffine.of(new double[4], new double[4]);

  @Test
  void layersWithoutRunningStatisticsHaveNoAffineMap() {
    String rule =
        ": toAffine must have running statistics, for only constants make an affine map:"
            + " got trackRunningStatistics=false";
    BatchNorm batch = BatchNorm.builder(3).trackRunningStatistics(false).build();
    assertThatIllegalStateException().isThrownBy(batch::toAffine).withMessage("BatchNorm" + rule);
    InstanceNorm instance = new InstanceNorm(3);
    assertThatIllegalStateException()
        .isThrownBy(instance::toAffine)
        .withMessage("InstanceNorm" + rule);
  }

  @Test
  void outputsThatAreNotTheChannelsAreRefused() {
    Tensor weight = Tensor.ones(Shape.of(6, 4, 3));
    String rule = "Folding: the outputs must be the channels of the affine map: expected 4, got ";
    refused(() -> Folding.intoPrevious(affine, weight, null), rule + "6 of weight [6, 4, 3]");
    refused(
        () -> Folding.intoPreviousTransposed(affine, weight, null, 2),
        rule + "8 of weight [6, 4, 3] in 2 groups");
    refusedInPlace((w, b) -> Folding.intoPrevious(affine, w, b), 12, 6, rule + "6 of the bias");
    refusedInPlace(
        (w, b) -> Folding.intoPreviousTransposed(affine, w, b, 6, 2),
        12,
        6,
        rule + "6 of the bias");
  }

  @Test
  void inputsThatAreNotTheChannelsAreRefused() {
    String rule = "Folding: the inputs must be the channels of the affine map: expected 4, got ";
    refused(
        () -> Folding.intoNext(affine, Tensor.ones(Shape.of(4, 6)), null),
        rule + "6 of weight [4, 6] in 1 groups");
    refused(
        () -> Folding.intoNext(affine, Tensor.ones(Shape.of(4, 4, 3)), null, 2),
        rule + "8 of weight [4, 4, 3] in 2 groups");
  }

  @Test
  void groupsThatDoNotDivideAreRefused() {
    Tensor weight = Tensor.ones(Shape.of(4, 1, 3));
    String rule = "Folding: %s must be divisible by groups: got %1$s=4, groups=%d";
    refused(
        () -> Folding.intoPreviousTransposed(affine, weight, null, 3), rule.formatted("inputs", 3));
    refused(() -> Folding.intoNext(affine, weight, null, 0), rule.formatted("outputs", 0));
    refusedInPlace(
        (w, b) -> Folding.intoPreviousTransposed(affine, w, b, 6, 3),
        12,
        4,
        rule.formatted("outputs", 3));
    refusedInPlace(
        (w, b) -> Folding.intoPreviousTransposed(affine, w, b, 4, 3),
        12,
        4,
        rule.formatted("inputs", 3));
    refusedInPlace((w, b) -> Folding.intoNext(affine, w, b, 3), 12, 3, rule.formatted("inputs", 3));
    refusedInPlace(
        (w, b) -> Folding.intoNext(affine, w, b, 3), 12, 4, rule.formatted("outputs", 3));
  }

  @Test
  void weightsThatDoNotDivideAreRefused() {
    String rule = "Folding: the weight must divide into its ";
    refusedInPlace(
        (w, b) -> Folding.intoPrevious(affine, w, b), 13, 4, rule + "outputs: got length 13 for 4");
    refusedInPlace(
        (w, b) -> Folding.intoPreviousTransposed(affine, w, b, 6, 2),
        18,
        4,
        rule + "inputs x outputs / groups: got length 18 for 12");
    refusedInPlace(
        (w, b) -> Folding.intoNext(affine, w, b, 2),
        18,
        2,
        rule + "outputs x inputs / groups: got length 18 for 4");
  }

  @Test
  void weightsOfTooFewDimensionsAreRefused() {
    String rule =
        "Folding: the weight must have at least 2 dimensions: expected rank >= 2, got rank 1 of [4]";
    Tensor weight = Tensor.ones(Shape.of(4));
    refused(() -> Folding.intoPrevious(affine, weight, null), rule);
    refused(() -> Folding.intoPreviousTransposed(affine, weight, null, 1), rule);
    refused(() -> Folding.intoNext(affine, weight, null), rule);
  }

  @Test
  void biasesOfAnotherShapeAreRefused() {
    Tensor weight = Tensor.ones(Shape.of(4, 4));
    Tensor bias = Tensor.ones(Shape.of(4, 1));
    String rule =
        "Folding: the bias must have one element for each channel: expected [4], got [4, 1]";
    refused(() -> Folding.intoPrevious(affine, weight, bias), rule);
    refused(() -> Folding.intoPreviousTransposed(affine, weight, bias, 1), rule);
    refused(() -> Folding.intoNext(affine, weight, bias), rule);
    refused(() -> Folding.absorbBias(affine, bias), rule);
    refused(() -> Folding.absorbBias(new BatchNorm(4), bias), rule);
    BatchNorm untracked = BatchNorm.builder(4).trackRunningStatistics(false).affine(false).build();
    refused(() -> Folding.absorbBias(untracked, bias), rule);
  }

  @Test
  void aBiasThatWouldMakeARunningMeanInfiniteIsRefused() {
    BatchNorm norm = new BatchNorm(2);
    norm.forward(Tensor.full(Shape.of(2, 2), -1e38f));
    Tensor before = norm.state().get("running_mean");
    refused(
        () -> Folding.absorbBias(norm, Tensor.of(Shape.of(2), 1, Float.POSITIVE_INFINITY)),
        "BatchNorm: running_mean must lie in [-3.4028235E38, 3.4028235E38]:"
            + " got -Infinity at index 1");
    assertThat(norm.state().get("running_mean").toArray()).containsExactly(before.toArray());
  }

  @Test
  void affineMapsNeedAsManyShiftsAsScales() {
    refused(
        () -> ChannelAffine.of(new double[2], new double[3]),
        "ChannelAffine: there must be a shift for each scale: expected 2, got 3");
    refused(
        () -> ChannelAffine.of(new double[0], new double[0]),
        "ChannelAffine: channels must be at least 1: got 0");
    assertThatNullPointerException()
        .isThrownBy(() -> ChannelAffine.of(null, new double[1]))
        .withMessage("scale");
    assertThatNullPointerException()
        .isThrownBy(() -> ChannelAffine.of(new double[1], null))
        .withMessage("shift");
  }

  @Test
  void missingArgumentsAreNamed() {
    Tensor weight = Tensor.ones(Shape.of(4, 4));
    missing(() -> Folding.intoPrevious(null, weight, null), "affine");
    missing(() -> Folding.intoPrevious(affine, (Tensor) null, null), "weight");
    missing(() -> Folding.intoPreviousTransposed(null, weight, null, 1), "affine");
    missing(() -> Folding.intoPreviousTransposed(affine, null, null, 1), "weight");
    missing(() -> Folding.intoNext(null, weight, null), "affine");
    missing(() -> Folding.intoNext(affine, null, null), "weight");
    missing(() -> Folding.intoPrevious(null, new float[4], new float[4]), "affine");
    missing(() -> Folding.intoPrevious(affine, null, new float[4]), "weight");
    missing(() -> Folding.intoPrevious(affine, new float[4], null), "bias");
    missing(() -> Folding.absorbBias((BatchNorm) null, weight), "norm");
    missing(() -> Folding.absorbBias((ChannelAffine) null, weight), "affine");
    missing(() -> Folding.absorbBias(affine, null), "bias");
    missing(() -> Folding.absorbBias(new BatchNorm(4), null), "bias");
  }

  private static void missing(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  private interface InPlace {
    void fold(float[] weight, float[] bias);
  }

  private static void refusedInPlace(InPlace folding, int weights, int biases, String message) {
    float[] weight = new float[weights];
    float[] bias = new float[biases];
    Arrays.fill(weight, 1);
    Arrays.fill(bias, 1);
    refused(() -> folding.fold(weight, bias), message);
    assertThat(weight).containsOnly(1);
    assertThat(bias).containsOnly(1);
  }
}
