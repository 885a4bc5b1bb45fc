package io.github.normkit.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.golden.TensorError;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void countsAndCompares() {
    Summary summary =
        new Summary(
            List.of(
                error("a", 0.5, OptionalDouble.of(2)),
                error("a", 3, OptionalDouble.of(1)),
                error("b", 1, OptionalDouble.of(1)),
                error("b", 0.25, OptionalDouble.of(INFINITY))));
    assertThat(summary.cases()).isEqualTo(2);
    assertThat(summary.compared()).isEqualTo(4);
    assertThat(summary.largest()).isEqualTo(3);
    assertThat(summary.median()).isEqualTo(0.75);
    assertThat(summary.largestOfPyTorch()).isEqualTo(INFINITY);
    assertThat(summary.medianOfPyTorch()).isEqualTo(1.5);
    assertThat(summary.moreExact()).isEqualTo(2);
    assertThat(summary.lessExact()).isEqualTo(1);
    assertThat(summary.cells())
        .containsExactly("2", "4", "3.00", "infinite", "0.75", "1.50", "2", "1");
  }

  @Test
  void tensorsWithoutPyTorchsErrorAreNotCompared() {
    Summary summary =
        new Summary(
            List.of(
                error("a", 1, OptionalDouble.empty()),
                error("b", 7, OptionalDouble.empty()),
                error("c", INFINITY, OptionalDouble.empty())));
    assertThat(summary.compared()).isZero();
    assertThat(summary.cells()).containsExactly("3", "3", "infinite", "-", "7.00", "-", "-", "-");
  }

  @Test
  void cellsHaveTheDigitsThatSaySomething() {
    assertThat(List.of(0., 0.456, 9.99, 12.345, 123.4, 54321., 3.79e9, 1e38))
        .extracting(Summary::cell)
        .containsExactly("0.00", "0.46", "9.99", "12.3", "123", "54321", "3.8e9", "1.0e38");
  }

  private static TensorError error(String name, double ulps, OptionalDouble pyTorchUlps) {
    return new TensorError(name, "hard", "layer_norm", "zeros", "output", ulps, pyTorchUlps);
  }
}
