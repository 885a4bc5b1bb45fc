package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Wrong calls of layers and builders, with the text of each message. */
class LayerErrorsTest {

  private final float[] storage = new float[100];
  private final Tensor x = Tensor.wrap(storage, 0, Shape.of(2, 10));
  private final Tensor shifted = Tensor.wrap(storage, 5, Shape.of(2, 10));
  private final Tensor apart = Tensor.zeros(Shape.of(2, 10));
  private final NormLayer layer = new LayerNorm(10);

  @Test
  void forwardRefusesAnOutputThatOverlapsTheInput() {
    String rule = "LayerNorm: out must not overlap the input, which backward needs; infer may run";
    refused(
        () -> layer.forward(x, x),
        rule + " in place: got offsets 0 and 0 of one array, 20 elements each");
    refused(
        () -> layer.forward(x, shifted),
        rule + " in place: got offsets 5 and 0 of one array, 20 elements each");
  }

  @Test
  void inferRefusesAnOutputThatOverlapsTheInputInPart() {
    refused(
        () -> layer.infer(x, shifted),
        "LayerNorm: out must not overlap the input unless it is the input exactly:"
            + " got offsets 5 and 0 of one array, 20 elements each");
  }

  @Test
  void backwardRefusesToOverwriteWhatItReads() {
    layer.forward(x);
    refused(
        () -> layer.backward(apart, x),
        "LayerNorm: dx must not overlap the input of forward:"
            + " got offsets 0 and 0 of one array, 20 elements each");
    Tensor dy = Tensor.wrap(storage, 30, Shape.of(2, 10));
    Tensor dx = Tensor.wrap(storage, 35, Shape.of(2, 10));
    refused(
        () -> layer.backward(dy, dx),
        "LayerNorm: dx must not overlap dy unless it is dy exactly:"
            + " got offsets 35 and 30 of one array, 20 elements each");
  }

  @Test
  void tensorsOfAnotherShapeAreRefused() {
    Tensor other = Tensor.zeros(Shape.of(4, 5));
    refused(
        () -> layer.forward(x, other),
        "LayerNorm: out must have the input's shape: expected [2, 10], got [4, 5]");
    refused(
        () -> layer.infer(x, other),
        "LayerNorm: out must have the input's shape: expected [2, 10], got [4, 5]");
    layer.forward(x);
    refused(
        () -> layer.backward(other),
        "LayerNorm: dy must have the input's shape: expected [2, 10], got [4, 5]");
    refused(
        () -> layer.backward(apart, other),
        "LayerNorm: dx must have the input's shape: expected [2, 10], got [4, 5]");
  }

  @Test
  void missingTensorsAreNamed() {
    assertThatNullPointerException().isThrownBy(() -> layer.forward(null)).withMessage("x");
    assertThatNullPointerException().isThrownBy(() -> layer.forward(x, null)).withMessage("out");
    assertThatNullPointerException().isThrownBy(() -> layer.infer(null)).withMessage("x");
    assertThatNullPointerException().isThrownBy(() -> layer.infer(x, null)).withMessage("out");
    assertThatNullPointerException().isThrownBy(() -> layer.backward(null)).withMessage("dy");
    layer.forward(x);
    assertThatNullPointerException().isThrownBy(() -> layer.backward(x, null)).withMessage("dx");
  }

  @Test
  void aForwardThatFailsOnItsWayLeavesNothingToGoBackTo() {
    ForkJoinPool pool = new ForkJoinPool(2);
    NormLayer pooled = BatchNorm.builder(8).parallel(pool).build();
    pooled.forward(Tensor.zeros(Shape.of(4, 8)));
    pool.shutdown();
    Tensor large = Tensor.zeros(Shape.of(20_000, 8));
    assertThat(catchThrowable(() -> pooled.forward(large)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> pooled.backward(Tensor.zeros(Shape.of(4, 8))))
        .withMessage("BatchNorm: backward must follow a forward: got none before");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    refused(
        () -> BatchNorm.builder(3).frozen(true).trackRunningStatistics(false).build(),
        "BatchNorm: frozen must have running statistics:"
            + " got frozen=true, trackRunningStatistics=false");
    refused(() -> GroupNorm.builder(0, 4), "GroupNorm: groups must be at least 1: got 0");
    refused(
        () -> new GroupNorm(4, 6),
        "GroupNorm: channels must be divisible by groups: got channels=6, groups=4");
    refused(() -> BatchNorm.builder(3).rank(4, 1), "BatchNorm: ranks must be at least 2: got 1");
    refused(() -> InstanceNorm.builder(3).rank(2), "InstanceNorm: ranks must be at least 3: got 2");
    refused(
        () -> new LayerNorm(70_000, 70_000),
        "LayerNorm: the number of elements of normalizedShape must fit an int:"
            + " got [70000, 70000], limit 2147483647");
    refused(
        () -> BatchNorm.builder(3).momentum(2), "BatchNorm: momentum must lie in [0, 1]: got 2.0");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchNorm.builder(3).convention(null))
        .withMessage("convention");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchNorm.builder(3).layout(null))
        .withMessage("layout");
    assertThatNullPointerException()
        .isThrownBy(() -> BatchNorm.builder(3).parallel(null))
        .withMessage("pool");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
