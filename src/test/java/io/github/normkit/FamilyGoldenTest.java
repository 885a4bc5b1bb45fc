package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The layers of the wider family against PyTorch 2.13 in float64: its own functions where it has
 * them (normalize, LocalResponseNorm, batch_norm of each ghost batch), else the papers' formulas
 * with gradients by autograd. Nine digits.
 */
class FamilyGoldenTest {

  private static final Shape ROWS = Shape.of(3, 4);
  private static final Shape IMAGE = Shape.of(1, 4, 3);

  private final Tensor rows = Tensor.of(ROWS, 1, 2, -3, 6, 0.5f, -0.25f, 8, 1, 0, 0, 0, 0);
  private final Tensor dRows = Tensor.of(ROWS, 1, -2, 0.5f, 3, 2, 1, -1, 0.25f, 1, 2, -3, 4);
  private final Tensor image = Tensor.of(IMAGE, 1, -2, 3, 0.5f, 4, -1, 2, 0, 1.5f, -3, 1, 2.5f);
  private final Tensor dImage = Tensor.of(IMAGE, 1, 2, -1, 0.5f, -1, 3, -2, 1, 0.25f, 1, -0.5f, 2);

  @Test
  void unitNormIsNormalize() {
    NormLayer layer = UnitNorm.builder(4).epsilon(7.5).build();
    assertClose(
        layer.forward(rows),
        0.133333333,
        0.266666667,
        -0.4,
        0.8,
        0.0618688225,
        -0.0309344112,
        0.98990116,
        0.123737645,
        0,
        0,
        0,
        0);
    assertClose(
        layer.backward(dRows),
        0.133333333,
        -0.266666667,
        0.0666666667,
        0.4,
        0.254106207,
        0.120422187,
        -0.0176429752,
        0.044196245,
        0.133333333,
        0.266666667,
        -0.4,
        0.533333333);
    layer = new UnitNorm(4);
    Tensor first = rows.slice(0, 1);
    assertClose(layer.forward(first), 0.141421356, 0.282842712, -0.424264069, 0.848528137);
    assertClose(
        layer.backward(dRows.slice(0, 1)), 0.10323759, -0.359210245, 0.185261977, 0.195161472);
  }

  @Test
  void scaleNormLearnsItsLength() {
    NormLayer layer = ScaleNorm.builder(4).scale(3).build();
    assertClose(
        layer.forward(rows.slice(0, 2)),
        0.424264069,
        0.848528137,
        -1.27279221,
        2.54558441,
        0.185606467,
        -0.0928032337,
        2.96970348,
        0.371212935);
    assertClose(
        layer.backward(dRows.slice(0, 2)),
        0.30971277,
        -1.07763073,
        0.55578593,
        0.585484415,
        0.76231862,
        0.36126656,
        -0.0529289257,
        0.132588735);
    assertGradient(layer, "scale", 1.04302479);
  }

  @Test
  void partialRmsNormTakesTheFirstHalf() {
    NormLayer layer = PartialRMSNorm.builder(4).fraction(0.5).epsilon(0.01).build();
    load(layer, Map.of("weight", Tensor.of(Shape.of(4), 1, -0.5f, 2, 0.25f)));
    assertClose(
        layer.forward(rows),
        0.631194403,
        -0.631194403,
        -3.78716642,
        0.946791605,
        1.22627868,
        0.30656967,
        39.2409177,
        0.613139339,
        0,
        0,
        0,
        0);
    assertClose(
        layer.backward(dRows),
        0.0653826872,
        -0.500429029,
        0.631194403,
        0.473395802,
        59.5344468,
        -28.5409447,
        -4.90511472,
        0.153284835,
        10,
        -10,
        -60,
        10);
    assertGradient(layer, "weight", 3.08375176, -3.13791695, -20.5672505, 11.9746386);
  }

