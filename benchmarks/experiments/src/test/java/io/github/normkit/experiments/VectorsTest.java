package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsTest {

  @Test
  void normIsThatOfPythagoras() {
    assertThat(Vectors.norm(3, -4)).isEqualTo(5);
    assertThat(Vectors.norm()).isZero();
  }

  @Test
  void exponentIsThatOfAPower() {
    assertThat(Vectors.exponent(List.of(1, 2, 8), List.of(5.0, 20.0, 320.0)))
        .isCloseTo(2, within(1e-12));
    assertThat(Vectors.exponent(List.of(4, 9), List.of(0.5, 1 / 3.0)))
        .isCloseTo(-0.5, within(1e-12));
  }
}
