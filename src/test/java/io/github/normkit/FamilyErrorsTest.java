package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelView;
import io.github.normkit.functional.FilterResponse;
import io.github.normkit.functional.LocalResponse;
import io.github.normkit.functional.RowNorm;
import io.github.normkit.functional.RowTanh;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong calls of the layers of the wider family, with the text of each message. */
class FamilyErrorsTest {

  private final float[] x = new float[12];
  private final float[] y = new float[12];
  private final ChannelView view = ChannelView.groupNorm(2, 3, 2, 3, false);

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void rowsOfAnotherShapeAreRefused() {
    Tensor other = Tensor.zeros(Shape.of(2, 5));
    for (NormLayer layer :
        new NormLayer[] {
          new UnitNorm(4), new ScaleNorm(4), new PartialRMSNorm(4), new DynamicTanh(4)
        }) {
      String name = layer.getClass().getSimpleName();
      refused(
          () -> layer.forward(other),
          name
              + ": the input's trailing dimensions must be normalizedShape: expected [4],"
              + " got [2, 5]");
      assertThatIllegalStateException()
          .isThrownBy(() -> layer.backward(other))
          .withMessage(name + ": backward must follow a forward: got none before");
    }
  }

  @Test
  void shapesThatAreNoneAreRefused() {
    refused(
        () -> new UnitNorm(),
        "UnitNorm: normalizedShape must not be empty: expected at least 1 dimension, got 0");
    refused(
        () -> new ScaleNorm(3, 0),
        "ScaleNorm: each dimension of normalizedShape must be at least 1: got 0");
    refused(
        () -> new DynamicTanh(70_000, 70_000),
        "DynamicTanh: the number of elements of normalizedShape must fit an int:"
            + " got [70000, 70000], limit 2147483647");
    refused(
        () -> new PartialRMSNorm(-1),
        "PartialRMSNorm: each dimension of normalizedShape must be at least 1: got -1");
    assertThatNullPointerException()
        .isThrownBy(() -> UnitNorm.builder((int[]) null))
        .withMessage("normalizedShape");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilonMustBePositive(double epsilon) {
    String rule = ": epsilon must be finite and positive: got " + epsilon;
    refused(() -> UnitNorm.builder(4).epsilon(epsilon), "UnitNorm" + rule);
    refused(() -> ScaleNorm.builder(4).epsilon(epsilon), "ScaleNorm" + rule);
    refused(() -> PartialRMSNorm.builder(4).epsilon(epsilon), "PartialRMSNorm" + rule);
    refused(() -> BatchRenorm.builder(4).epsilon(epsilon), "BatchRenorm" + rule);
    refused(() -> FilterResponseNorm.builder(4).epsilon(epsilon), "FilterResponseNorm" + rule);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void firstValuesOfParametersMustBeFinite(float value) {
    String rule = " must be finite: got " + (double) value;
    refused(() -> ScaleNorm.builder(4).scale(value), "ScaleNorm: scale" + rule);
    refused(() -> DynamicTanh.builder(4).alpha(value), "DynamicTanh: alpha" + rule);
    refused(
        () -> FilterResponseNorm.builder(4).learnedEpsilon(value),
        "FilterResponseNorm: eps" + rule);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void fractionMustBeOne(double fraction) {
    refused(
        () -> PartialRMSNorm.builder(4).fraction(fraction),
        "PartialRMSNorm: fraction must lie in (0, 1]: got " + fraction);
  }

  @Test
  void limitsOfRenormalizationAreChecked() {
    BatchRenorm norm = new BatchRenorm(3);
    norm.limits(3, 5);
    refused(() -> norm.limits(0.5, 5), "BatchRenorm: rMax must be at least 1.0: got 0.5");
    refused(() -> norm.limits(2, -1), "BatchRenorm: dMax must be at least 0.0: got -1.0");
    refused(() -> norm.limits(2, Double.NaN), "BatchRenorm: dMax must be at least 0.0: got NaN");
    assertThat(norm.rMax()).isEqualTo(3);
    assertThat(norm.dMax()).isEqualTo(5);
    refused(
        () -> BatchRenorm.builder(3).limits(Double.NaN, 0),
        "BatchRenorm: rMax must be at least 1.0: got NaN");
    refused(
        () -> BatchRenorm.builder(3).trackRunningStatistics(false).build(),
        "BatchRenorm: corrections must have running statistics: got trackRunningStatistics=false");
    refused(() -> new BatchRenorm(0), "BatchRenorm: numFeatures must be at least 1: got 0");
  }

  @Test
  void oneValuePerChannelIsRefusedAndChangesNothing() {
    NormLayer renorm = new BatchRenorm(3);
    Map<String, Tensor> before = renorm.state();
    refused(
        () -> renorm.forward(Tensor.zeros(Shape.of(1, 3))),
        "BatchRenorm: batch statistics need more than one value per channel: got 1 (batch 1 x"
            + " spatial 1) of [1, 3]; use eval mode, a larger batch, or GroupNorm");
    assertSameBits("state", renorm.state(), before);
    NormLayer ghosts = new GhostBatchNorm(4, 3);
    before = ghosts.state();
    String rule =
        "GhostBatchNorm: each ghost batch must have more than one value per channel: got 1 in a"
            + " ghost batch of 1 x spatial 1 (batch ";
    String advice =
        "; use eval mode with running statistics, another batch or ghost size, or GroupNorm";
    refused(
        () -> ghosts.forward(Tensor.zeros(Shape.of(9, 3))),
        rule + "9, ghost size 4) of [9, 3]" + advice);
    assertSameBits("state", ghosts.state(), before);
    refused(
        () -> new GhostBatchNorm(1, 3).forward(Tensor.zeros(Shape.of(8, 3))),
        rule + "8, ghost size 1) of [8, 3]" + advice);
    ghosts.eval();
    assertThat(ghosts.forward(Tensor.zeros(Shape.of(9, 3))).shape()).isEqualTo(Shape.of(9, 3));
    refused(() -> new GhostBatchNorm(0, 3), "GhostBatchNorm: ghostSize must be at least 1: got 0");
  }

  @Test
  void constantsOfLocalResponseAreChecked() {
    refused(() -> new LocalResponseNorm(0), "LocalResponseNorm: size must be at least 1: got 0");
    LocalResponseNorm.Builder builder = LocalResponseNorm.builder(5);
    refused(() -> builder.alpha(-1), "LocalResponseNorm: alpha must be at least 0.0: got -1.0");
    refused(() -> builder.beta(Double.NaN), "LocalResponseNorm: beta must be finite: got NaN");
    refused(() -> builder.k(0), "LocalResponseNorm: k must be finite and positive: got 0.0");
    refused(
        () -> new LocalResponseNorm(3).forward(Tensor.zeros(Shape.of(4))),
        "LocalResponseNorm: the input must have at least 2 dimensions: expected rank >= 2,"
            + " got rank 1 of [4]");
    refused(() -> new LocalResponse(0, 1, 1, 1), "LocalResponse: size must be at least 1: got 0");
    refused(
        () -> new LocalResponse(1, -1, 1, 1),
        "LocalResponse: alpha must be finite and at least 0: got -1.0");
    refused(
        () -> new LocalResponse(1, 1, Double.POSITIVE_INFINITY, 1),
        "LocalResponse: beta must be finite and at least 0: got Infinity");
    refused(
        () -> new LocalResponse(1, 1, 1, 0),
        "LocalResponse: k must be finite and positive: got 0.0");
  }

  @Test
  void channelsOfAnotherNumberAreRefused() {
    refused(
        () -> new FilterResponseNorm(3).forward(Tensor.zeros(Shape.of(2, 4, 5))),
        "FilterResponseNorm: the input must have the layer's channels at axis 1: expected 3, got 4"
            + " of [2, 4, 5]");
    refused(
        () -> new FilterResponseNorm(0), "FilterResponseNorm: channels must be at least 1: got 0");
    assertThatNullPointerException()
        .isThrownBy(() -> FilterResponseNorm.builder(3).convention(null))
        .withMessage("convention");
  }

  @Test
  void anEpsilonThatHasLearnedNonsenseIsNamed() {
    FilterResponseNorm norm = FilterResponseNorm.builder(3).learnedEpsilon(0).build();
    norm.parameters().get(3).value().set(Float.NaN);
    refused(
        () -> norm.forward(Tensor.ones(Shape.of(2, 3, 5))),
        "FilterResponseNorm: epsilon must be finite and positive: got NaN");
  }

  @Test
  void statesOfAnotherLayerAreRefused() {
    refused(
        () -> new FilterResponseNorm(3).loadState(new GroupNorm(1, 3).state()),
        "FilterResponseNorm: state must have the names of the layer: missing [tau], unknown []");
    refused(
        () -> new DynamicTanh(3).loadState(new LayerNorm(3).state()),
        "DynamicTanh: state must have the names of the layer: missing [alpha], unknown []");
  }

  @Test
  void operationsOnRowsRefuseWhatDoesNotFit() {
    refused(
        () -> RowNorm.partialRmsNorm(x, 0, 4, y, 0, 4, 3, 4, 5, Affine.NONE, 1e-6, null, null),
        "RowNorm.partialRmsNorm: part must lie in [1, cols]: got part=5, cols=4");
    refused(
        () ->
            RowNorm.partialRmsNormBackward(
                y, 0, 4, x, 0, 4, y, 0, 4, 3, 4, 0, Affine.NONE, new double[3], Affine.NONE, null),
        "RowNorm.partialRmsNormBackward: part must lie in [1, cols]: got part=0, cols=4");
    refused(
        () -> RowNorm.unitNorm(x, 0, 4, y, 0, 4, 3, 4, Affine.NONE, 0, null, null),
        "RowNorm.unitNorm: epsilon must be finite and positive: got 0.0");
    refused(
        () ->
            RowNorm.unitNormBackward(
                y, 0, 4, x, 0, 4, y, 0, 4, 3, 4, Affine.NONE, -1, new double[3], Affine.NONE, null),
        "RowNorm.unitNormBackward: epsilon must be finite and positive: got -1.0");
    refused(
        () -> RowNorm.unitNorm(x, 0, 4, x, 1, 4, 2, 4, Affine.NONE, 1, null, null),
        "RowNorm.unitNorm: y must be x or not overlap it: got offset=1 and 0 of the same array,"
            + " rows=2, cols=4");
    refused(
        () -> RowTanh.forward(x, 1, y, 0, 3, 4, 1, Affine.NONE, null),
        "RowTanh.forward: x must hold 12 elements from its offset on: got offset=1, length=12");
    refused(
        () -> RowTanh.backward(y, 0, x, 0, x, 0, 3, 4, 1, Affine.NONE, Affine.NONE, null),
        "RowTanh.backward: dx must not overlap x: got offset=0 and 0 of the same array, rows=3,"
            + " cols=4");
  }

  @Test
  void operationsOnChannelsRefuseWhatDoesNotFit() {
    LocalResponse response = new LocalResponse(3, 1, 1, 1);
    refused(
        () -> response.forward(view, x, 0, y, 1, null),
        "LocalResponse.forward: y must hold 12 elements from its offset on: got offset=1,"
            + " length=12");
    refused(
        () -> response.backward(view, y, 0, x, 0, x, 0, null),
        "LocalResponse.backward: dx must not overlap x: got offset=0 and 0 of the same array,"
            + " rows=1, cols=12");
    ChannelView pooled = ChannelView.batchNorm(2, 3, 2, false);
    refused(
        () -> FilterResponse.forward(pooled, x, 0, y, 0, Affine.NONE, null, 1e-6, null, null, null),
        "FilterResponse.forward: the view must have a set for each channel of each sample: got"
            + " groups=3 of 3 channels, pooled=2");
    refused(
        () ->
            FilterResponse.forward(
                view, x, 0, y, 0, Affine.NONE, new float[2], 1e-6, null, null, null),
        "FilterResponse.forward: tau must hold 3 elements from its offset on: got offset=0,"
            + " length=2");
    refused(
        () ->
            FilterResponse.forward(
                view, x, 0, y, 0, Affine.NONE, new float[3], 1e-6, null, new boolean[11], null),
        "FilterResponse.forward: passed must hold a value for each element: expected at least 12,"
            + " got 11");
    refused(
        () ->
            FilterResponse.forward(
                view, x, 0, y, 0, Affine.NONE, null, 1e-6, new double[5], null, null),
        "FilterResponse.forward: meanSquare must hold a value for each row or set: expected at"
            + " least 6, got 5");
    refused(
        () ->
            FilterResponse.backward(
                view,
                y,
                0,
                x,
                0,
                y,
                0,
                Affine.NONE,
                1e-6,
                new double[5],
                null,
                Affine.NONE,
                null,
                null),
        "FilterResponse.backward: meanSquare must hold a value for each row or set: expected at"
            + " least 6, got 5");
    refused(
        () ->
            FilterResponse.backward(
                view,
                y,
                0,
                x,
                0,
                y,
                0,
                Affine.NONE,
                1e-6,
                new double[6],
                null,
                Affine.NONE,
                new float[2],
                null),
        "FilterResponse.backward: dTau must hold 3 elements from its offset on: got offset=0,"
            + " length=2");
    assertThatNullPointerException()
        .isThrownBy(
            () ->
                FilterResponse.backward(
                    view, y, 0, x, 0, y, 0, Affine.NONE, 1e-6, null, null, Affine.NONE, null, null))
        .withMessage("meanSquare");
  }
}
