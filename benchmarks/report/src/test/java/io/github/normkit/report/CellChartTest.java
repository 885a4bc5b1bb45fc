package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.normkit.report.CellChart.Cells;
import io.github.normkit.report.CellChart.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class CellChartTest {

  private static final Cells CELLS =
      new Cells("a < b", List.of(List.of("#..", "..."), List.of(".o#", ".##")));

  @Test
  void drawsEachCellOnceAndTheDotInItsCell() throws Exception {
    Document svg = ChartTest.parse(chart(List.of("x"), List.of(CELLS)).toSvg());
    String marked = path(svg, "cell c1");
    assertThat(path(svg, "cell grid").split("M", -1)).hasSize(1 + 7);
    assertThat(marked.split("M", -1)).hasSize(1 + 5);
    String[] dot = path(svg, "dot").split("[M h]", -1);
    assertThat(marked.split("(?=M)", -1)[1])
        .isEqualTo("M" + (Integer.parseInt(dot[1]) - 7) + " " + dot[2] + "h14");
  }

  @Test
  void isWellFormedWhateverTheTextsAre() throws Exception {
    Document svg = ChartTest.parse(chart(List.of("down & right"), List.of(CELLS)).toSvg());
    assertThat(ChartTest.elements(svg, "text", "note"))
        .extracting(Element::getTextContent)
        .contains("down & right", "a < b", "'note'");
  }

  @Test
  void everyColumnHasATensor() {
    assertThatThrownBy(() -> chart(List.of("x"), List.of(CELLS, CELLS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CellChart: each column must have a heading, axes and a tensor in each row:"
                + " expected 1, got 1 and 2 in row");
  }

  private static CellChart chart(List<String> axes, List<Cells> tensors) {
    return new CellChart("t", "s", List.of("h"), axes, List.of(new Row("row", "'note'", tensors)));
  }

  private static String path(Document svg, String cssClass) {
    return ChartTest.elements(svg, "path", cssClass).get(0).getAttribute("d");
  }
}
