package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void moreColumnsCanBeAlignedLeft() {
    Table table = new Table(3, 2).row("a", "text", "1").row("long", "b", "23");
    assertThat(table.lines()).containsExactly("a      text    1", "long   b      23");
    assertThat(table.markdown())
        .containsExactly("| a | text | 1 |", "|---|---|---:|", "| long | b | 23 |");
  }

  @Test
  void firstColumnIsAlignedLeftAndTheOthersRight() {
    Table table =
        new Table(3).row("", "final\nloss", "x").row("a", "1.25", "10").row("long", "-", "7");
    assertThat(table.lines())
        .containsExactly(
            "       final    x", //
            "        loss",
            "a       1.25   10",
            "long       -    7");
  }

  @Test
  void markdownHasTheSameCells() {
    Table table = new Table(3).row("", "final\nloss", "a|b").row("x", "1.25", "-");
    assertThat(table.markdown())
        .containsExactly(
            "|  | final loss | a\\|b |", //
            "|---|---:|---:|",
            "| x | 1.25 | - |");
  }

  @Test
  void rowsMustBeComplete() {
    assertThatThrownBy(() -> new Table(3).row("a", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Table: cells must fill the row: expected 3, got 2");
  }
}
