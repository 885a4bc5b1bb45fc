package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Case WHAT = Case.parse("LAYER_FORWARD 1x4096");

  private final Results results = new Results();

  /** Adds the rounds of a job, each a fork of one iteration. */
  static void add(Results results, Job job, double... micros) {
    for (int i = 0; i < micros.length; i++) {
      results.add(i + 1, new Measured(job, List.of(List.of(micros[i])), List.of(0.0)));
    }
  }

  private void add(String by, double... micros) {
    add(results, new Job(by, WHAT, 1), micros);
  }

  private Comparison comparison() {
    return new Comparison(results, WHAT, 1);
  }

  @Test
  void theRatioIsTheMedianOfTheRoundsRatios() {
    // The machine was three times slower in the second round; medians of times would give 8 / 4.
    add("normkit", 4, 12, 2);
    add("onednn", 8, 18, 3);
    assertThat(comparison().ratio("onednn")).hasValue(new Ratio(1.5, 1.5, 2, 3));
  }

  @Test
  void roundsThatOneHasNotSayNothing() {
    add("normkit", 4, 12, 2);
    add("onednn", 8);
    assertThat(comparison().ratio("onednn")).hasValue(new Ratio(2, 2, 2, 1));
  }

  @Test
  void aRoundIsTheMedianOfItsIterations() {
    Job job = new Job("onednn", WHAT, 1);
    results.add(1, new Measured(job, List.of(List.of(1.0, 100.0, 6.0)), List.of(0.0)));
    add("normkit", 2);
    assertThat(comparison().ratio("onednn")).map(Ratio::median).hasValue(3.0);
  }

  @Test
  void theFastestPeerHasTheLeastRatioAndIsNeitherTheCopyNorNormkit() {
    add("normkit", 2);
    add("copy", 1);
    add("normkit-in-place", 1);
    add(results, new Job("normkit", WHAT, 1).scalar(), 1);
    add("libtorch", 5);
    add("onednn", 3);
    add("naive", 9);
    assertThat(comparison().peers()).containsExactly("libtorch", "onednn", "naive");
    assertThat(comparison().fastest()).hasValue("onednn");
    assertThat(comparison().fastestRatio()).map(Ratio::median).hasValue(1.5);
    assertThat(comparison().ratio("copy")).map(Ratio::median).hasValue(0.5);
  }

  @Test
  void whoWasNotMeasuredHasNoRatio() {
    add("normkit", 2);
    add("copy", 1);
    assertThat(comparison().ratio("nd4j")).isEmpty();
    assertThat(comparison().fastest()).isEmpty();
    assertThat(comparison().fastestRatio()).isEmpty();
  }

  @Test
  void theGeometricMeanIsOfTheCasesThatHaveAPeer() {
    add("normkit", 1);
    add("onednn", 4);
    add(results, new Job("normkit", WHAT, 2), 1);
    Case other = Case.parse("RMS_FORWARD 1x4096");
    add(results, new Job("normkit", other, 1), 2);
    add(results, new Job("libtorch", other, 1), 2);
    List<Comparison> all = Comparison.all(results);
    assertThat(all)
        .hasToString(
            "[LAYER_FORWARD 1x4096, 1 thread, LAYER_FORWARD 1x4096, 2 threads,"
                + " RMS_FORWARD 1x4096, 1 thread]");
    assertThat(Comparison.geometricMean(all)).isCloseTo(2, within(1e-12));
    assertThat(Comparison.geometricMean(List.of())).isNaN();
  }
}
