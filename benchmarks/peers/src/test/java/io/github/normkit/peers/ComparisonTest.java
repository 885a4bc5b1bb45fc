package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Job;
import io.github.normkit.throughput.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Case WHAT = Case.parse("LAYER_FORWARD 4x8");

  /** Returns what rounds of one iteration measured. */
  static Measured measured(String name, Double... micros) {
    return new Measured(
        new Job(name, WHAT, 1, "vector"),
        List.of(micros).stream().map(List::of).toList(),
        List.of(micros).stream().map(m -> 0.0).toList());
  }

  private static Comparison comparison(Measured normkit, Measured... others) {
    Map<String, Measured> byName = new LinkedHashMap<>();
    for (Measured other : others) {
      byName.put(other.job().implementation(), other);
    }
    return new Comparison(WHAT, 1, normkit, byName);
  }

  @Test
  void theRatioIsTheMedianOfTheRoundsRatios() {
    // The machine was three times slower in the second round; medians of times would give 8 / 4.
    Comparison comparison =
        comparison(measured("normkit", 4.0, 12.0, 2.0), measured("onednn", 8.0, 18.0, 3.0));
    assertThat(comparison.ratio("onednn")).hasValue(1.5);
  }

  @Test
  void aRoundIsTheMedianOfItsIterations() {
    Job job = new Job("onednn", WHAT, 1, "vector");
    Measured other = new Measured(job, List.of(List.of(1.0, 100.0, 6.0)), List.of(0.0));
    assertThat(comparison(measured("normkit", 2.0), other).ratio("onednn")).hasValue(3);
  }

  @Test
  void theFastestPeerHasTheLeastRatioAndIsNotTheCopy() {
    Comparison comparison =
        comparison(
            measured("normkit", 2.0),
            measured("copy", 1.0),
            measured("libtorch", 5.0),
            measured("onednn", 3.0),
            measured("naive", 9.0));
    assertThat(comparison.fastest()).hasValue("onednn");
    assertThat(comparison.fastestRatio()).hasValue(1.5);
    assertThat(comparison.ratio("copy")).hasValue(0.5);
  }

  @Test
  void whoWasNotMeasuredHasNoRatio() {
    Comparison comparison = comparison(measured("normkit", 2.0), measured("copy", 1.0));
    assertThat(comparison.ratio("nd4j")).isEmpty();
    assertThat(comparison.fastest()).isEmpty();
    assertThat(comparison.fastestRatio()).isEmpty();
  }

  @Test
  void theGeometricMeanIsOfTheCasesThatHaveAPeer() {
    List<Comparison> comparisons =
        List.of(
            comparison(measured("normkit", 1.0), measured("onednn", 4.0)),
            comparison(measured("normkit", 1.0), measured("copy", 100.0)),
            comparison(measured("normkit", 2.0), measured("libtorch", 2.0)));
    assertThat(Comparison.geometricMean(comparisons)).isCloseTo(2, within(1e-12));
    assertThat(Comparison.geometricMean(List.of())).isNaN();
  }
}
