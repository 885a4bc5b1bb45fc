package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.report.Axis.Scale;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void linearAxisCoversTheValuesWithRoundTicks() {
    Axis axis = Axis.over(new double[] {0.37, -0.12, 0.9}, Scale.LINEAR, 100, 0).rounded();
    assertThat(axis.ticks().stream().map(Axis::label))
        .containsExactly("-0.2", "0", "0.2", "0.4", "0.6", "0.8", "1");
    assertThat(axis.position(-0.2)).isCloseTo(100, within(1e-9));
    assertThat(axis.position(1)).isCloseTo(0, within(1e-9));
    assertThat(axis.position(0.4)).isCloseTo(50, within(1e-9));
  }

  @Test
  void wholeNumbersGetWholeTicksAndTheFirst() {
    assertThat(Axis.over(new double[] {1, 3}, Scale.WHOLE, 0, 1).ticks())
        .containsExactly(1., 2., 3.);
    assertThat(Axis.over(new double[] {1, 20}, Scale.WHOLE, 0, 1).ticks())
        .containsExactly(1., 5., 10., 15., 20.);
    assertThat(Axis.over(new double[] {4, 20}, Scale.WHOLE, 0, 1).ticks())
        .containsExactly(5., 10., 15., 20.);
  }

  @Test
  void logarithmicAxisGivesEachFactorTheSameRoom() {
    Axis axis = Axis.over(new double[] {0.0003, 0.7}, Scale.LOGARITHMIC, 0, 1).rounded();
    assertThat(axis.min()).isEqualTo(0.0002);
    assertThat(axis.max()).isEqualTo(1);
    assertThat(axis.ticks().stream().map(Axis::label)).containsExactly("0.001", "0.01", "0.1", "1");
    assertThat(axis.position(0.1) - axis.position(0.01))
        .isCloseTo(axis.position(1) - axis.position(0.1), within(1e-12));
  }

  @Test
  void narrowLogarithmicAxisHasTicksBetweenThePowersOfTen() {
    Axis axis = Axis.over(new double[] {0.3, 4}, Scale.LOGARITHMIC, 0, 1).rounded();
    assertThat(axis.ticks()).containsExactly(0.2, 0.5, 1., 2., 5.);
    assertThat(Axis.over(new double[] {0.0125, 3.2}, Scale.LOGARITHMIC, 0, 1).ticks())
        .containsExactly(0.02, 0.05, 0.1, 0.2, 0.5, 1., 2.);
  }

  @Test
  void binaryAxisHasTicksWhereTheSmallestValueHasDoubled() {
    Axis axis = Axis.over(new double[] {2, 128}, Scale.BINARY, 0, 6);
    assertThat(axis.ticks()).containsExactly(2., 4., 8., 16., 32., 64., 128.);
    assertThat(axis.position(32)).isCloseTo(4, within(1e-12));
    assertThat(Axis.over(new double[] {6, 48}, Scale.BINARY, 0, 1).ticks())
        .containsExactly(6., 12., 24., 48.);
    Axis rounded = Axis.over(new double[] {0.3, 5}, Scale.BINARY, 0, 1).rounded();
    assertThat(rounded.min()).isEqualTo(0.25);
    assertThat(rounded.max()).isEqualTo(8);
  }

  @Test
  void wideLogarithmicAxisLeavesPowersOfTenOut() {
    Axis axis = Axis.over(new double[] {1e-9, 1e9}, Scale.LOGARITHMIC, 0, 1);
    assertThat(axis.ticks()).hasSizeBetween(3, 7).contains(1.);
    assertThat(Axis.label(1e-8)).isEqualTo("1e-8");
    assertThat(Axis.label(1e-6)).isEqualTo("1e-6");
    assertThat(Axis.label(-2.5e-6)).isEqualTo("-2.5e-6");
    assertThat(Axis.label(1e8)).isEqualTo("1e8");
  }

  @Test
  void oneValueOrNoneStillMakesAnAxis() {
    assertThat(Axis.over(new double[] {1}, Scale.WHOLE, 0, 10).position(1)).isEqualTo(5);
    assertThat(Axis.over(new double[] {2}, Scale.LOGARITHMIC, 0, 10).position(2)).isEqualTo(5);
    assertThat(Axis.over(new double[0], Scale.LOGARITHMIC, 0, 10).ticks()).isNotEmpty();
  }
}