  @Test
  void dynamicTanhLearnsItsAlpha() {
    NormLayer layer = new DynamicTanh(4);
    load(
        layer,
        Map.of(
            "weight", Tensor.of(Shape.of(4), 1, -0.5f, 2, 0.25f),
            "bias", Tensor.of(Shape.of(4), 0, 1, -1, 0.5f)));
    assertClose(
        layer.forward(rows),
        0.462117157,
        0.619202922,
        -2.81029651,
        0.748763688,
        0.244918662,
        1.0621765,
        0.998658599,
        0.615529289,
        0,
        1,
        -1,
        0.5);
    assertClose(
        layer.backward(dRows),
        0.393223866,
        0.209987171,
        0.0903533195,
        0.00369976394,
        0.940014849,
        -0.246134083,
        -0.00134095068,
        0.0245764917,
        0.5,
        -0.5,
        -3,
        0.5);
    assertGradient(layer, "alpha", 2.21945333);
    assertGradient(layer, "weight", 0.951954482, -1.64754131, -1.45190343, 3.10069355);
    assertGradient(layer, "bias", 4, 1, -3.5, 7.25);
  }

  @Test
  void localResponseNormIsPyTorchs() {
    NormLayer layer = LocalResponseNorm.builder(3).alpha(0.6).k(2).build();
    assertClose(
        layer.forward(image),
        0.544331054,
        -0.52169486,
        1.06066017,
        0.216643231,
        1.04338972,
        -0.32638485,
        0.631597324,
        0,
        0.540496398,
        -0.955108876,
        0.553583312,
        0.937105994);
    assertClose(
        layer.backward(dImage),
        0.461098995,
        0.313016916,
        0.0831264054,
        0.215775416,
        0.156508458,
        0.84398878,
        -0.365334218,
        0.282295971,
        -0.0544375818,
        -0.112988789,
        -0.239047339,
        0.343791556);
  }

  @Test
  void localResponseNormOfAnEvenWindowIsPyTorchs() {
    NormLayer layer = LocalResponseNorm.builder(4).alpha(0.6).beta(1.2).build();
    assertClose(
        layer.forward(image),
        0.813653802,
        -0.378929142,
        0.999063849,
        0.249043232,
        0.757858283,
        -0.286073056,
        0.507141924,
        0,
        0.304642795,
        -0.806773748,
        0.218638166,
        0.863546876);
    assertClose(
        layer.backward(dImage),
        0.658289728,
        0.10610016,
        0.403437861,
        0.219970157,
        0.400536909,
        0.869126087,
        -0.130103075,
        0.181276824,
        -0.181384369,
        -0.371869129,
        -0.0982332043,
        0.031696735);
  }

  @Test
  void filterResponseNormLearnsThresholdAndEpsilon() {
    NormLayer layer = FilterResponseNorm.builder(2).learnedEpsilon(-0.5f).build();
    load(
        layer,
        Map.of(
            "weight", Tensor.of(Shape.of(2), 1.5f, -0.5f),
            "bias", Tensor.of(Shape.of(2), 0.25f, 0),
            "tau", Tensor.of(Shape.of(2), -0.5f, 0.1f)));
    assertClose(
        layer.forward(image.reshape(Shape.of(2, 2, 3))),
        0.909911954,
        -0.5,
        2.22973586,
        0.1,
        0.1,
        0.199999984,
        2.11651269,
        0.25,
        1.64988452,
        0.616669787,
        0.1,
        0.1);
    assertClose(
        layer.backward(dImage.reshape(Shape.of(2, 2, 3))),
        0.745061867,
        -0.170299826,
        -0.404462215,
        -0.0159999962,
        -0.127999969,
        -0.56799996,
        -0.993466769,
        0.933256345,
        0.888098526,
        -0.101330734,
        -0.0347419539,
        -0.0868548849);
    assertGradient(layer, "weight", -3.1352521, -2.43333948);
    assertGradient(layer, "bias", -0.75, 4);
    assertGradient(layer, "tau", 2, 1);
    assertGradient(layer, "eps", -0.68239639);
  }

