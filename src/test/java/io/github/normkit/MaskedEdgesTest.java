package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Masks that leave nothing or one element, running statistics, results by hand, wrong calls. */
class MaskedEdgesTest {

  private static final Shape SHAPE = Shape.of(2, 3, 4);

  /** Each layer for (2, 3, 4), with a mask of its positions in which nothing counts. */
  private record Kind(String name, MaskedNormLayer layer, Mask none) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Kind> kinds() {
    Mask first = Mask.lengths(4, 0, 0);
    Mask last = Mask.lengths(3, 0, 0);
    return List.of(
        new Kind("BatchNorm", new BatchNorm(3), first),
        new Kind(
            "BatchNorm, last", BatchNorm.builder(4).layout(Layout.CHANNELS_LAST).build(), last),
        new Kind("GroupNorm", new GroupNorm(3, 3), first),
        new Kind(
            "InstanceNorm",
            InstanceNorm.builder(3).affine(true).trackRunningStatistics(true).build(),
            first),
        new Kind("LayerNorm of rows", new LayerNorm(4), last),
        new Kind("LayerNorm", new LayerNorm(3, 4), last),
        new Kind("RMSNorm", RMSNorm.builder(3, 4).bias(true).build(), last));
  }

  private static Tensor nans() {
    return Tensor.full(SHAPE, Float.NaN);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void withoutAnyCountedPositionAllIsZeroAndNothingChanges(Kind kind) {
    MaskedNormLayer layer = kind.layer();
    for (Parameter parameter : layer.parameters()) {
      Arrays.fill(parameter.value().array(), 3);
    }
    Map<String, Tensor> before = layer.state();
    Tensor zeros = Tensor.zeros(SHAPE);
    assertSameBits("y", layer.forward(nans(), kind.none(), Tensor.full(SHAPE, 5)), zeros);
    assertSameBits("dx", layer.backward(nans(), Tensor.full(SHAPE, 5)), zeros);
    assertSameBits("infer", layer.infer(nans(), kind.none()), zeros);
    assertSameBits("state", layer.state(), before);
    for (Parameter parameter : layer.parameters()) {
      assertThat(parameter.gradient().toArray()).containsOnly(0);
    }
  }

  @Test
  void withoutAnyCountedPositionInputsThatAreTooSmallAreZeroToo() {
    assertZero(new BatchNorm(3), Shape.of(1, 3), Shape.of(1));
    assertZero(new GroupNorm(3, 3), Shape.of(1, 3, 1), Shape.of(1, 1));
    assertZero(new InstanceNorm(3), Shape.of(2, 3, 1), Shape.of(2, 1));
  }

  private static void assertZero(MaskedNormLayer layer, Shape shape, Shape positions) {
    Mask none = Mask.of(positions, new boolean[positions.size()]);
    Tensor nans = Tensor.full(shape, Float.NaN);
    Tensor zeros = Tensor.zeros(shape);
    Map<String, Tensor> before = layer.state();
    assertSameBits("y", layer.forward(nans, none), zeros);
    assertSameBits("dx", layer.backward(nans), zeros);
    assertSameBits("infer", layer.infer(nans, none), zeros);
    assertSameBits("state", layer.state(), before);
  }

  @Test
  void aSampleWithOneCountedPositionHasItsBiasAndNoGradient() {
    for (MaskedNormLayer layer :
        List.of(new GroupNorm(3, 3), InstanceNorm.builder(3).affine(true).build())) {
      Arrays.fill(layer.parameters().get(1).value().array(), 0.5f);
      Tensor x = Tensor.of(SHAPE, counting(24));
      Tensor y = layer.forward(x, Mask.lengths(4, 1, 3));
      Tensor dx = layer.backward(Tensor.of(SHAPE, counting(24)));
      assertThat(y.slice(0, 1).toArray()).containsExactly(.5f, 0, 0, 0, .5f, 0, 0, 0, .5f, 0, 0, 0);
      assertThat(dx.slice(0, 1).toArray()).containsOnly(0);
      assertThat(y.get(1, 0, 0)).isNegative();
      // dBias: the counted dy of both samples.
      assertThat(layer.parameters().get(1).gradient().toArray())
          .containsExactly(0 + 12 + 13 + 14, 4 + 16 + 17 + 18, 8 + 20 + 21 + 22);
    }
  }

  private static float[] counting(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void batchNormByHand() {
    // Counted are 1, 3 of the first sequence and 8 of the second: mean 4, variance 26/3.
    BatchNorm norm = BatchNorm.builder(1).epsilon(1e-30).build();
    norm.parameters().get(0).value().set(2, 0);
    norm.parameters().get(1).value().set(1, 0);
    Tensor x = Tensor.of(Shape.of(2, 1, 3), 1, 3, Float.NaN, 8, 77, -1);
    Tensor y = norm.forward(x, Mask.lengths(3, 2, 1));
    double deviation = Math.sqrt(26 / 3.0);
    assertElements(y, 1 - 6 / deviation, 1 - 2 / deviation, 0, 1 + 8 / deviation, 0, 0);
    // Running: 0.9 * 0 + 0.1 * 4, and 0.9 * 1 + 0.1 * 26 / 2.
    assertElements(norm.state().get("running_mean"), 0.4);
    assertElements(norm.state().get("running_var"), 2.2);
    // dy 1, 0, 0: mean(g) = 2/3, mean(g * xhat) = -2 / deviation.
    Tensor dx = norm.backward(Tensor.of(x.shape(), 1, 0, 9, 0, 9, Float.NaN));
    double[] xhat = {-3 / deviation, -1 / deviation, 4 / deviation};
    assertElements(
        dx,
        (2 - 2 / 3.0 + xhat[0] * 2 / deviation) / deviation,
        (-2 / 3.0 + xhat[1] * 2 / deviation) / deviation,
        0,
        (-2 / 3.0 + xhat[2] * 2 / deviation) / deviation,
        0,
        0);
    assertElements(norm.parameters().get(0).gradient(), xhat[0]);
    assertElements(norm.parameters().get(1).gradient(), 1);
  }

  private static void assertElements(Tensor got, double... expected) {
    float[] values = got.toArray();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void runningStatisticsOfInstanceNormAreTheMeanOfSamplesWithAVariance() {
    InstanceNorm norm = InstanceNorm.builder(1).trackRunningStatistics(true).momentum(0.5).build();
    Tensor x = Tensor.of(Shape.of(4, 1, 3), 1, 3, 9, 7, 9, 9, 1, 2, 6, 5, 5, 5);
    norm.forward(x, Mask.lengths(3, 2, 1, 3, 0));
    // Means 2 and 3; variances 1 * 2/1 and 14/3 * 3/2.
    assertElements(norm.state().get("running_mean"), 0.5 * 2.5);
    assertElements(norm.state().get("running_var"), 0.5 * 1 + 0.5 * (2 + 7) / 2);
    assertThat(norm.state().get("num_batches_tracked").get()).isEqualTo(1);
    Map<String, Tensor> before = norm.state();
    norm.forward(x, Mask.lengths(3, 1, 0, 1, 1));
    norm.eval();
    norm.forward(x, Mask.lengths(3, 2, 1, 3, 0));
    assertSameBits("state", norm.state(), before);
  }

  @Test
  void aFrozenBatchNormUsesItsRunningStatisticsAndTakesOnePosition() {
    BatchNorm norm = BatchNorm.builder(3).frozen(true).epsilon(1e-30).build();
    Map<String, Tensor> before = norm.state();
    Tensor x = Tensor.full(SHAPE, 2);
    Tensor y = norm.forward(x, Mask.lengths(4, 0, 1));
    Tensor expected = Tensor.zeros(SHAPE);
    for (int c = 0; c < 3; c++) {
      expected.set(2, 1, c, 0);
    }
    assertSameBits("y", y, expected);
    assertSameBits("state", norm.state(), before);
  }

  @Test
  void manySamplesLoseNothingInTheSumsOfTheirGradients() {
    int n = 3000;
    GroupNorm norm = new GroupNorm(1, 1);
    int[] lengths = new int[n];
    Arrays.fill(lengths, 2);
    float third = 1 / 3f;
    norm.forward(Tensor.zeros(Shape.of(n, 1, 3)), Mask.lengths(3, lengths));
    norm.backward(Tensor.full(Shape.of(n, 1, 3), third));
    assertThat(norm.parameters().get(1).gradient().get(0)).isEqualTo((float) (n * 2.0 * third));
  }

  @Test
  void oneLayerTakesMasksAndNoneInTurn() {
    GroupNorm norm = new GroupNorm(1, 3);
    GroupNorm other = new GroupNorm(1, 3);
    Tensor x = Tensor.of(SHAPE, counting(24));
    norm.forward(x, Mask.lengths(4, 2, 3));
    norm.forward(x);
    other.forward(x);
    assertSameBits("dx", norm.backward(x.slice(0, 2)), other.backward(x));
    norm.infer(x, Mask.lengths(4, 1, 3));
    assertSameBits("dx again", norm.backward(x), other.backward(x));
  }

  @Test
  void anEmptyBatchTakesAnEmptyMask() {
    BatchNorm norm = new BatchNorm(3);
    Tensor y = norm.forward(Tensor.zeros(Shape.of(0, 3, 4)), Mask.lengths(4));
    assertThat(y.shape()).isEqualTo(Shape.of(0, 3, 4));
    assertThat(norm.backward(y).shape()).isEqualTo(Shape.of(0, 3, 4));
    assertThat(new LayerNorm(4).infer(y, Mask.lengths(3)).shape()).isEqualTo(Shape.of(0, 3, 4));
    assertThat(new LayerNorm(3, 4).infer(y, Mask.lengths(3)).shape()).isEqualTo(Shape.of(0, 3, 4));
  }

  @Test
  void aMaskOfAnotherShapeIsRefusedAndNothingWritten() {
    Tensor x = Tensor.zeros(SHAPE);
    Tensor out = Tensor.ones(SHAPE);
    BatchNorm batch = new BatchNorm(3);
    Map<String, Tensor> before = batch.state();
    String rule = "BatchNorm: the mask must have the input's shape without the channels: expected ";
    refused(
        () -> batch.forward(x, Mask.lengths(3, 1, 1), out),
        rule + "[2, 4] for [2, 3, 4], got [2, 3]");
    refused(
        () -> batch.infer(x, Mask.lengths(3, 1, 1), out),
        rule + "[2, 4] for [2, 3, 4], got [2, 3]");
    refused(
        () ->
            BatchNorm.builder(4)
                .layout(Layout.CHANNELS_LAST)
                .build()
                .infer(x, Mask.lengths(4, 1, 1)),
        rule + "[2, 3] for [2, 3, 4], got [2, 4]");
    refused(
        () -> new LayerNorm(4).forward(x, Mask.lengths(4, 1, 1), out),
        "LayerNorm: the mask's shape must be the first dimensions of the input:"
            + " expected some of [2, 3, 4], got [2, 4]");
    refused(
        () -> new RMSNorm(4).infer(x, Mask.lengths(4, 1, 1).expand(1, 3).expand(3, 1), out),
        "RMSNorm: the mask's shape must be the first dimensions of the input:"
            + " expected some of [2, 3, 4], got [2, 3, 4, 1]");
    refused(
        () -> batch.forward(x, Mask.lengths(4, 1, 0), out),
        "BatchNorm: batch statistics need more than one value per channel: got 1 counted position"
            + " of mask [2, 4]; use eval mode with running statistics, a larger batch, or"
            + " GroupNorm");
    assertSameBits("state", batch.state(), before);
    assertThat(out.toArray()).containsOnly(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> batch.backward(x))
        .withMessage("BatchNorm: backward must follow a forward: got none before");
  }

  @Test
  void outputsAreCheckedAsWithoutAMask() {
    Tensor x = Tensor.zeros(SHAPE);
    Mask mask = Mask.lengths(3, 1, 2);
    LayerNorm layer = new LayerNorm(4);
    refused(
        () -> layer.forward(x, mask, x),
        "LayerNorm: out must not overlap the input, which backward needs; infer may run in place:"
            + " got offsets 0 and 0 of one array, 24 elements each");
    refused(
        () -> layer.infer(x, mask, Tensor.zeros(Shape.of(24))),
        "LayerNorm: out must have the input's shape: expected [2, 3, 4], got [24]");
    refused(
        () -> layer.forward(Tensor.zeros(Shape.of(2, 3)), mask),
        "LayerNorm: the input's trailing dimensions must be normalizedShape:"
            + " expected [4], got [2, 3]");
    assertThatNullPointerException().isThrownBy(() -> layer.forward(null, mask)).withMessage("x");
    assertThatNullPointerException()
        .isThrownBy(() -> layer.forward(x, (Mask) null))
        .withMessage("mask");
    assertThatNullPointerException()
        .isThrownBy(() -> layer.infer(x, mask, null))
        .withMessage("out");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
