package io.github.normkit;

import static io.github.normkit.NaturalTolerance.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.reference.Gradients;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All layers with random masks: against the formula in float64, and whatever is in the padding. */
class MaskedTest {

  static Stream<MaskedCase> cases() {
    return MaskedCase.random(12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsAreThoseOfTheFormulaOverWhatCounts(MaskedCase c) {
    assertRight(c, 0, 0);
  }

  static Stream<MaskedCase> centered() {
    return cases().filter(MaskedCase::centered);
  }

  @ParameterizedTest
  @MethodSource("centered")
  void aLargeMeanCostsNothing(MaskedCase c) {
    assertRight(c, 1e6, Float.NaN);
  }

  private static void assertRight(MaskedCase c, double mean, float padding) {
    MaskedNormLayer layer = c.layer();
    Tensor x = c.tensor(0, mean, padding);
    Tensor dy = c.tensor(1, 0, padding);
    double[] wide = Trial.wide(x);
    double[] weight = Trial.wide(layer.parameters().get(0).value());
    double[] bias = Trial.wide(layer.parameters().get(1).value());
    double[] wideDy = Trial.wide(dy);
    double largest = NaturalTolerance.largest(weight);
    SetsReference reference = c.reference();

    Tensor y = layer.forward(x, c.mask());
    assertClose("y", y, reference.forward(wide, weight, bias), largest);
    Gradients expected = reference.backward(wide, wideDy, weight);
    Tensor dx = layer.backward(dy);
    double dxScale = reference.largestRstd(wide) * largest;
    assertClose("dx", dx, expected.dx(), dxScale);
    double terms = Math.sqrt(c.mask().count());
    assertClose("dWeight", layer.parameters().get(0).gradient(), expected.dWeight(), terms);
    assertClose("dBias", layer.parameters().get(1).gradient(), expected.dBias(), terms);
    for (int i = 0; i < c.counted().length; i++) {
      if (!c.counted()[i]) {
        assertThat(y.toArray()[i]).isZero();
        assertThat(dx.toArray()[i]).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsInThePaddingDoesNotMatter(MaskedCase c) {
    MaskedNormLayer zeros = c.layer();
    Tensor y = zeros.forward(c.tensor(0, 0, 0), c.mask());
    Tensor dx = zeros.backward(c.tensor(1, 0, 0));
    for (float padding : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1e30f}) {
      MaskedNormLayer layer = c.layer();
      Tensor x = c.tensor(0, 0, padding);
      Tensor dy = c.tensor(1, 0, padding);
      assertSameBits("y", layer.forward(x, c.mask()), y);
      assertSameBits("dx in place", layer.backward(dy, dy), dx);
      for (int i = 0; i < 2; i++) {
        Tensor gradient = layer.parameters().get(i).gradient();
        assertSameBits("gradient " + i, gradient, zeros.parameters().get(i).gradient());
      }
      assertSameBits("state", layer.state(), zeros.state());
      Tensor inferred = zeros.infer(c.tensor(0, 0, 0), c.mask());
      assertSameBits("infer in place", layer.infer(x, c.mask(), x), inferred);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferHasTheBitsOfForwardInEvaluationAndChangesNothing(MaskedCase c) {
    MaskedNormLayer layer = c.layer();
    Tensor x = c.tensor(0, 3, Float.NaN);
    layer.forward(x, c.mask());
    Tensor dx = layer.backward(c.tensor(1, 0, 0));
    Tensor inferred = layer.infer(x, c.mask());
    assertSameBits("backward after infer", layer.backward(c.tensor(1, 0, 0)), dx);
    layer.eval();
    Tensor out = Tensor.full(c.shape(), 7);
    assertThat(layer.forward(x, c.mask(), out)).isSameAs(out);
    assertSameBits("infer", inferred, out);
  }

  static Stream<MaskedCase> running() {
    return cases().filter(c -> c.layer().state().containsKey("running_mean"));
  }

  @ParameterizedTest
  @MethodSource("running")
  void evaluationGivesTheUnmaskedBits(MaskedCase c) {
    MaskedNormLayer layer = c.layer();
    layer.eval();
    Tensor x = c.tensor(0, 0, 0);
    Tensor dy = c.tensor(1, 0, 0);
    Tensor y = layer.forward(x, c.mask());
    Tensor dx = layer.backward(dy);
    MaskedNormLayer unmasked = c.layer();
    unmasked.eval();
    assertSameBits("y", y, zeroed(c, unmasked.forward(x)));
    assertSameBits("dx", dx, zeroed(c, unmasked.backward(dy)));
  }

  private static Tensor zeroed(MaskedCase c, Tensor tensor) {
    for (int i = 0; i < c.counted().length; i++) {
      if (!c.counted()[i]) {
        tensor.array()[i] = 0;
      }
    }
    return tensor;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMaskOfAllPositionsIsNone(MaskedCase c) {
    boolean[] all = new boolean[c.mask().shape().size()];
    Arrays.fill(all, true);
    Mask full = Mask.of(c.mask().shape(), all);
    Tensor x = c.tensor(0, 1, 2);
    Tensor dy = c.tensor(1, 0, 2);
    MaskedNormLayer masked = c.layer();
    MaskedNormLayer plain = c.layer();
    masked.forward(x, c.mask());
    plain.forward(x, c.mask());
    assertSameBits("y", masked.forward(x, full), plain.forward(x));
    assertSameBits("dx", masked.backward(dy), plain.backward(dy));
    assertSameBits("state", masked.state(), plain.state());
    assertSameBits("infer", masked.infer(x, full), plain.infer(x));
  }

  static Stream<NormBuilder<?>> large() {
    return Stream.of(
        BatchNorm.builder(40),
        GroupNorm.builder(4, 40),
        InstanceNorm.builder(40).affine(true),
        LayerNorm.builder(50, 40).zeroCentered(true),
        LayerNorm.builder(40));
  }

  @ParameterizedTest
  @MethodSource("large")
  void threadsGiveTheSameBits(NormBuilder<?> builder) {
    Layout last = Layout.CHANNELS_LAST;
    if (builder instanceof ChannelNormBuilder<?> channels) {
      channels.layout(last);
    }
    MaskedCase c =
        new MaskedCase(
            "",
            Seeds.seed(0),
            builder,
            Shape.of(30, 50, 40),
            Mask.lengths(50, lengths()),
            true,
            new int[0],
            new int[0],
            new boolean[0]);
    MaskedNormLayer alone = c.layer();
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      builder.parallel(pool);
      MaskedNormLayer pooled = c.layer();
      for (int step = 0; step < 2; step++) {
        Tensor x = c.tensor(step, 1, 0);
        Tensor dy = c.tensor(step + 7, 1, 0);
        assertSameBits("y", pooled.forward(x, c.mask()), alone.forward(x, c.mask()));
        assertSameBits("dx", pooled.backward(dy), alone.backward(dy));
        List<Parameter> parameters = pooled.parameters();
        for (int i = 0; i < 2; i++) {
          Tensor expected = alone.parameters().get(i).gradient();
          assertSameBits("gradient", parameters.get(i).gradient(), expected);
        }
      }
    } finally {
      pool.shutdown();
    }
  }

  private static int[] lengths() {
    int[] lengths = new int[30];
    for (int i = 0; i < 30; i++) {
      lengths[i] = 50 - i;
    }
    return lengths;
  }
}
