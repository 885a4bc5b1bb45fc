package io.github.normkit.reference;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.Layout;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The messages of the reference: the class, the rule and both numbers. */
class ReferenceErrorsTest {

  private static final Layout FIRST = Layout.CHANNELS_FIRST;
  private static final double[] SIX = new double[6];
  private static final double[] FIVE = new double[5];
  private static final double[] TWO = new double[2];

  @Test
  void rowsMustFillTheInput() {
    assertMessage(
        () -> LayerNormReference.forward(FIVE, 2, 3, null, null, 1e-5),
        "LayerNormReference: x must have rows * cols elements: expected 6, got 5");
    assertMessage(
        () -> RMSNormReference.backward(FIVE, SIX, 2, 3, null, 1e-5),
        "RMSNormReference: x must have rows * cols elements: expected 6, got 5");
    assertMessage(
        () -> LayerNormReference.backward(SIX, FIVE, 2, 3, null, 1e-5),
        "LayerNormReference: dy must have rows * cols elements: expected 6, got 5");
    assertMessage(
        () -> LayerNormReference.forward(SIX, 1 << 20, 1 << 20, null, null, 1e-5),
        "LayerNormReference: x must have rows * cols elements: expected 1099511627776, got 6");
  }

  @Test
  void imagesMustFillTheInput() {
    assertMessage(
        () -> BatchNormReference.forward(FIVE, 1, 2, 3, FIRST, null, null, 1e-5),
        "BatchNormReference: x must have n * c * s elements: expected 6, got 5");
    assertMessage(
        () -> BatchNormReference.backwardInfer(SIX, FIVE, 1, 2, 3, FIRST, TWO, TWO, null, 1e-5),
        "BatchNormReference: dy must have n * c * s elements: expected 6, got 5");
    assertMessage(
        () -> GroupNormReference.backward(SIX, FIVE, 1, 2, 3, FIRST, 1, null, 1e-5),
        "GroupNormReference: dy must have n * c * s elements: expected 6, got 5");
    assertMessage(
        () -> InstanceNormReference.backward(SIX, FIVE, 1, 2, 3, FIRST, null, 1e-5),
        "InstanceNormReference: dy must have n * c * s elements: expected 6, got 5");
  }

  @Test
  void parametersAndStatisticsMustHaveOneValueForEachChannelOrColumn() {
    assertMessage(
        () -> RMSNormReference.forward(SIX, 2, 3, TWO, null, 1e-5),
        "RMSNormReference: weight must have cols elements: expected 3, got 2");
    assertMessage(
        () -> LayerNormReference.forward(SIX, 2, 3, null, TWO, 1e-5),
        "LayerNormReference: bias must have cols elements: expected 3, got 2");
    assertMessage(
        () -> InstanceNormReference.forward(SIX, 1, 2, 3, FIRST, FIVE, null, 1e-5),
        "InstanceNormReference: weight must have c elements: expected 2, got 5");
    assertMessage(
        () -> BatchNormReference.infer(SIX, 1, 2, 3, FIRST, FIVE, TWO, null, null, 1e-5),
        "BatchNormReference: mean must have c elements: expected 2, got 5");
    assertMessage(
        () -> BatchNormReference.infer(SIX, 1, 2, 3, FIRST, TWO, FIVE, null, null, 1e-5),
        "BatchNormReference: variance must have c elements: expected 2, got 5");
    assertMessage(
        () -> BatchNormReference.running(TWO, FIVE, 0.1),
        "BatchNormReference: batch must have old.length elements: expected 2, got 5");
  }

  @Test
  void countsMustBeAtLeastWhatTheyCanBe() {
    assertMessage(
        () -> LayerNormReference.forward(SIX, -1, 3, null, null, 1e-5),
        "LayerNormReference: rows must be at least 0: got -1");
    assertMessage(
        () -> RMSNormReference.forward(SIX, 2, 0, null, null, 1e-5),
        "RMSNormReference: cols must be at least 1: got 0");
    assertMessage(
        () -> InstanceNormReference.forward(SIX, 1, 0, 3, FIRST, null, null, 1e-5),
        "InstanceNormReference: c must be at least 1: got 0");
  }

  @Test
  void groupsMustDivideTheChannels() {
    assertMessage(
        () -> GroupNormReference.forward(SIX, 1, 6, 1, FIRST, 4, null, null, 1e-5),
        "GroupNormReference: c must be divisible by groups: got c=6, groups=4");
    assertMessage(
        () -> GroupNormReference.forward(SIX, 1, 6, 1, FIRST, 0, null, null, 1e-5),
        "GroupNormReference: c must be divisible by groups: got c=6, groups=0");
  }

  @Test
  void epsilonAndMomentumMustBeInRange() {
    assertMessage(
        () -> LayerNormReference.forward(SIX, 2, 3, null, null, -1),
        "LayerNormReference: epsilon must be finite and not negative: expected >= 0, got -1.0");
    assertMessage(
        () -> BatchNormReference.forward(SIX, 1, 2, 3, FIRST, null, null, Double.NaN),
        "BatchNormReference: epsilon must be finite and not negative: expected >= 0, got NaN");
    assertMessage(
        () -> BatchNormReference.running(TWO, TWO, 1.5),
        "BatchNormReference: momentum must lie in [0, 1]: got 1.5");
  }

  @Test
  void anUnbiasedVarianceNeedsTwoElements() {
    assertMessage(
        () -> BatchNormReference.unbiased(TWO, 1),
        "BatchNormReference: an unbiased variance must have two elements: expected >= 2, got 1");
  }

  @Test
  void missingArraysAreNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> LayerNormReference.forward(null, 2, 3, null, null, 1e-5))
        .withMessage("x");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchNormReference.backward(SIX, null, 1, 2, 3, FIRST, null, 1e-5))
        .withMessage("dy");
    assertThatNullPointerException()
        .isThrownBy(() -> GroupNormReference.forward(SIX, 1, 2, 3, null, 1, null, null, 1e-5))
        .withMessage("layout");
  }

  private static void assertMessage(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
