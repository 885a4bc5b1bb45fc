package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A masked result has the bits of the same layer on the counted elements copied together. */
class MaskedBitsTest {

  private static final int N = 4;
  private static final int LENGTH = 37;
  private static final int C = 6;
  private static final int[] LENGTHS = {20, 0, 37, 1};
  private static final Mask MASK = Mask.lengths(LENGTH, LENGTHS);
  private static final int COUNT = 58;

  private final RandomGenerator random = Seeds.random(Seeds.seed(0));
  private final Tensor first = gaussians(Shape.of(N, C, LENGTH));
  private final Tensor last = gaussians(Shape.of(N, LENGTH, C));
  private final Tensor firstDy = gaussians(Shape.of(N, C, LENGTH));
  private final Tensor lastDy = gaussians(Shape.of(N, LENGTH, C));

  private Tensor gaussians(Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** The counted elements of some samples, channels first, as one sample. */
  private static Tensor packFirst(Tensor tensor, List<Integer> samples, int count) {
    Tensor packed = Tensor.zeros(Shape.of(1, C, count));
    for (int c = 0; c < C; c++) {
      int at = 0;
      for (int sample : samples) {
        for (int l = 0; l < LENGTHS[sample]; l++) {
          packed.set(tensor.get(sample, c, l), 0, c, at++);
        }
      }
    }
    return packed;
  }

  /** The same with the channels last. */
  private static Tensor packLast(Tensor tensor, List<Integer> samples, int count) {
    Tensor packed = Tensor.zeros(Shape.of(1, count, C));
    int at = 0;
    for (int sample : samples) {
      for (int l = 0; l < LENGTHS[sample]; l++) {
        for (int c = 0; c < C; c++) {
          packed.set(tensor.get(sample, l, c), 0, at, c);
        }
        at++;
      }
    }
    return packed;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormIsThatOfAllCountedPositionsAsOneBatch(boolean channelsLast) {
    Layout layout = channelsLast ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    BatchNorm masked = BatchNorm.builder(C).layout(layout).build();
    BatchNorm packed = BatchNorm.builder(C).layout(layout).build();
    List<Integer> all = List.of(0, 1, 2, 3);
    Tensor x = channelsLast ? last : first;
    Tensor dy = channelsLast ? lastDy : firstDy;
    Tensor y = masked.forward(x, MASK);
    Tensor dx = masked.backward(dy);
    assertSameBits("y", pack(y, all, COUNT), packed.forward(pack(x, all, COUNT)));
    assertSameBits("dx", pack(dx, all, COUNT), packed.backward(pack(dy, all, COUNT)));
    assertSameBits("state", masked.state(), packed.state());
    for (int i = 0; i < 2; i++) {
      Tensor gradient = packed.parameters().get(i).gradient();
      assertSameBits("gradient", masked.parameters().get(i).gradient(), gradient);
    }
    assertSameBits(
        "infer", pack(masked.infer(x, MASK), all, COUNT), packed.infer(pack(x, all, COUNT)));
  }

  private static Tensor pack(Tensor tensor, List<Integer> samples, int count) {
    return tensor.shape().dim(1) == C
        ? packFirst(tensor, samples, count)
        : packLast(tensor, samples, count);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void groupNormIsThatOfEachSampleByItself(boolean channelsLast) {
    Layout layout = channelsLast ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    GroupNorm masked = GroupNorm.builder(3, C).layout(layout).build();
    GroupNorm alone = GroupNorm.builder(3, C).layout(layout).build();
    assertSamplesAlone(masked, alone, channelsLast, List.of(0, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void instanceNormIsThatOfEachSampleByItself(boolean channelsLast) {
    Layout layout = channelsLast ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    InstanceNorm masked = InstanceNorm.builder(C).affine(true).layout(layout).build();
    InstanceNorm alone = InstanceNorm.builder(C).affine(true).layout(layout).build();
    // Sample 3 has one position, which InstanceNorm alone refuses.
    assertSamplesAlone(masked, alone, channelsLast, List.of(0, 2));
  }

  private void assertSamplesAlone(
      MaskedNormLayer masked, NormLayer alone, boolean channelsLast, List<Integer> samples) {
    Tensor x = channelsLast ? last : first;
    Tensor dy = channelsLast ? lastDy : firstDy;
    Tensor y = masked.forward(x, MASK);
    Tensor dx = masked.backward(dy);
    for (int sample : samples) {
      List<Integer> one = List.of(sample);
      int n = LENGTHS[sample];
      assertSameBits("y", pack(y, one, n), alone.forward(pack(x, one, n)));
      assertSameBits("dx", pack(dx, one, n), alone.backward(pack(dy, one, n)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsOutsideOfTheMaskAreSkipped(boolean centered) {
    MaskedNormLayer masked = centered ? new LayerNorm(C) : new RMSNorm(C);
    NormLayer packed = centered ? new LayerNorm(C) : new RMSNorm(C);
    List<Integer> all = List.of(0, 1, 2, 3);
    Tensor y = masked.forward(last, MASK);
    Tensor dx = masked.backward(lastDy);
    assertSameBits("y", packLast(y, all, COUNT), packed.forward(packLast(last, all, COUNT)));
    assertSameBits("dx", packLast(dx, all, COUNT), packed.backward(packLast(lastDy, all, COUNT)));
    for (int i = 0; i < masked.parameters().size(); i++) {
      Tensor gradient = packed.parameters().get(i).gradient();
      assertSameBits("gradient", masked.parameters().get(i).gradient(), gradient);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsOfWhichSomePositionsCountAreThoseOfTheseAlone(boolean zeroCentered) {
    LayerNorm masked = LayerNorm.builder(LENGTH, C).zeroCentered(zeroCentered).build();
    Tensor weight = gaussians(Shape.of(LENGTH, C));
    System.arraycopy(weight.array(), 0, masked.parameters().get(0).value().array(), 0, LENGTH * C);
    Tensor y = masked.forward(last, MASK);
    Tensor dx = masked.backward(lastDy);
    for (int sample : List.of(0, 2, 3)) {
      int n = LENGTHS[sample];
      LayerNorm alone = LayerNorm.builder(n, C).zeroCentered(zeroCentered).build();
      System.arraycopy(weight.array(), 0, alone.parameters().get(0).value().array(), 0, n * C);
      List<Integer> one = new ArrayList<>(List.of(sample));
      assertSameBits("y", packLast(y, one, n), alone.forward(packLast(last, one, n)));
      assertSameBits("dx", packLast(dx, one, n), alone.backward(packLast(lastDy, one, n)));
    }
  }
}
