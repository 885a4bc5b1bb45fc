package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.normkit.LayerNorm;
import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlocksTest {

  private static final long SEED = 11;

  private static final float STEP = 0.02f;

  /** Sums of some hundred terms in float over a step of 0.04, and the third derivative's part. */
  private static final double ROUNDING = 2e-3;

  private final Random random = new Random(SEED);

  @Test
  void gradientsOfResidualsAndSumsMatchCentralDifferences() {
    Layer sum = new Sum(new Dense(6, 6, random), new Dense(6, 6, random));
    assertGradients(new Residual(1.5f, sum), random(Shape.of(4, 6)));
  }

  @Test
  void gradientsOfNormalizedResidualsMatchCentralDifferences() {
    Layer before = new Sequential(List.of(norm(6), new Dense(6, 6, random)));
    Layer after = new Sequential(List.of(new Residual(1, before), norm(6)));
    assertGradients(after, random(Shape.of(4, 6)));
  }

  private static Layer norm(int width) {
    return new Normalization(new LayerNorm(width));
  }

  @Test
  void gradientsOfAttentionMatchCentralDifferences() {
    assertGradients(new SelfAttention(3, 4, random), random(Shape.of(6, 4)));
  }

  @Test
  void gradientsOfPositionsAndReshapesMatchCentralDifferences() {
    Layer layers =
        new Sequential(
            List.of(
                new Reshape(4), new Positions(3, 4), new Reshape(12), new Dense(12, 2, random)));
    assertGradients(layers, random(Shape.of(2, 1, 3, 4)));
  }

  @Test
  void gradientsOfNoiseMatchCentralDifferences() {
    assertGradients(new BatchNoise(SEED), random(Shape.of(3, 2, 2, 2)));
  }

  @Test
  void smallTransformerMapsImagesToScoresAndHasGradientsOfAllWeights() {
    for (Variant variant : List.of(Variant.NONE, Variant.LAYER_NORM, Variant.RMS_NORM)) {
      Sequential network = TokenModel.network(variant, new Random(SEED));
      Tensor y = network.forward(random(Shape.of(3, 1, 8, 8)));
      assertThat(y.shape()).isEqualTo(Shape.of(3, DigitsData.CLASSES));
      network.backward(random(y.shape()));
      assertThat(network.parameters())
          .filteredOn(p -> p.name().equals("weight"))
          .as("%s, seed %d", variant, SEED)
          .allSatisfy(p -> assertThat(p.gradient().toArray()).isNotEqualTo(zeros(p)));
    }
    assertThatThrownBy(() -> TokenModel.network(Variant.BATCH_NORM, random))
        .hasMessage("not a norm of rows: BATCH_NORM");
  }

  private static float[] zeros(Parameter p) {
    return new float[p.value().shape().size()];
  }

  @Test
  void tokensSeeTheirOwnSampleOnly() {
    SelfAttention attention = new SelfAttention(3, 4, random);
    Tensor x = random(Shape.of(6, 4));
    float[] before = attention.forward(x).toArray();
    x.set(9, 5, 3);
    float[] after = attention.forward(x).toArray();
    assertThat(after).startsWith(Arrays.copyOf(before, 12)).isNotEqualTo(before);
    for (int i = 12; i < 24; i++) {
      assertThat(after[i]).isNotEqualTo(before[i]);
    }
  }

  @Test
  void aTokenIsTheMeanOfItsSampleWhereAllScoresAreEqual() {
    SelfAttention attention = new SelfAttention(2, 2, random);
    List<Parameter> parameters = attention.parameters();
    for (int dense = 0; dense < 4; dense++) {
      float diagonal = dense < 2 ? 0 : 1;
      Tensor weight = parameters.get(2 * dense).value();
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          weight.set(i == j ? diagonal : 0, i, j);
        }
      }
    }
    Tensor y = attention.forward(Tensor.of(Shape.of(4, 2), 1, 2, 3, 6, 5, 5, 7, 7));
    assertThat(y.toArray()).containsExactly(2, 4, 2, 4, 6, 6, 6, 6);
  }

  @Test
  void noiseIsTheSameInAStepAndAnotherInTheNext() {
    BatchNoise noise = new BatchNoise(SEED);
    Tensor x = random(Shape.of(64, 2, 2, 2));
    float[] first = noise.forward(x).toArray();
    assertThat(noise.forward(x).toArray()).containsExactly(first);
    noise.step(1);
    assertThat(noise.forward(x).toArray()).isNotEqualTo(first);
    assertThat(noise.infer(x)).isSameAs(x);
  }

  @Test
  void noiseHasTheMomentsOfThePaper() {
    BatchNoise noise = new BatchNoise(SEED);
    Tensor zeros = Tensor.zeros(Shape.of(1000, 1));
    for (int step = 0; step < 20; step++) {
      noise.step(step);
      double mean = 0;
      for (float m : noise.forward(zeros).toArray()) {
        mean += m / 1000;
      }
      Tensor ones = Tensor.ones(Shape.of(1000, 1));
      noise.forward(ones);
      double deviation = 0;
      for (float s : noise.backward(ones).toArray()) {
        deviation += s / 1000;
      }
      assertThat(mean).as("step %d", step).isBetween(-0.51, 0.51);
      assertThat(deviation).as("step %d", step).isBetween(0.98, 1.27);
    }
  }

  private void assertGradients(Layer layer, Tensor x) {
    new GradientCheck(SEED, STEP, ROUNDING).check(layer, x, random);
  }

  private Tensor random(Shape shape) {
    return GradientCheck.random(shape, random);
  }
}
