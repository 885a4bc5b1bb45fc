package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingTest {

  private static final long SEED = 3;

  private final DigitsData data = DigitsData.load();

  @ParameterizedTest
  @EnumSource
  void lossFallsAlongTheGradientAsFastAsItSays(Variant variant) {
    Sequential network = Training.network(variant, new Random(SEED));
    int[] rows = Arrays.copyOf(data.trainingRows(), Training.BATCH);
    Tensor images = data.images(rows);
    int[] labels = data.labels(rows);
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    criterion.loss(network.forward(images), labels);
    network.zeroGrad();
    network.backward(criterion.gradient());
    double norm = Math.sqrt(squaredNorm(network.parameters()));
    // Small against the curvature of the loss, large against its rounding.
    double step = 1e-3;
    move(network.parameters(), step / norm);
    double above = criterion.loss(network.forward(images), labels);
    move(network.parameters(), -2 * step / norm);
    double below = criterion.loss(network.forward(images), labels);
    assertThat((above - below) / (2 * step))
        .as("slope, seed %d", SEED)
        .isCloseTo(norm, withinPercentage(1));
  }

  private static double squaredNorm(List<Parameter> parameters) {
    double sum = 0;
    for (Parameter parameter : parameters) {
      for (float g : parameter.gradient().toArray()) {
        sum += (double) g * g;
      }
    }
    return sum;
  }

  private static void move(List<Parameter> parameters, double step) {
    for (Parameter parameter : parameters) {
      float[] gradient = parameter.gradient().toArray();
      Tensor value = parameter.value();
      for (int i = 0; i < gradient.length; i++) {
        value.array()[value.offset() + i] += (float) (step * gradient[i]);
      }
    }
  }

  @Test
  void eachVariantHasItsLayersAndTheSameWeightsOtherwise() {
    Map<Variant, Integer> layers = new EnumMap<>(Variant.class);
    for (Variant variant : Variant.values()) {
      Sequential network = Training.network(variant, new Random(SEED));
      layers.put(
          variant, (int) network.layers().stream().filter(Normalization.class::isInstance).count());
      List<Layer> others =
          network.layers().stream().filter(layer -> !(layer instanceof Normalization)).toList();
      assertThat(
              Arrays.deepEquals(
                  values(new Sequential(others)),
                  values(Training.network(Variant.NONE, new Random(SEED)))))
          .as("%s has the weights of the network without normalization", variant.label())
          .isTrue();
    }
    assertThat(layers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Variant.NONE, 0,
                Variant.BATCH_NORM, 4,
                Variant.LAYER_NORM, 4,
                Variant.GROUP_NORM, 3,
                Variant.INSTANCE_NORM, 3,
                Variant.RMS_NORM, 4));
  }

  private static float[][] values(Layer network) {
    return network.parameters().stream()
        .map(parameter -> parameter.value().toArray())
        .toArray(float[][]::new);
  }

  @ParameterizedTest
  @EnumSource
  void trainingTwiceGivesTheSameBits(Variant variant) {
    Training training = new Training(variant, SEED, 2, 0.1f);
    Training.Result first = training.run(data);
    Training.Result second = training.run(data);
    assertThat(second.losses()).isEqualTo(first.losses()).hasSize(2);
    assertThat(second.accuracy()).isEqualTo(first.accuracy());
  }

  @Test
  void lossWithoutNormalizationIsThisOnEveryMachine() {
    assertThat(new Training(Variant.NONE, 1, 1, 0.1f).run(data).losses())
        .containsExactly(1.3005946058162157);
  }

  @ParameterizedTest
  @EnumSource
  void networkLearns(Variant variant) {
    Training.Result result = new Training(variant, SEED, 3, 0.05f).run(data);
    assertThat(result.finalLoss()).isLessThan(result.loss(1)).isLessThan(0.5);
    assertThat(result.accuracy()).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @EnumSource
  void timeInNormalizationIsPartOfTheTraining(Variant variant) {
    Training.Result result = new Training(variant, SEED, 1, 0.05f).run(data);
    if (variant == Variant.NONE) {
      assertThat(result.normSeconds()).isZero();
    } else {
      assertThat(result.normSeconds()).isPositive().isLessThan(result.seconds());
    }
  }

  @Test
  void trainingEndsWhenTheLossIsNotFinite() {
    Training.Result result = new Training(Variant.NONE, SEED, 5, 1e30f).run(data);
    assertThat(result.losses()).hasSize(1);
    assertThat(result.finalLoss()).isNaN();
    assertThat(result.loss(5)).isNaN();
  }
}
