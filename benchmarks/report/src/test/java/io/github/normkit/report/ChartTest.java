package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {

  @Test
  void isWellFormedWhateverTheTextsAre() throws Exception {
    Document svg = parse(chart(List.of(series("<a> & 'b' \"c\"", 1, 2))).toSvg());
    assertThat(names(svg)).containsExactly("<a> & 'b' \"c\"");
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("x < y");
  }

  @Test
  void namesKeepTheirDistanceWhereCurvesEndTogether() throws Exception {
    List<Series> series = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      series.add(series(name, 1, 0.001));
    }
    List<Double> places =
        elements(parse(chart(series).toSvg()), "text", "name").stream()
            .map(element -> Double.parseDouble(element.getAttribute("y")))
            .sorted()
            .toList();
    assertThat(places).hasSize(6);
    for (int i = 1; i < places.size(); i++) {
      assertThat(places.get(i) - places.get(i - 1)).isGreaterThan(17);
    }
  }

  @Test
  void pointsWithoutAPlaceAreLeftOut() throws Exception {
    Document svg =
        parse(
            chart(
                    List.of(
                        series("a", 1, Double.NaN, 0.5, 0, Double.POSITIVE_INFINITY, 0.1),
                        series("b", Double.NaN)))
                .toSvg());
    assertThat(names(svg)).containsExactly("a", "b (no value)");
    List<Element> curves = elements(svg, "path", "curve c0");
    assertThat(curves).hasSize(1);
    assertThat(curves.get(0).getAttribute("d")).matches("M[0-9. ]+L[0-9. ]+L[0-9. ]+");
  }

  @Test
  void rangesAreLinesFromLowToHighThroughTheirPoint() throws Exception {
    Series series =
        new Series("a", List.of(new Point(1, 1, 0.1, 10), new Point(2, 1), new Point(3, 1, 0, 2)));
    Document svg = parse(chart(List.of(series)).toSvg());
    List<String> ranges =
        elements(svg, "path", "range c0").stream().map(range -> range.getAttribute("d")).toList();
    assertThat(ranges).hasSize(2);
    double[] first = numbers(ranges.get(0));
    double[] curve = numbers(elements(svg, "path", "curve c0").get(0).getAttribute("d"));
    assertThat(first[0]).isEqualTo(curve[0]);
    assertThat(first[1] - curve[1]).isCloseTo(curve[1] - first[2], within(0.11));
    // There is no place for 0 on a logarithmic axis: the line goes on to its end.
    assertThat(numbers(ranges.get(1))[1]).isEqualTo(first[1]);
  }

  private static double[] numbers(String path) {
    return Stream.of(path.substring(1).split("[LV ]", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void longNamesAndManyWithoutAValueStayOnThePageAndBelowTheTitles() throws Exception {
    Series empty = series("a normalization", Double.NaN);
    Document svg = parse(chart(Collections.nCopies(6, empty)).toSvg());
    assertThat(elements(svg, "text", "name"))
        .hasSize(6)
        .allSatisfy(
            element -> {
              int end =
                  Integer.parseInt(element.getAttribute("x"))
                      + 8 * element.getTextContent().length();
              assertThat(end).isLessThanOrEqualTo(860);
              assertThat(Double.parseDouble(element.getAttribute("y"))).isGreaterThan(120);
            });
  }

  @Test
  void singlePointsShowAsDots() throws Exception {
    Document svg = parse(chart(List.of(series("a", 0.5))).toSvg());
    assertThat(elements(svg, "path", "end c0")).hasSize(1);
  }

  @Test
  void followsTheSchemeOfTheViewer() {
    assertThat(chart(List.of(series("a", 1))).toSvg())
        .containsOnlyOnce("@media (prefers-color-scheme: dark)")
        .containsSubsequence(".page { fill: #ffffff }", "@media", ".page { fill: #14181f }");
  }

  @Test
  void thereAreNoMoreSeriesThanColours() {
    assertThatThrownBy(() -> chart(Collections.nCopies(7, series("a", 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Chart: each series must have its colour: expected at most 6, got 7");
  }

  private static Chart chart(List<Series> series) {
    return new Chart(
        "x < y", "one\ntwo", "x", Axis.Scale.WHOLE, "y", Axis.Scale.LOGARITHMIC, series);
  }

  private static Series series(String name, double... values) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      points.add(new Point(i + 1, values[i]));
    }
    return new Series(name, points);
  }

  static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  /** The texts that name the curves. */
  static List<String> names(Document svg) {
    return elements(svg, "text", "name").stream().map(Element::getTextContent).toList();
  }

  static List<Element> elements(Document svg, String tag, String cssClass) {
    NodeList nodes = svg.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Element element = (Element) nodes.item(i);
      if (element.getAttribute("class").equals(cssClass)) {
        elements.add(element);
      }
    }
    return elements;
  }
}
