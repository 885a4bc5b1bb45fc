package io.github.normkit.report;

import static io.github.normkit.report.ChartTest.elements;
import static io.github.normkit.report.ChartTest.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.report.DotChart.Row;
import io.github.normkit.report.DotChart.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class DotChartTest {

  private static final String RING = "mark c0 page";
  private static final String DOT = "mark c1";

  @Test
  void eachRowHasItsNameAndAMarkOfEachSeriesOnOneLine() throws Exception {
    Document svg = parse(chart(row("<a> & 'b'", 3, 0.1), row("b", 7, 100)).toSvg());
    assertThat(elements(svg, "text", "note row"))
        .extracting(Element::getTextContent)
        .containsExactly("<a> & 'b'", "b");
    assertThat(texts(svg, "name legend")).containsExactly("first", "second");
    assertThat(texts(svg, "name heading")).containsExactly("section");
    assertThat(y(rings(svg))).hasSize(2).isEqualTo(y(dots(svg)));
  }

  @Test
  void equalFactorsAreEqualDistances() throws Exception {
    List<Double> x =
        x(dots(parse(chart(row("a", 1, 1), row("b", 1, 10), row("c", 1, 100)).toSvg())));
    assertThat(x.get(2) - x.get(1)).isPositive().isCloseTo(x.get(1) - x.get(0), within(0.11));
  }

  @Test
  void zeroAndInfinityHavePlacesOutsideTheAxis() throws Exception {
    Document svg = parse(chart(row("a", Double.POSITIVE_INFINITY, 0), row("b", 1e9, 1e-9)).toSvg());
    assertThat(texts(svg, "note")).contains("infinite", "0");
    List<Double> first = x(rings(svg));
    List<Double> second = x(dots(svg));
    assertThat(first.get(0) - first.get(1)).isGreaterThanOrEqualTo(52);
    assertThat(second.get(1) - second.get(0)).isGreaterThanOrEqualTo(52);
    assertThat(texts(parse(chart(row("a", 1, 2)).toSvg()), "note")).doesNotContain("infinite", "0");
  }

  @Test
  void aValueThatIsNotANumberHasNoMark() throws Exception {
    Document svg = parse(chart(row("a", Double.NaN, 1)).toSvg());
    assertThat(rings(svg)).isEmpty();
    assertThat(dots(svg)).hasSize(1);
    assertThat(elements(svg, "path", "grid span")).isEmpty();
  }

  @Test
  void theLimitIsDrawnWhereItsValueIs() throws Exception {
    Document svg = parse(chart(row("a", 0.5, 2), row("b", 1000, 1)).toSvg());
    assertThat(texts(svg, "note")).contains("the limit");
    assertThat(x(elements(svg, "path", "base limit"))).containsExactly(x(dots(svg)).get(0));
  }

  @Test
  void marksStayOnThePageAndBesideLongNames() throws Exception {
    String name = "a name of some thirty letters.";
    Document svg = parse(chart(row(name, 0, Double.POSITIVE_INFINITY)).toSvg());
    assertThat(x(rings(svg)).get(0)).isGreaterThan(24 + 7 * name.length());
    assertThat(x(dots(svg)).get(0)).isLessThan(860);
  }

  @Test
  void rowsMustBeComplete() {
    assertThatThrownBy(() -> chart(row("a", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DotChart: each row must have a value of each series: expected 2, got 1 in a");
  }

  @Test
  void thereAreNoMoreSeriesThanColours() {
    List<String> series = Collections.nCopies(7, "a");
    assertThatThrownBy(() -> new DotChart("", "", "", 1, "", series, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DotChart: each series must have its colour: expected at most 6, got 7");
  }

  private static DotChart chart(Row... rows) {
    return new DotChart(
        "x < y",
        "one\ntwo",
        "x",
        2,
        "the limit",
        List.of("first", "second"),
        List.of(new Section("section", List.of(rows))));
  }

  private static Row row(String name, double... values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(value);
    }
    return new Row(name, list);
  }

  private static List<String> texts(Document svg, String cssClass) {
    return elements(svg, "text", cssClass).stream().map(Element::getTextContent).toList();
  }

  /** The rings without that of the legend. */
  private static List<Element> rings(Document svg) {
    List<Element> rings = elements(svg, "circle", RING);
    return rings.subList(1, rings.size());
  }

  /** The dots without that of the legend. */
  private static List<Element> dots(Document svg) {
    List<Element> dots = elements(svg, "path", DOT);
    return dots.subList(1, dots.size());
  }

  private static List<Double> x(List<Element> marks) {
    return marks.stream().map(mark -> coordinate(mark, "cx", 0)).toList();
  }

  private static List<Double> y(List<Element> marks) {
    return marks.stream().map(mark -> coordinate(mark, "cy", 1)).toList();
  }

  private static double coordinate(Element mark, String attribute, int ofPath) {
    String value =
        mark.hasAttribute(attribute)
            ? mark.getAttribute(attribute)
            : mark.getAttribute("d").split("[MhV ]", -1)[1 + ofPath];
    return Double.parseDouble(value);
  }
}
