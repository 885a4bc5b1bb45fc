package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DuelReportTest {

  private static final List<DuelPair> PAIRS =
      List.of(DuelPair.of("100x1000", false, 1), DuelPair.of("100x1000", true, 1));

  /** LayerNorm takes 20 µs, RMSNorm 15 and a copy 12, backward twice as long. */
  private static Measured measured(Job job) {
    Operation operation = job.what().operation();
    double time =
        job.implementation().equals("copy")
            ? 12
            : operation.layer() == Operation.Layer.LAYER ? 20 : 15;
    double micros = operation.isBackward() ? 2 * time : time;
    return new Measured(job, List.of(List.of(0.9 * micros, micros, 1.1 * micros)), List.of(0.0));
  }

  private final DuelReport report = new DuelReport(PAIRS, DuelReportTest::measured, 1);

  @Test
  void theTableHasBothLayersSideBySide() {
    assertThat(report.table().markdown())
        .contains(
            "| 100x1000 | forward | 20.0 | 15.0 | 25 % | 40.0 | 53.3 | 66.7 | 60 % | 80 % |",
            "| 100x1000 | backward | 40.0 | 30.0 | 25 % | 30.0 | 40.0 | 50.0 | 60 % | 80 % |");
  }

  @Test
  void theNotesSayHowLargeTheNoiseIs() {
    assertThat(report.notes()).anyMatch(note -> note.contains(" 10 % either way"));
  }

  @Test
  void theChartHasARowForEachShapeAndPass() {
    assertThat(report.chart().sections())
        .extracting(section -> section.rows().get(0).values())
        .containsExactly(List.of(60.0, 80.0), List.of(60.0, 80.0));
    assertThat(report.chart().toSvg()).contains("Forward", "Backward", "100x1000", "1 thread");
  }
}
