package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.ImageMoments.Noise;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageMomentsTest {

  private static final long SEED = 11;

  private final Random random = new Random(SEED);

  @Test
  void batchesOfOneValueScatterAsTheValuesDo() {
    Noise noise = new ImageMoments(normal(Shape.of(300, 4))).noise(1, 1, random);
    assertThat(noise.ofMean()).isCloseTo(1, within(1e-9));
    assertThat(noise.ofVariance()).isZero();
  }

  @Test
  void aBatchOfAllImagesHasNoNoise() {
    Noise noise = new ImageMoments(normal(Shape.of(30, 2, 3, 3))).noise(30, 5, random);
    assertThat(noise.ofMean()).isCloseTo(0, within(1e-6));
    assertThat(noise.ofVariance()).isCloseTo(0, within(1e-6));
  }

  /** Of normal values: 1/√n, and √(2 (n - 1))/n of the biased variance. */
  @Test
  void noiseOfIndependentValuesIsThatOfTheFormulas() {
    Noise noise = new ImageMoments(normal(Shape.of(20_000, 1, 2, 2))).noise(4, 1, random);
    assertThat(noise.ofMean()).as("seed %d", SEED).isCloseTo(1 / 4.0, within(0.01));
    assertThat(noise.ofVariance())
        .as("seed %d", SEED)
        .isCloseTo(Math.sqrt(2 * 15) / 16, within(0.02));
  }

  @Test
  void noiseDoesNotDependOnTheUnitOfAChannel() {
    Tensor x = normal(Shape.of(200, 2));
    Noise noise = new ImageMoments(x).noise(5, 2, new Random(SEED));
    for (int i = 0; i < x.array().length; i += 2) {
      x.array()[i] *= 8;
    }
    Noise scaled = new ImageMoments(x).noise(5, 2, new Random(SEED));
    assertThat(scaled.ofMean()).isCloseTo(noise.ofMean(), within(1e-12));
    assertThat(scaled.ofVariance()).isCloseTo(noise.ofVariance(), within(1e-12));
  }

  private Tensor normal(Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.array().length; i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }
}
