package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.throughput.Case;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Machine MACHINE = new Machine("a \"fast\" one, 2 cores", "25", "2000-01-02");

  private static final Report REPORT =
      new Report(
          "run",
          MACHINE,
          0.01,
          List.of("copy", "onednn", "naive"),
          List.of(
              new Comparison(
                  Case.parse("LAYER_FORWARD 4x8"),
                  1,
                  ComparisonTest.measured("normkit", 4.0, 5.0, 6.0),
                  Map.of(
                      "copy", ComparisonTest.measured("copy", 2.0, 2.5, 3.0),
                      "onednn", ComparisonTest.measured("onednn", 8.0, 10.0, 12.0))),
              new Comparison(
                  Case.parse("RMS_FORWARD 4x8"),
                  2,
                  ComparisonTest.measured("normkit", 400.0),
                  Map.of())));

  @Test
  void aRowHasTheTimeTheFastestPeerAndTheRatios() {
    assertThat(REPORT.toMarkdown().lines())
        .contains("| LAYER_FORWARD 4x8 | 1 | 5.00 | 20 % | onednn | 10.0 | 2.00 | 0.50 | 0 |")
        .contains("| RMS_FORWARD 4x8 | 2 | 400 | 0 % | - | - | - | - | 0 |")
        .contains("- Geometric mean of peer / normkit: 2.00 over 1 rows");
  }

  @Test
  void allTimesStandInATableOfTheirOwn() {
    assertThat(REPORT.toText().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("case threads normkit copy onednn naive")
        .contains("LAYER_FORWARD 4x8 1 5.00 2.50 10.0 -")
        .contains("RMS_FORWARD 4x8 2 400 - - -");
  }

  @Test
  void aBusyMachineIsSaid() {
    assertThat(REPORT.toText()).doesNotContain("Other programs");
    Report busy = new Report("run", MACHINE, 0.25, REPORT.others(), REPORT.comparisons());
    assertThat(busy.toText()).contains("\nOther programs use 25 % of the machine: ");
    assertThat(busy.toJson()).contains("\"busy\": 0.25,");
  }

  @Test
  void theMarkdownNamesCommandMachineAndDay() {
    assertThat(REPORT.toMarkdown())
        .startsWith("Made with `run`. a \"fast\" one, 2 cores; JDK 25; 2000-01-02.\n");
  }

  @Test
  void theJsonHasAllTimes() {
    assertThat(REPORT.toJson())
        .contains("\"processor\": \"a \\\"fast\\\" one, 2 cores\"")
        .contains("{\"case\": \"LAYER_FORWARD 4x8\", \"threads\": 1,")
        .contains(
            "\"onednn\": {\"times\": [[8.0], [10.0], [12.0]], \"allocated\": [0.0, 0.0, 0.0]}");
  }

  @Test
  void theChartHasASectionForEachOperationAndARowForEachShape() {
    assertThat(REPORT.chart().toSvg())
        .contains(">LAYER_FORWARD, 1 thread</text>")
        .contains(">RMS_FORWARD, 2 threads</text>")
        .contains(">4x8</text>");
  }
}
