package io.github.normkit.experiments;

import io.github.normkit.report.Chart.Point;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The smallest, the middle and the largest of some values, one of each seed. What is not a number
 * counts as largest.
 */
public record Spread(double min, double median, double max) {

  /** Returns the spread of at least one value. */
  public static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return new Spread(sorted[0], median, sorted[n - 1]);
  }

  /**
   * Returns the text {@code median (min to max)}.
   *
   * @param format of each of the three, as in {@link String#format}
   */
  public String text(String format) {
    return text(value -> String.format(Locale.ROOT, format, value));
  }

  /**
   * Returns the text {@code median (min to max)}.
   *
   * @param format makes the text of each of the three
   */
  public String text(DoubleFunction<String> format) {
    return "%s (%s to %s)".formatted(text(format, median), text(format, min), text(format, max));
  }

  private static String text(DoubleFunction<String> format, double value) {
    return Double.isFinite(value) ? format.apply(value) : "diverged";
  }

  /** Returns the median as a point of a chart, with the range of the others. */
  public Point point(double x) {
    return new Point(x, median, min, max);
  }
}
