package io.github.normkit.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Values side by side as an SVG picture that follows the light or dark scheme of its viewer: a row
 * for each thing measured, in it a mark for each series, on one logarithmic axis.
 *
 * <p>The first series is the one to compare with: grey rings. Zero and infinity have places of
 * their own at the ends of the axis; a value that is not a number is left out.
 *
 * @param title what is shown
 * @param subtitle how it was made; several lines if it has line feeds
 * @param label what runs to the right
 * @param limit a value to draw a line at
 * @param limitLabel what that value is
 * @param series the names of the series, at most six
 * @param sections the rows, from the top
 */
public record DotChart(
    String title,
    String subtitle,
    String label,
    double limit,
    String limitLabel,
    List<String> series,
    List<Section> sections) {

  /** Rows under a heading. */
  public record Section(String heading, List<Row> rows) {}

  /** A thing measured, with a value of each series, 0 or above. */
  public record Row(String name, List<Double> values) {}

  private static final int LEFT = 24;
  private static final int RIGHT = Svg.WIDTH - 40;
  private static final int LETTER = 7;
  private static final int ROW = 22;
  private static final int HEADING = 34;
  private static final int LEGEND = 56;
  private static final int TO_SIDE = 52;
  private static final int BELOW = 64;

  /** Takes at most six series, and a value of each in each row. */
  public DotChart {
    if (series.size() > Svg.COLOURS) {
      throw new IllegalArgumentException(
          "DotChart: each series must have its colour: expected at most "
              + Svg.COLOURS
              + ", got "
              + series.size());
    }
    for (Section section : sections) {
      for (Row row : section.rows) {
        if (row.values.size() != series.size()) {
          throw new IllegalArgumentException(
              "DotChart: each row must have a value of each series: expected "
                  + series.size()
                  + ", got "
                  + row.values.size()
                  + " in "
                  + row.name);
        }
      }
    }
    series = List.copyOf(series);
    sections = List.copyOf(sections);
  }

  /** Returns the picture. */
  public String toSvg() {
    int rows = sections.stream().mapToInt(section -> section.rows.size()).sum();
    int length = HEADING * sections.size() + ROW * rows;
    int notes = subtitle.split("\n", -1).length;
    Svg svg =
        new Svg(
            title,
            subtitle,
            Svg.top(notes) + LEGEND + length + BELOW,
            ".mark { stroke-width: 9; stroke-linecap: round } .c0.mark { stroke-width: 2 }",
            ".span { stroke-width: 2 } .limit { stroke-width: 1.5; stroke-dasharray: 5 4 }",
            ".heading { font-weight: 600 } .mark { fill: none }");
    int top = Svg.top(notes) + LEGEND;
    Axis axis = axis();
    addLegend(svg, top - LEGEND + 6);
    addAxis(svg, axis, top, top + length);
    addRows(svg, axis, top);
    return svg.end();
  }

  private Axis axis() {
    int letters = rows().mapToInt(row -> row.name.length()).max().orElse(0);
    int from = LEFT + LETTER * letters + 24 + (has(0) ? TO_SIDE : 0);
    int to = RIGHT - (has(Double.POSITIVE_INFINITY) ? TO_SIDE : 0);
    double[] placed =
        DoubleStream.concat(values(), DoubleStream.of(limit))
            .filter(value -> value > 0 && Double.isFinite(value))
            .toArray();
    return Axis.over(placed, Axis.Scale.LOGARITHMIC, from, to).rounded();
  }

  private Stream<Row> rows() {
    return sections.stream().flatMap(section -> section.rows.stream());
  }

  private DoubleStream values() {
    return rows().flatMap(row -> row.values.stream()).mapToDouble(Double::doubleValue);
  }

  private boolean has(double value) {
    return values().anyMatch(other -> other == value);
  }

  private static double position(Axis axis, double value) {
    if (value == 0) {
      return axis.from() - TO_SIDE;
    }
    return Double.isInfinite(value) ? axis.to() + TO_SIDE : axis.position(value);
  }

  private void addLegend(Svg svg, int y) {
    int x = LEFT + 6;
    for (int i = 0; i < series.size(); i++) {
      addMark(svg, i, x, y);
      svg.add(
          "<text class='name legend' x='%d' y='%.1f'>%s</text>", x + 13, y + 4.5, series.get(i));
      x += 44 + LETTER * series.get(i).length();
    }
  }

  private static void addMark(Svg svg, int series, double x, double y) {
    if (series == 0) {
      svg.add("<circle class='mark c0 page' cx='%.1f' cy='%.1f' r='5.5'/>", x, y);
    } else {
      svg.add("<path class='mark c%d' d='M%.1f %.1fh0'/>", series, x, y);
    }
  }

  private void addAxis(Svg svg, Axis axis, int top, int bottom) {
    for (double tick : axis.ticks()) {
      addTick(svg, axis.position(tick), Axis.label(tick), top, bottom);
    }
    if (has(0)) {
      addTick(svg, position(axis, 0), "0", top, bottom);
    }
    if (has(Double.POSITIVE_INFINITY)) {
      addTick(svg, position(axis, Double.POSITIVE_INFINITY), "infinite", top, bottom);
    }
    svg.add("<path class='base' d='M%.1f %dH%.1f'/>", axis.from(), bottom, axis.to());
    svg.add("<path class='base limit' d='M%.1f %dV%d'/>", axis.position(limit), top - 4, bottom);
    svg.add(
        "<text class='note' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
        axis.position(limit), top - 10, limitLabel);
    svg.add(
        "<text class='note' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
        (axis.from() + axis.to()) / 2, bottom + 45, Svg.axisTitle(label, Axis.Scale.LOGARITHMIC));
  }

  private static void addTick(Svg svg, double x, String label, int top, int bottom) {
    svg.add("<path class='grid' d='M%.1f %dV%d'/>", x, top, bottom);
    svg.add(
        "<text class='note' x='%.1f' y='%d' text-anchor='middle'>%s</text>", x, bottom + 21, label);
  }

  private void addRows(Svg svg, Axis axis, int top) {
    double y = top;
    for (Section section : sections) {
      svg.add(
          "<text class='name heading' x='%d' y='%.1f'>%s</text>", LEFT, y + 22, section.heading);
      y += HEADING;
      for (Row row : section.rows) {
        addRow(svg, axis, row, y + ROW / 2.0);
        y += ROW;
      }
    }
  }

  private static void addRow(Svg svg, Axis axis, Row row, double y) {
    svg.add("<text class='note row' x='%d' y='%.1f'>%s</text>", LEFT, y + 4.5, row.name);
    double[] at = row.values.stream().mapToDouble(value -> position(axis, value)).toArray();
    DoubleSummaryStatistics drawn =
        DoubleStream.of(at).filter(x -> !Double.isNaN(x)).summaryStatistics();
    if (drawn.getCount() > 1) {
      svg.add("<path class='grid span' d='M%.1f %.1fH%.1f'/>", drawn.getMin(), y, drawn.getMax());
    }
    IntStream.range(0, at.length)
        .filter(i -> !Double.isNaN(at[i]))
        .forEach(i -> addMark(svg, i, at[i], y));
  }
}