  @Test
  void batchRenormClipsOneChannelAndNotTheOther() {
    NormLayer layer = BatchRenorm.builder(2).epsilon(0.01).momentum(0.1).limits(1.5, 0.5).build();
    load(
        layer,
        Map.of(
            "weight", Tensor.of(Shape.of(2), 1.5f, -0.5f),
            "bias", Tensor.of(Shape.of(2), 0.25f, 0),
            "running_mean", Tensor.of(Shape.of(2), 0.5f, -1),
            "running_var", Tensor.of(Shape.of(2), 4, 0.25f)));
    assertClose(
        layer.forward(Tensor.of(Shape.of(3, 2), 1, 2, 3, -1, -2, 4)),
        0.624532127,
        -0.371522243,
        2.12266064,
        0.722177944,
        -1.62266064,
        -1.1006557);
    assertClose(
        layer.backward(Tensor.of(Shape.of(3, 2), 1, -2, 0.5f, 3, 2, 1)),
        -0.0494590864,
        0.911560391,
        0.0283185226,
        -0.365715272,
        0.0211405637,
        -0.545845118);
    assertGradient(layer, "weight", -1.62297255, -3.61784524);
    assertGradient(layer, "bias", 3.5, 2);
    assertClose(layer.state().get("running_mean"), 0.516666667, -0.733333333);
    assertClose(layer.state().get("running_var"), 4.02222222, 0.647222222);
  }

  @Test
  void ghostBatchNormIsBatchNormOfOneGhostAfterTheOther() {
    NormLayer layer = GhostBatchNorm.builder(3, 2).epsilon(0.01).build();
    load(
        layer,
        Map.of(
            "weight", Tensor.of(Shape.of(2), 1.5f, -0.5f),
            "bias", Tensor.of(Shape.of(2), 0.25f, 0)));
    assertClose(
        layer.forward(Tensor.of(Shape.of(5, 2), 1, 2, 3, -1, -2, 4, 0.5f, 1, 2, -3)),
        0.493044486,
        -0.0810148287,
        1.9513114,
        0.64811863,
        -1.69435589,
        -0.567103801,
        -1.23684185,
        -0.499376169,
        1.73684185,
        0.499376169);
    assertClose(
        layer.backward(Tensor.of(Shape.of(5, 2), 1, -2, 0.5f, 3, 2, 1, -1, 1, 0.25f, 2)),
        -0.0481430992,
        0.607706927,
        0.0275650349,
        -0.243810181,
        0.0205780643,
        -0.363896746,
        -0.0216425306,
        0.000311331776,
        0.0216425306,
        -0.000311331776);
    assertGradient(layer, "weight", -0.624306184, -4.07731583);
    assertGradient(layer, "bias", 2.75, 5);
    assertClose(layer.state().get("running_mean"), 0.185, 0.05);
    assertClose(layer.state().get("running_var"), 1.4925, 2.18);
  }

  /** Takes over some tensors of a state and keeps the others. */
  private static void load(NormLayer layer, Map<String, Tensor> some) {
    Map<String, Tensor> state = new LinkedHashMap<>(layer.state());
    some.forEach(
        (name, value) -> {
          assertThat(state).containsKey(name);
          state.put(name, value);
        });
    layer.loadState(state);
  }

  private static void assertGradient(NormLayer layer, String name, double... expected) {
    for (Parameter parameter : layer.parameters()) {
      if (parameter.name().equals(name)) {
        assertClose(parameter.gradient(), expected);
        return;
      }
    }
    throw new AssertionError("no parameter " + name);
  }

  /** To two units in the last place of the largest value, and the digits that are given. */
  private static void assertClose(Tensor got, double... expected) {
    float[] values = got.toArray();
    assertThat(values).hasSameSizeAs(expected);
    double largest = NaturalTolerance.largest(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) values[i])
          .as("element %d", i)
          .isCloseTo(expected[i], within(2 * Math.ulp((float) largest) + 1e-9 * largest));
    }
  }
}
