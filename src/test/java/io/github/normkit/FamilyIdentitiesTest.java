package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the layers of the wider family have in common with each other and with the five layers. */
class FamilyIdentitiesTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final RandomGenerator random = Seeds.random(Seeds.seed(0));

  private Tensor gaussians(double mean, double deviation, int... dims) {
    Tensor x = Tensor.zeros(Shape.of(dims));
    for (int i = 0; i < x.shape().size(); i++) {
      x.array()[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void renormWithoutCorrectionsIsBatchNormToTheBit(Layout layout) {
    NormLayer renorm = BatchRenorm.builder(5).layout(layout).build();
    NormLayer batch =
        BatchNorm.builder(5).momentum(0.01).unbiasedVariance(false).layout(layout).build();
    for (int step = 0; step < 3; step++) {
      Tensor x = gaussians(1, 2, 4, 5, 5);
      Tensor dy = gaussians(0, 1, 4, 5, 5);
      assertSameBits("y", renorm.forward(x), batch.forward(x));
      assertSameBits("dx", renorm.backward(dy), batch.backward(dy));
      assertSameBits("state", renorm.state(), batch.state());
    }
    Tensor x = gaussians(1, 2, 4, 5, 5);
    assertSameBits("infer", renorm.infer(x), batch.infer(x));
    renorm.eval();
    batch.eval();
    assertSameBits("y in evaluation", renorm.forward(x), batch.forward(x));
    assertSameBits("dx in evaluation", renorm.backward(x), batch.backward(x));
  }

  @Test
  void renormWithoutLimitsGivesTheOutputOfEvaluation() {
    BatchRenorm renorm = BatchRenorm.builder(5).limits(INFINITY, INFINITY).build();
    Tensor x = gaussians(3, 2, 40, 5);
    Tensor evaluated = renorm.infer(x);
    NaturalTolerance.assertClose("y", renorm.forward(x), Trial.wide(evaluated));
    Map<String, Tensor> state = renorm.state();
    assertThat(state.get("num_batches_tracked").get()).isEqualTo(1);
  }

  @Test
  void limitsTakeEffectAtTheNextForward() {
    BatchRenorm renorm = new BatchRenorm(5);
    Tensor x = gaussians(3, 2, 40, 5);
    Tensor plain = renorm.forward(x);
    renorm.limits(2, 1);
    Tensor dx = renorm.backward(x);
    BatchRenorm other = new BatchRenorm(5);
    assertSameBits("y", other.forward(x), plain);
    assertSameBits("dx of the forward before", other.backward(x), dx);
    assertThat(renorm.forward(x).toArray()).isNotEqualTo(plain.toArray());
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void ghostsAreBatchNormsOfSlicesToTheBit(Layout layout) {
    Tensor x = gaussians(1, 2, 10, 6, 6);
    Tensor dy = gaussians(0, 1, 10, 6, 6);
    GhostBatchNorm ghosts = GhostBatchNorm.builder(4, 6).layout(layout).build();
    BatchNorm batch = BatchNorm.builder(6).layout(layout).build();
    Tensor y = ghosts.forward(x);
    Tensor dx = ghosts.backward(dy);
    for (int from = 0; from < 10; from += 4) {
      int to = Math.min(10, from + 4);
      assertSameBits("y", y.slice(from, to), batch.forward(x.slice(from, to)));
      assertSameBits("dx", dx.slice(from, to), batch.backward(dy.slice(from, to)));
    }
    assertSameBits("state", ghosts.state(), batch.state());
    assertSameBits("infer", ghosts.infer(x), batch.infer(x));
    assertThat(ghosts.state().get("num_batches_tracked").get()).isEqualTo(3);
  }

  @Test
  void aBatchSmallerThanAGhostIsOne() {
    Tensor x = gaussians(1, 2, 3, 6);
    assertSameBits("y", new GhostBatchNorm(4, 6).forward(x), new BatchNorm(6).forward(x));
  }

  @Test
  void ghostsOfRunningAverageCountEachGhost() {
    GhostBatchNorm ghosts = GhostBatchNorm.builder(2, 1).cumulativeAverage().build();
    ghosts.forward(Tensor.of(Shape.of(6, 1), 1, 3, 5, 5, 9, 1));
    assertThat(ghosts.state().get("running_mean").get(0)).isEqualTo((2 + 5 + 5) / 3f);
    assertThat(ghosts.state().get("running_var").get(0)).isEqualTo((2 + 0 + 32) / 3f);
  }

  @Test
  void partialRmsOfAllIsRmsNormToTheBit() {
    Tensor x = gaussians(1, 2, 9, 70);
    Tensor dy = gaussians(0, 1, 9, 70);
    NormLayer partial = PartialRMSNorm.builder(70).fraction(1).build();
    NormLayer rms = new RMSNorm(70);
    assertSameBits("y", partial.forward(x), rms.forward(x));
    assertSameBits("dx", partial.backward(dy), rms.backward(dy));
    assertSameBits(
        "dWeight", partial.parameters().get(0).gradient(), rms.parameters().get(0).gradient());
  }

  @Test
  void theFractionIsRoundedUpInDecimals() {
    assertThat(new PartialRMSNorm(4096).part()).isEqualTo(256);
    assertThat(PartialRMSNorm.builder(100).fraction(0.07).build().part()).isEqualTo(7);
    assertThat(PartialRMSNorm.builder(101).fraction(0.07).build().part()).isEqualTo(8);
    assertThat(PartialRMSNorm.builder(4).fraction(1e-300).build().part()).isEqualTo(1);
    assertThat(PartialRMSNorm.builder(4).fraction(1).build().part()).isEqualTo(4);
  }

  @Test
  void unitRowsHaveLengthOneWhateverTheirSize() {
    UnitNorm norm = UnitNorm.builder(16).epsilon(1e-300).build();
    Tensor x = gaussians(0, 1, 1, 16);
    Tensor unit = norm.infer(x);
    for (int exponent : new int[] {-140, -100, -60, 60, 100, 124}) {
      Tensor scaled = Tensor.zeros(x.shape());
      for (int i = 0; i < 16; i++) {
        scaled.array()[i] = Math.scalb(x.array()[i], exponent);
      }
      double squares = 0;
      for (float value : norm.infer(scaled).toArray()) {
        squares += (double) value * value;
      }
      assertThat(squares).as("2^%d", exponent).isBetween(1 - 1e-6, 1 + 1e-6);
    }
    assertThat(norm.infer(unit).toArray())
        .usingComparatorWithPrecision(1e-7f)
        .containsExactly(unit.toArray());
  }

  @Test
  void aRowOfZerosStaysAndTakesTheGradientOverEpsilon() {
    UnitNorm norm = new UnitNorm(3);
    assertThat(norm.forward(Tensor.zeros(Shape.of(3))).toArray()).containsOnly(0f);
    Tensor dx = norm.backward(Tensor.of(Shape.of(3), 1, -2, 0));
    assertThat(dx.toArray()).containsExactly(1e12f, -2 * 1e12f, 0);
  }

  @Test
  void aRowOfZerosStaysUnderTheLeastEpsilon() {
    UnitNorm norm = UnitNorm.builder(3).epsilon(Double.MIN_VALUE).build();
    assertThat(norm.forward(Tensor.zeros(Shape.of(3))).toArray()).containsOnly(0f);
    assertThat(norm.infer(Tensor.zeros(Shape.of(2, 3))).toArray()).containsOnly(0f);
  }

  @Test
  void scaleNormFollowsItsParameter() {
    ScaleNorm norm = new ScaleNorm(4);
    Tensor x = Tensor.of(Shape.of(4), 3, 0, 0, -4);
    assertThat(norm.infer(x).toArray()).containsExactly(1.2f, 0, 0, -1.6f);
    norm.parameters().get(0).value().set(10);
    assertThat(norm.infer(x).toArray()).containsExactly(6, 0, 0, -8);
  }

  @Test
  void filterResponseOfOnePositionIsNearTheSign() {
    NormLayer norm = FilterResponseNorm.builder(2).threshold(false).build();
    Tensor y = norm.infer(Tensor.of(Shape.of(2, 2), 3, -0.5f, 1e30f, 0));
    assertThat(y.toArray()).usingComparatorWithPrecision(1e-5f).containsExactly(1, -1, 1, 0);
  }

  @Test
  void aTieWithTheThresholdPassesTheGradientOn() {
    NormLayer norm = new FilterResponseNorm(1);
    Tensor x = Tensor.zeros(Shape.of(1, 1, 2));
    assertThat(norm.forward(x).toArray()).containsOnly(0f);
    norm.backward(Tensor.ones(x.shape()));
    assertThat(norm.parameters().get(1).gradient().toArray()).containsExactly(2);
    assertThat(norm.parameters().get(2).gradient().toArray()).containsExactly(0);
  }

  @Test
  void largeValuesStayFinite() {
    Tensor huge = gaussians(0, 1e37, 4, 16);
    Tensor dy = gaussians(0, 1, 4, 16);
    for (NormLayer layer :
        new NormLayer[] {
          new UnitNorm(16),
          new ScaleNorm(16),
          PartialRMSNorm.builder(16).fraction(0.5).build(),
          new DynamicTanh(16),
          new LocalResponseNorm(5),
          new FilterResponseNorm(16),
          new BatchRenorm(16),
          new GhostBatchNorm(2, 16)
        }) {
      for (float value : layer.forward(huge).toArray()) {
        assertThat(value).as(layer.getClass().getSimpleName()).isFinite();
      }
      for (float value : layer.backward(dy).toArray()) {
        assertThat(value).as(layer.getClass().getSimpleName()).isFinite();
      }
    }
  }

  @Test
  void largeMeansCostTheBatchLayersNoDigits() {
    Tensor x = gaussians(0, 1, 64, 3);
    Tensor far = Tensor.zeros(x.shape());
    for (int i = 0; i < x.shape().size(); i++) {
      x.array()[i] = Math.round(x.array()[i] * 8) / 8f;
      far.array()[i] = x.array()[i] + 1e6f;
    }
    for (BatchRenorm renorm :
        new BatchRenorm[] {
          new BatchRenorm(3), BatchRenorm.builder(3).limits(2, 0).build(),
        }) {
      double[] near = Trial.wide(renorm.forward(x));
      BatchRenorm other = BatchRenorm.builder(3).limits(renorm.rMax(), 0).build();
      assertThat(TensorUlps.error(other.forward(far).toArray(), near)).isLessThan(2);
    }
    double[] near = Trial.wide(new GhostBatchNorm(16, 3).forward(x));
    assertThat(TensorUlps.error(new GhostBatchNorm(16, 3).forward(far).toArray(), near))
        .isLessThan(2);
  }
}
