package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.report.Axis;
import io.github.normkit.report.Chart.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void middleOfAnOddNumberIsOneOfThem() {
    assertThat(Spread.of(List.of(3.0, -1.0, 2.0))).isEqualTo(new Spread(-1, 2, 3));
  }

  @Test
  void middleOfAnEvenNumberIsTheMeanOfTwo() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void whatIsNotANumberCountsAsLargest() {
    Spread spread = Spread.of(List.of(Double.NaN, 1.0, 2.0));
    assertThat(spread).isEqualTo(new Spread(1, 2, Double.NaN));
    assertThat(spread.text("%.1f")).isEqualTo("2.0 (1.0 to diverged)");
  }

  @Test
  void textsHaveTheMiddleFirst() {
    Spread spread = new Spread(0.1, 0.2, 0.25);
    assertThat(spread.text("%.1f %%")).isEqualTo("0.2 % (0.1 % to 0.3 %)");
    assertThat(spread.text(Axis::label)).isEqualTo("0.2 (0.1 to 0.25)");
    assertThat(spread.point(7)).isEqualTo(new Point(7, 0.2, 0.1, 0.25));
  }
}
