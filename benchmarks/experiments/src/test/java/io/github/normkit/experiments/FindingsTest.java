package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.experiments.Findings.Figure;
import io.github.normkit.report.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private final Findings findings =
      new Findings()
          .note("A note of %.1f,\ntwo lines.", 2.0)
          .verdict(List.of(true, true), "a is %d.", 1)
          .figure("picture", "What it shows", "<svg/>")
          .verdict(List.of(true, false, true), "b.")
          .table(new Table(2).row("", "x").row("a", "1"))
          .verdict(List.of(false, false), "c.");

  @Test
  void verdictsCountTheSeeds() {
    assertThat(findings.lines())
        .startsWith(
            "Holds with all 2 seeds: a is 1.",
            "Holds with 2 of 3 seeds: b.",
            "Does not hold with any of 2 seeds: c.");
  }

  @Test
  void verdictsWithoutSeedsHoldOrNot() {
    Findings counted = new Findings().verdict(true, "a is %d.", 1).verdict(false, "b.");
    assertThat(counted.lines()).containsExactly("Holds: a is 1.", "Does not hold: b.");
  }

  @Test
  void restIsPrintedInItsOrderWithoutTheFigures() {
    assertThat(findings.lines().subList(3, 9))
        .containsExactly("", "A note of 2.0,", "two lines.", "", "    x", "a   1");
  }

  @Test
  void markdownHasTheFiguresInTheirDirectory() {
    assertThat(findings.markdown("page"))
        .isEqualTo(
            """
            - **Holds with all 2 seeds:** a is 1.
            - **Holds with 2 of 3 seeds:** b.
            - **Does not hold with any of 2 seeds:** c.

            A note of 2.0,
            two lines.

            ![What it shows](page/picture.svg)

            |  | x |
            |---|---:|
            | a | 1 |
            """);
    assertThat(findings.figures())
        .containsExactly(new Figure("picture", "What it shows", "<svg/>"));
  }
}
