package io.github.normkit.weights;

import static io.github.normkit.PyTorchNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Parameter;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightNormTest {

  static LongStream seeds() {
    return Draw.seeds();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void weightAndGradientsAreThoseOfThePaper(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Shape shape = Draw.shape(random, 1);
    int[] dims = Draw.dims(random, shape);
    WeightNorm norm = WeightNorm.builder(Draw.apartFromZero(random, shape)).dims(dims).build();
    Tensor g = norm.parameters().get(0).value();
    Tensor v = norm.parameters().get(1).value();
    for (int i = 0; i < g.array().length; i++) {
      g.array()[i] = (float) random.nextGaussian();
    }
    int[] rows = Textbook.rows(shape, dims);
    double[] wideG = Textbook.wide(g);
    double[] wideV = Textbook.wide(v);
    Tensor w = norm.forward(Draw.gaussians(random, shape));
    assertClose("w", w, Textbook.weightNorm(wideG, wideV, rows), 0.51);

    Tensor dw = Draw.gaussians(random, shape);
    double[] r = Textbook.wide(dw);
    norm.backward(dw);
    double[] dg =
        Textbook.gradient(wideG, at -> Textbook.dot(r, Textbook.weightNorm(at, wideV, rows)));
    double[] dv =
        Textbook.gradient(wideV, at -> Textbook.dot(r, Textbook.weightNorm(wideG, at, rows)));
    assertNear("dg", norm.parameters().get(0), dg);
    assertNear("dv", norm.parameters().get(1), dv);
  }

  /** No norm is below 0.5: differences are off by a thousandth of this. */
  private static void assertNear(String what, Parameter got, double[] expected) {
    float[] values = got.gradient().toArray();
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .as("%s[%d]", what, i)
          .isCloseTo(expected[i], within(1e-6 * (1 + Math.abs(expected[i]))));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itBeginsAsTheGivenWeight(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Shape shape = Draw.shape(random, 1);
    Tensor weight = Draw.gaussians(random, shape);
    WeightNorm norm = WeightNorm.builder(weight).dims(Draw.dims(random, shape)).build();
    assertClose("w", norm.forward(), Textbook.wide(weight), 1);
  }

  @Test
  void gradientOfTheDirectionIsOrthogonalToIt() {
    WeightNorm norm = new WeightNorm(Tensor.of(Shape.of(1, 2), 3, 4));
    norm.forward();
    norm.backward(Tensor.of(Shape.of(1, 2), 1, 0));
    List<Parameter> parameters = norm.parameters();
    assertThat(parameters.get(0).value().toArray()).containsExactly(5);
    // dg = 3/5, dv = ((1, 0) - (3, 4)/5 * 3/5) * 5/5
    assertThat(parameters.get(0).gradient().toArray()).containsExactly(0.6f);
    assertThat(parameters.get(1).gradient().toArray()).containsExactly(0.64f, -0.48f);
  }

  @Test
  void lengthsHaveTheRankOfTheWeightAndAreAScalarForAllOfIt() {
    Tensor weight = Tensor.ones(Shape.of(4, 3, 2, 2));
    assertThat(lengths(new WeightNorm(weight))).isEqualTo(Shape.of(4, 1, 1, 1));
    assertThat(lengths(WeightNorm.builder(weight).dims(1).build())).isEqualTo(Shape.of(1, 3, 1, 1));
    assertThat(lengths(WeightNorm.builder(weight).dims(3, 0).build()))
        .isEqualTo(Shape.of(4, 1, 1, 2));
    assertThat(lengths(WeightNorm.builder(weight).dims().build())).isEqualTo(Shape.of());
  }

  private static Shape lengths(WeightNorm norm) {
    return norm.parameters().get(0).value().shape();
  }

  @Test
  void aDirectionOfZerosGivesZerosAndNoGradient() {
    WeightNorm norm = new WeightNorm(Tensor.of(Shape.of(2, 2), 0, 0, 1, 0));
    norm.parameters().get(0).value().set(7, 0, 0);
    assertThat(norm.forward().toArray()).containsExactly(0, 0, 1, 0);
    norm.backward(Tensor.of(Shape.of(2, 2), 1, 2, 3, 4));
    assertThat(norm.parameters().get(0).gradient().toArray()).containsExactly(0, 3);
    assertThat(norm.parameters().get(1).gradient().toArray()).containsExactly(0, 0, 0, 4);
  }

  @Test
  void lengthsAtTheEndsOfFloatNeitherOverflowNorUnderflow() {
    float least = Float.MIN_VALUE;
    float most = Float.MAX_VALUE;
    WeightNorm norm = new WeightNorm(Tensor.of(Shape.of(2, 2), least, 0, most, -most));
    norm.parameters().get(0).value().set(1, 0, 0);
    norm.parameters().get(0).value().set(1, 1, 0);
    float half = (float) Math.sqrt(0.5);
    assertThat(norm.forward().toArray()).containsExactly(1, 0, half, -half);
  }

  @Test
  void aNanSpoilsItsOwnLengthAndNoOther() {
    WeightNorm norm = new WeightNorm(Tensor.of(Shape.of(2, 2), Float.NaN, 1, 3, 4));
    assertThat(norm.forward().toArray()).containsExactly(Float.NaN, Float.NaN, 3, 4);
  }

  @Test
  void dimsOutOfRangeAndTwiceAreRefused() {
    WeightNorm.Builder builder = WeightNorm.builder(Tensor.ones(Shape.of(2, 3)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.dims(2))
        .withMessage(
            "WeightNorm: a dim must be at least 0 and less than the rank: got 2, rank 2 of [2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.dims(-1))
        .withMessage(
            "WeightNorm: a dim must be at least 0 and less than the rank:"
                + " got -1, rank 2 of [2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.dims(0, 1, 0))
        .withMessage("WeightNorm: dims must differ: got 0 twice in [0, 1, 0]");
    assertThat(lengths(builder.build())).isEqualTo(Shape.of(2, 1));
  }
}
