package io.github.normkit.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Curves as an SVG picture that follows the light or dark scheme of its viewer.
 *
 * <p>The first series is the one to compare with: grey and dashed. Points that are not finite, or
 * not above 0 on a logarithmic axis, are left out. The colours differ for the colour-blind, too.
 *
 * @param title what is shown
 * @param subtitle how it was made; several lines if it has line feeds
 * @param xLabel what runs to the right
 * @param xScale the scale of x
 * @param yLabel what runs upwards
 * @param yScale the scale of y
 * @param series the curves, at most six
 */
public record Chart(
    String title,
    String subtitle,
    String xLabel,
    Axis.Scale xScale,
    String yLabel,
    Axis.Scale yScale,
    List<Series> series) {

  /** A named curve. */
  public record Series(String name, List<Point> points) {}

  /**
   * A point of a curve.
   *
   * @param low where the range of the values behind y begins, drawn as a thin line
   * @param high where it ends
   */
  public record Point(double x, double y, double low, double high) {

    /** A point without a range. */
    public Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  private static final int HEIGHT = 520;
  private static final int LEFT = 72;
  private static final int BOTTOM = HEIGHT - 64;
  private static final int TO_LABELS = 34;
  private static final int LETTER = 8;

  /** Takes at most six series. */
  public Chart {
    if (series.size() > Svg.COLOURS) {
      throw new IllegalArgumentException(
          "Chart: each series must have its colour: expected at most "
              + Svg.COLOURS
              + ", got "
              + series.size());
    }
    series = List.copyOf(series);
  }

  /** Returns the picture. */
  public String toSvg() {
    Svg svg =
        new Svg(
            title,
            subtitle,
            HEIGHT,
            ".curve, .end, .leader { fill: none; stroke-linecap: round; stroke-linejoin: round }",
            ".curve { stroke-width: 2.2 } .end { stroke-width: 7 } .leader { stroke-width: 1 }",
            ".c0.curve { stroke-dasharray: 7 5 } .range { stroke-width: 1.2 }");
    int top = Svg.top(subtitle.split("\n", -1).length) + 22;
    Axis x = Axis.over(values(Point::x), xScale, LEFT, right());
    Axis y = Axis.over(heights(), yScale, BOTTOM, top).rounded();
    addAxes(svg, x, y, top);
    addCurves(svg, x, y);
    addLabels(svg, x, y, top);
    return svg.end();
  }

  /** Where the curves end, so that the longest name has room beside them. */
  private int right() {
    int letters = series.stream().mapToInt(s -> name(s).length()).max().orElse(0);
    return Svg.WIDTH - TO_LABELS - Math.max(122, LETTER * letters);
  }

  private String name(Series series) {
    return drawn(series).isEmpty() ? series.name() + " (no value)" : series.name();
  }

  private double[] values(ToDoubleFunction<Point> coordinate) {
    return series.stream().flatMap(s -> drawn(s).stream()).mapToDouble(coordinate).toArray();
  }

  /** All that has a height: the points, and the ends of their ranges where these have a place. */
  private double[] heights() {
    return series.stream()
        .flatMap(s -> drawn(s).stream())
        .flatMapToDouble(point -> DoubleStream.of(point.y, point.low, point.high))
        .filter(this::hasHeight)
        .toArray();
  }

  private boolean hasHeight(double y) {
    return Double.isFinite(y) && (y > 0 || !yScale.isLogarithmic());
  }

  private List<Point> drawn(Series series) {
    return series.points().stream()
        .filter(p -> Double.isFinite(p.x) && (p.x > 0 || !xScale.isLogarithmic()))
        .filter(p -> hasHeight(p.y))
        .toList();
  }

  private void addAxes(Svg svg, Axis x, Axis y, int top) {
    for (double tick : y.ticks()) {
      double at = y.position(tick);
      svg.add("<path class='grid' d='M%d %.1fH%d'/>", LEFT, at, right());
      svg.add(
          "<text class='note' x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT - 10, at + 4.5, Axis.label(tick));
    }
    svg.add("<path class='base' d='M%d %dH%d'/>", LEFT, BOTTOM, right());
    for (double tick : x.ticks()) {
      double at = x.position(tick);
      svg.add("<path class='base' d='M%.1f %dv5'/>", at, BOTTOM);
      svg.add(
          "<text class='note' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          at, BOTTOM + 21, Axis.label(tick));
    }
    svg.add(
        "<text class='note' x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + right()) / 2, BOTTOM + 45, Svg.axisTitle(xLabel, xScale));
    svg.add("<text class='note' x='24' y='%d'>%s</text>", top - 14, Svg.axisTitle(yLabel, yScale));
  }

  private void addCurves(Svg svg, Axis x, Axis y) {
    for (int i = 0; i < series.size(); i++) {
      StringBuilder path = new StringBuilder();
      for (Point point : drawn(series.get(i))) {
        path.append(path.isEmpty() ? 'M' : 'L')
            .append(
                String.format(Locale.ROOT, "%.1f %.1f", x.position(point.x), y.position(point.y)));
      }
      svg.add("<path class='curve c%d' d='%s'/>", i, path);
      addRanges(svg, i, x, y);
    }
  }

  /** Draws the ranges, to the edge of the chart where they go beyond all places. */
  private void addRanges(Svg svg, int i, Axis x, Axis y) {
    for (Point point : drawn(series.get(i))) {
      if (point.low < point.high) {
        double low = hasHeight(point.low) ? y.position(point.low) : y.from();
        double high = hasHeight(point.high) ? y.position(point.high) : y.to();
        svg.add("<path class='range c%d' d='M%.1f %.1fV%.1f'/>", i, x.position(point.x), low, high);
      }
    }
  }

  /** Names each curve at its end, with a line to it where the names had to move apart. */
  private void addLabels(Svg svg, Axis x, Axis y, int top) {
    double[] ends = new double[series.size()];
    Arrays.fill(ends, top);
    for (int i = 0; i < ends.length; i++) {
      List<Point> points = drawn(series.get(i));
      if (!points.isEmpty()) {
        ends[i] = y.position(points.get(points.size() - 1).y);
      }
    }
    double[] places = apart(ends, top);
    for (int i = 0; i < ends.length; i++) {
      List<Point> points = drawn(series.get(i));
      if (!points.isEmpty()) {
        double end = x.position(points.get(points.size() - 1).x);
        svg.add(
            "<path class='leader c%d' d='M%.1f %.1fL%d %.1f'/>",
            i, end, ends[i], right() + TO_LABELS - 6, places[i]);
        svg.add("<path class='end c%d' d='M%.1f %.1fh0'/>", i, end, ends[i]);
      }
      svg.add(
          "<text class='name' x='%d' y='%.1f'>%s</text>",
          right() + TO_LABELS, places[i] + 4.5, name(series.get(i)));
    }
  }

  /** Returns places near the wanted ones, from the top on, with room for a line of text each. */
  private static double[] apart(double[] wanted, int top) {
    List<Integer> order =
        IntStream.range(0, wanted.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> wanted[i]))
            .toList();
    double[] places = wanted.clone();
    // Every pass halves the overlaps of neighbours; this many leave none that can be seen.
    for (int pass = 0; pass < 200; pass++) {
      for (int k = 1; k < order.size(); k++) {
        int above = order.get(k - 1);
        int below = order.get(k);
        double overlap = places[above] + Svg.LINE - places[below];
        if (overlap > 0) {
          places[above] = Math.max(top, places[above] - overlap / 2);
          places[below] += overlap / 2;
        }
      }
    }
    return places;
  }
}
