package io.github.normkit.weights;

import static io.github.normkit.PyTorchNumbers.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralNormTest {

  static LongStream seeds() {
    return Draw.seeds();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void vectorsWeightAndGradientAreThoseOfThePaper(long seed) {
    RandomGenerator random = Seeds.random(seed);
    Shape shape = Draw.shape(random, 2);
    int dim = random.nextInt(shape.rank());
    int iterations = random.nextInt(1, 4);
    SpectralNorm norm =
        SpectralNorm.builder(Draw.apartFromZero(random, shape))
            .dim(dim)
            .iterations(iterations)
            .seed(seed)
            .build();
    int[] rows = Textbook.rows(shape, dim);
    int[] columns = Textbook.columns(shape, dim);
    Tensor value = norm.parameters().get(0).value();
    // Another weight than the vectors have been brought near to.
    for (int i = 0; i < shape.size(); i++) {
      value.array()[i] += (float) random.nextDouble(-0.25, 0.25);
    }
    double[] weight = Textbook.wide(value);
    double[] u = Textbook.wide(norm.state().get("weight_u"));
    double[] v = Textbook.wide(norm.state().get("weight_v"));
    for (int i = 0; i < iterations; i++) {
      Textbook.iterate(weight, u, v, rows, columns);
    }
    Tensor w = norm.forward(Draw.gaussians(random, shape));
    Map<String, Tensor> state = norm.state();
    assertClose("u", state.get("weight_u"), u, 4);
    assertClose("v", state.get("weight_v"), v, 4);

    double[] roundedU = Textbook.wide(state.get("weight_u"));
    double[] roundedV = Textbook.wide(state.get("weight_v"));
    assertClose("w", w, Textbook.spectral(weight, roundedU, roundedV, rows, columns), 0.51);
    assertClose("w", w, Textbook.spectral(weight, u, v, rows, columns), 2);

    Tensor dw = Draw.gaussians(random, shape);
    double[] r = Textbook.wide(dw);
    norm.backward(dw);
    double[] gradient =
        Textbook.gradient(
            weight,
            at -> Textbook.dot(r, Textbook.spectral(at, roundedU, roundedV, rows, columns)));
    float[] got = norm.parameters().get(0).gradient().toArray();
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .as("dW[%d]", i)
          .isCloseTo(gradient[i], within(1e-6 * (1 + Math.abs(gradient[i]))));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sigmaComesToBeTheLargestSingularValue(long seed) {
    RandomGenerator random = Seeds.random(seed);
    // Orthonormal by construction: a plane rotation on either side of the values 3, 2, 1.
    double[] values = {3, 2, 1};
    double[][] w = new double[3][4];
    for (int i = 0; i < 3; i++) {
      w[i][i] = values[i];
    }
    for (int turn = 0; turn < 20; turn++) {
      rotateRows(w, random);
      w = transposed(w);
      rotateRows(w, random);
      w = transposed(w);
    }
    Tensor weight = Tensor.zeros(Shape.of(3, 4));
    for (int i = 0; i < 12; i++) {
      weight.array()[i] = (float) w[i / 4][i % 4];
    }
    SpectralNorm norm = SpectralNorm.builder(weight).seed(seed).iterations(40).build();
    assertThat(norm.forward().get(0, 0)).isCloseTo((float) (w[0][0] / 3), within(1e-6f));
    assertThat(norm.plainWeight().get(2, 3)).isCloseTo((float) (w[2][3] / 3), within(1e-6f));
  }

  private static void rotateRows(double[][] w, RandomGenerator random) {
    int a = random.nextInt(w.length);
    int b = (a + random.nextInt(1, w.length)) % w.length;
    double angle = random.nextDouble(6.28);
    for (int j = 0; j < w[0].length; j++) {
      double atA = w[a][j];
      w[a][j] = Math.cos(angle) * atA - Math.sin(angle) * w[b][j];
      w[b][j] = Math.sin(angle) * atA + Math.cos(angle) * w[b][j];
    }
  }

  private static double[][] transposed(double[][] w) {
    double[][] t = new double[w[0].length][w.length];
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < w[0].length; j++) {
        t[j][i] = w[i][j];
      }
    }
    return t;
  }

  @Test
  void vectorsMoveInTrainingAlone() {
    SpectralNorm norm = moved();
    Tensor before = norm.state().get("weight_u");
    Tensor plain = norm.plainWeight();
    norm.eval();
    assertSameBits("evaluation", norm.forward(), plain);
    assertSameBits("u", norm.state().get("weight_u"), before);
    norm.train();
    norm.forward();
    assertThat(norm.state().get("weight_u").toArray()).isNotEqualTo(before.toArray());
  }

  /** A weight that has changed since its vectors were taken. */
  private static SpectralNorm moved() {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    SpectralNorm norm = new SpectralNorm(Draw.gaussians(random, Shape.of(5, 6)));
    float[] value = norm.parameters().get(0).value().array();
    for (int i = 0; i < value.length; i++) {
      value[i] += (float) random.nextGaussian();
    }
    return norm;
  }

  @Test
  void iterationsOfOneForwardAreThoseOfSeveral() {
    SpectralNorm one = moved();
    SpectralNorm three =
        SpectralNorm.builder(one.parameters().get(0).value()).iterations(3).build();
    three.loadState(one.state());
    one.forward();
    one.forward();
    assertSameBits("w", three.forward(), one.forward());
    assertSameBits("state", three.state(), one.state());
  }

  @Test
  void theSeedAloneSaysWhereTheVectorsBegin() {
    Tensor weight = Draw.gaussians(Seeds.random(Seeds.seed(0)), Shape.of(9, 9));
    Map<String, Tensor> state = SpectralNorm.builder(weight).seed(5).build().state();
    assertSameBits("state", SpectralNorm.builder(weight).seed(5).build().state(), state);
    assertThat(SpectralNorm.builder(weight).seed(6).build().state().get("weight_u").toArray())
        .isNotEqualTo(state.get("weight_u").toArray());
  }

  @Test
  void aWeightOfZerosStaysZerosAndComesBack() {
    SpectralNorm norm = new SpectralNorm(Tensor.zeros(Shape.of(2, 2)));
    assertThat(norm.forward().toArray()).containsOnly(0);
    norm.backward(Tensor.ones(Shape.of(2, 2)));
    assertThat(norm.parameters().get(0).gradient().toArray()).containsOnly(1e12f);
    norm.parameters().get(0).value().set(3, 0, 0);
    for (int i = 0; i < 3; i++) {
      norm.forward();
    }
    assertThat(norm.plainWeight().toArray()).containsExactly(1, 0, 0, 0);
  }

  @Test
  void aSmallWeightIsDividedByEpsilon() {
    Tensor weight = Tensor.of(Shape.of(2, 2), 0.25f, 0, 0, 0.25f);
    SpectralNorm norm = SpectralNorm.builder(weight).epsilon(0.5).build();
    assertThat(norm.forward().toArray()).containsExactly(0.5f, 0, 0, 0.5f);
    norm.backward(Tensor.of(Shape.of(2, 2), 1, 2, 3, 4));
    assertThat(norm.parameters().get(0).gradient().toArray()).containsExactly(2, 4, 6, 8);
  }

  @Test
  void whatIsNotFiniteSpoilsTheWeightButNotTheVectors() {
    SpectralNorm norm = new SpectralNorm(Tensor.of(Shape.of(2, 2), 1, 2, 3, 4));
    float[] value = norm.parameters().get(0).value().array();
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Map<String, Tensor> before = norm.state();
      value[3] = broken;
      assertThat(norm.forward().toArray()).contains(Float.NaN);
      assertSameBits("u", norm.state().get("weight_u"), before.get("weight_u"));
      assertSameBits("v", norm.state().get("weight_v"), before.get("weight_v"));
      value[3] = 4;
      norm.forward();
    }
    // The singular values of ((1, 2), (3, 4)) are the roots of 15 ± √221.
    float expected = (float) (1 / Math.sqrt(15 + Math.sqrt(221)));
    assertThat(norm.plainWeight().get(0, 0)).isCloseTo(expected, within(1e-7f));
  }

  @Test
  void theSizeOfTheWeightDoesNotMatterFromEndToEndOfFloat() {
    for (float size : new float[] {1e-38f, 1e-20f, 1, 1e20f, 1e37f}) {
      Tensor weight = Tensor.of(Shape.of(2, 2), 3 * size, 0, 0, 2 * size);
      SpectralNorm norm = SpectralNorm.builder(weight).epsilon(1e-50).iterations(30).build();
      float[] w = norm.forward().toArray();
      assertThat(w[0]).as("size %s", size).isCloseTo(1, within(1e-6f));
      assertThat(w[3]).as("size %s", size).isCloseTo(2 / 3f, within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 2, 1.02f, Float.NaN})
  void vectorsThatAreNotOfLengthOneAreRefused(float length) {
    SpectralNorm norm = moved();
    Map<String, Tensor> before = norm.state();
    Map<String, Tensor> state = norm.state();
    float[] v = state.get("weight_v").array();
    Arrays.fill(v, 0);
    v[2] = length;
    state.get("weight_orig").set(9, 0, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> norm.loadState(state))
        .withMessage("SpectralNorm: weight_v must have length 1, to a hundredth: got " + length);
    assertSameBits("state", norm.state(), before);
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    SpectralNorm.Builder builder = SpectralNorm.builder(Tensor.ones(Shape.of(2, 3)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.iterations(0))
        .withMessage("SpectralNorm: iterations must be at least 1: got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.epsilon(0))
        .withMessage("SpectralNorm: epsilon must be finite and positive: got 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.dim(-1))
        .withMessage(
            "SpectralNorm: a dim must be at least 0 and less than the rank:"
                + " got -1, rank 2 of [2, 3]");
  }
}
