package io.github.normkit.weights;

import static io.github.normkit.PyTorchNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.normkit.Parameter;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightStandardizationTest {

  static LongStream seeds() {
    return Draw.seeds();
  }

  /** With an ε of 0.1 the third derivatives are small, and differences good to a float's digits. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void weightAndGradientsAreThoseOfThePaper(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Shape shape;
    int dim;
    do {
      shape = Draw.shape(random, 2);
      dim = random.nextInt(shape.rank());
    } while (shape.size() == shape.dim(dim));
    boolean hasGain = random.nextBoolean();
    WeightStandardization norm =
        WeightStandardization.builder(Draw.gaussians(random, shape))
            .dim(dim)
            .epsilon(0.1)
            .gain(hasGain)
            .build();
    List<Parameter> parameters = norm.parameters();
    int[] rows = Textbook.rows(shape, dim);
    double[] weight = Textbook.wide(parameters.get(0).value());
    double[] gain = new double[shape.dim(dim)];
    Arrays.fill(gain, 1);
    if (hasGain) {
      float[] values = parameters.get(1).value().array();
      for (int i = 0; i < gain.length; i++) {
        values[i] = (float) random.nextGaussian();
        gain[i] = values[i];
      }
    }
    Tensor w = norm.forward(Draw.gaussians(random, shape));
    assertClose("w", w, Textbook.standardization(weight, gain, rows, 0.1), 2);

    Tensor dw = Draw.gaussians(random, shape);
    double[] r = Textbook.wide(dw);
    norm.backward(dw);
    double[] dWeight =
        Textbook.gradient(
            weight, at -> Textbook.dot(r, Textbook.standardization(at, gain, rows, 0.1)));
    assertNear("dWeight", parameters.get(0), dWeight);
    if (hasGain) {
      double[] dGain =
          Textbook.gradient(
              gain, at -> Textbook.dot(r, Textbook.standardization(weight, at, rows, 0.1)));
      assertNear("dGain", parameters.get(1), dGain);
    }
  }

  private static void assertNear(String what, Parameter got, double[] expected) {
    float[] values = got.gradient().toArray();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      assertThat(Math.abs(values[i] - expected[i]))
          .as("%s[%d], got %s, expected %s", what, i, values[i], expected[i])
          .isLessThanOrEqualTo(2 * Math.ulp((float) largest) + 1e-7);
    }
  }

  @Test
  void eachOutputHasMeanZeroAndVarianceOneTimesTheGain() {
    WeightStandardization norm =
        WeightStandardization.builder(Tensor.of(Shape.of(2, 4), 1, 1, 3, 3, 10, 30, 10, 30))
            .epsilon(1e-12)
            .gain(true)
            .build();
    norm.parameters().get(1).value().set(5, 1, 0);
    assertThat(norm.forward().toArray()).containsExactly(-1, -1, 1, 1, -5, 5, -5, 5);
  }

  @Test
  void constantWeightsBecomeZeros() {
    Tensor weight = Tensor.full(Shape.of(3, 5), 0.7f);
    assertThat(new WeightStandardization(weight).forward().toArray()).containsOnly(0);
  }

  @Test
  void gainsHaveTheRankOfTheWeight() {
    Tensor weight = Tensor.ones(Shape.of(4, 3, 2, 2));
    WeightStandardization norm = WeightStandardization.builder(weight).dim(1).gain(true).build();
    assertThat(norm.parameters()).extracting(Parameter::name).containsExactly("weight", "gain");
    assertThat(norm.parameters().get(1).value().shape()).isEqualTo(Shape.of(1, 3, 1, 1));
    assertThat(norm.parameters().get(1).value().toArray()).containsOnly(1);
    assertThat(new WeightStandardization(weight).parameters()).hasSize(1);
  }

  @Test
  void aFanInOfOneIsRefused() {
    Tensor depthwise = Tensor.ones(Shape.of(8, 1, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WeightStandardization(depthwise))
        .withMessage(
            "WeightStandardization: the fan-in must be at least 2:"
                + " got 1 of [8, 1, 1, 1] with dim=0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void impossibleEpsilonsAreRefused(double epsilon) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WeightStandardization.builder(Tensor.ones(Shape.of(2, 2))).epsilon(epsilon))
        .withMessage("WeightStandardization: epsilon must be finite and positive: got " + epsilon);
  }

  @Test
  void aDimOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightStandardization.builder(Tensor.ones(Shape.of(2, 3))).dim(2))
        .withMessage(
            "WeightStandardization: a dim must be at least 0 and less than the rank:"
                + " got 2, rank 2 of [2, 3]");
  }
}
