package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {

  private static final long SEED = 13;
  private static final int WIDTH = 8;

  private final Random random = new Random(SEED);

  /** With weights of 0 a sublayer adds nothing, and what is left is where the norms are. */
  @ParameterizedTest
  @EnumSource(Placement.class)
  void blockOfNothingPassesItsInputUnlessItEndsWithANorm(Placement placement) {
    Layer block = placement.block(WIDTH, 6, random);
    for (Parameter parameter : block.parameters()) {
      if (parameter.value().shape().rank() == 2) {
        Arrays.fill(parameter.value().array(), 0);
      }
    }
    Tensor x = random(4);
    float[] y = block.forward(x).toArray();
    boolean normalized = placement == Placement.POST || placement == Placement.DEEP_NET;
    if (normalized) {
      double sum = 0;
      for (int i = 0; i < WIDTH; i++) {
        sum += y[i];
      }
      assertThat(sum).as("seed %d", SEED).isCloseTo(0, within(1e-5));
      assertThat(y).isNotEqualTo(x.toArray());
    } else {
      assertThat(y).as("seed %d", SEED).containsExactly(x.toArray());
    }
  }

  @Test
  void weightsOfDeepNetAreSmallerTheMoreBlocksThereAre() {
    double shallow = variance(Placement.DEEP_NET.block(WIDTH, 2, new Random(SEED)));
    double deep = variance(Placement.DEEP_NET.block(WIDTH, 32, new Random(SEED)));
    double plain = variance(Placement.PRE.block(WIDTH, 2, new Random(SEED)));
    assertThat(shallow / deep).isCloseTo(4, within(1e-5));
    assertThat(plain / shallow).isCloseTo(4, within(1e-5));
  }

  private static double variance(Layer block) {
    double squares = 0;
    for (Parameter parameter : block.parameters()) {
      if (parameter.value().shape().rank() == 2) {
        for (float w : parameter.value().array()) {
          squares += (double) w * w;
        }
      }
    }
    return squares;
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void networkMapsImagesToScores(Placement placement) {
    Sequential network = placement.network(WIDTH, 3, random);
    Tensor images = Tensor.ones(Shape.of(5, 1, 8, 8));
    assertThat(network.forward(images).shape()).isEqualTo(Shape.of(5, DigitsData.CLASSES));
    assertThat(network.layers()).hasSize(placement.endsWithNorm() ? 5 : 6);
  }

  private Tensor random(int rows) {
    return GradientCheck.random(Shape.of(rows, WIDTH), random);
  }
}
