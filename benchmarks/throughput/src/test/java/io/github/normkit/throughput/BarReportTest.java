package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarReportTest {

  private static final BarReport REPORT = new BarReport(results());

  private static Results results() {
    Results results = new Results();
    results.about("command", "run");
    results.about("processor", "a fast one, 2 cores");
    results.about("JDK", "25");
    results.about("date", "2000-01-02");
    Job layer = new Job("normkit", Case.parse("LAYER_FORWARD 1x4096"), 1);
    ComparisonTest.add(results, layer, 4, 5, 6);
    ComparisonTest.add(results, layer.copy(), 2, 2.5, 3);
    ComparisonTest.add(results, layer.by("onednn"), 8, 11, 9);
    ComparisonTest.add(results, layer.by("naive"), 100);
    Job batch = new Job("normkit", Case.parse("BATCH_TRAIN 8x256x14x14 channels-last"), 2);
    ComparisonTest.add(results, batch, 400);
    return results;
  }

  @Test
  void aRowHasTheTimeTheFastestPeerAndTheRatios() {
    assertThat(REPORT.cases().markdown())
        .contains(
            "| LAYER_FORWARD 1x4096 | 1 | 5.00 | 20 % | 3 | onednn | 9.00 | 2.00 | 1.50–2.20 | 0.50"
                + " | 0 |",
            "| BATCH_TRAIN 8x256x14x14 channels-last | 2 | 400 | 0 % | 1 | - | - | - |  | - | 0 |");
  }

  @Test
  void allTimesStandInATableOfTheirOwn() {
    assertThat(REPORT.text().stream().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "µs a call threads normkit copy libtorch onednn onnxruntime nd4j naive",
            "LAYER_FORWARD 1x4096 1 5.00 2.50 - 9.00 - - 100");
  }

  @Test
  void whatIsBelowTheBarIsListed() {
    assertThat(REPORT.missed().markdown())
        .hasSize(2)
        .noneMatch(line -> line.contains("LAYER_FORWARD"));
    Results slow = results();
    Job layer = new Job("normkit", Case.parse("LAYER_FORWARD 1x4096"), 1);
    ComparisonTest.add(slow, layer.by("libtorch"), 2, 4, 3);
    assertThat(new BarReport(slow).missed().markdown())
        .contains(
            "| every case, 1 thread | fastest peer / normkit ≥ 1.00 | LAYER_FORWARD 1x4096, 1"
                + " thread, libtorch | 0.50 | 0.50–0.80 |");
  }

  @Test
  void theOriginNamesCommandMachineAndDay() {
    assertThat(REPORT.origin()).contains("    run", "a fast one, 2 cores; JDK 25; 2000-01-02.");
  }

  @Test
  void theChartHasTheCasesOfOneThread() {
    assertThat(REPORT.chart().toSvg())
        .contains(">LAYER_FORWARD</text>", ">1x4096</text>", "a fast one")
        .doesNotContain("BATCH");
  }
}
