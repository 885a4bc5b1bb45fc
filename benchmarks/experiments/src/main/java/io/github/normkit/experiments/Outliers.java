package io.github.normkit.experiments;

import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** What one large element, or a common offset, leaves of the other elements of a row. */
final class Outliers implements Experiment {

  private static final int SEEDS = 5;
  private static final int ROWS = 256;
  private static final int COLUMNS = 64;

  private static final List<Integer> SIZES = List.of(1, 3, 10, 30, 100, 300, 1000);

  private static final double CLOSE = 0.02;

  /** What is added to a row of standard normal values. */
  private enum Kind {
    OUTLIER("outlier"),
    OFFSET("offset");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private record Setting(Variant variant, Kind kind, int size) {

    /** Returns the deviation that the formulas leave, of 1. */
    double expected() {
      double square = (double) size * size;
      if (kind == Kind.OUTLIER) {
        return 1 / Math.sqrt(1 + square / COLUMNS);
      }
      return variant == Variant.RMS_NORM ? 1 / Math.sqrt(1 + square) : 1;
    }
  }

  /**
   * The other elements of the output.
   *
   * @param deviation their deviation within a row, in what it is without the addition
   * @param mean their mean
   */
  private record Left(double deviation, double mean) {}

  @Override
  public String name() {
    return "outliers";
  }

  @Override
  public String claim() {
    return "RMSNorm, which does not center, suffers more from outliers than LayerNorm.";
  }

  @Override
  public Findings run(Progress progress) {
    List<Setting> settings =
        Stream.of(Kind.values())
            .flatMap(
                kind ->
                    Stream.of(Variant.RMS_NORM, Variant.LAYER_NORM)
                        .flatMap(
                            variant ->
                                SIZES.stream().map(size -> new Setting(variant, kind, size))))
            .toList();
    return findings(SideBySide.bySetting(settings, SEEDS, Outliers::left, progress));
  }

  private static Left left(Setting setting, int seed) {
    Random random = new Random(seed);
    Tensor x = Tensor.zeros(Shape.of(ROWS, COLUMNS));
    for (int i = 0; i < x.shape().size(); i++) {
      x.array()[i] = (float) random.nextGaussian();
    }
    NormLayer layer =
        setting.variant == Variant.RMS_NORM ? new RMSNorm(COLUMNS) : new LayerNorm(COLUMNS);
    double before = others(layer.infer(x)).deviation;
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < (setting.kind == Kind.OUTLIER ? 1 : COLUMNS); c++) {
        x.array()[row * COLUMNS + c] += setting.size;
      }
    }
    Left after = others(layer.infer(x));
    return new Left(after.deviation / before, after.mean);
  }

  /** Returns the moments of the elements but the first within a row, over all rows. */
  private static Left others(Tensor y) {
    double means = 0;
    double variances = 0;
    for (int row = 0; row < ROWS; row++) {
      double mean = 0;
      for (int c = 1; c < COLUMNS; c++) {
        mean += (double) y.get(row, c) / (COLUMNS - 1);
      }
      for (int c = 1; c < COLUMNS; c++) {
        double d = y.get(row, c) - mean;
        variances += d * d / (COLUMNS - 1);
      }
      means += mean;
    }
    return new Left(Math.sqrt(variances / ROWS), means / ROWS);
  }

  private static Findings findings(Map<Setting, List<Left>> left) {
    Findings findings = new Findings();
    for (Kind kind : Kind.values()) {
      List<Boolean> worse = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < SEEDS; i++) {
        double least = 1;
        for (int size : SIZES) {
          double rms = left.get(new Setting(Variant.RMS_NORM, kind, size)).get(i).deviation;
          double layer = left.get(new Setting(Variant.LAYER_NORM, kind, size)).get(i).deviation;
          least = Math.min(least, rms / layer);
        }
        ratios.add(least);
        worse.add(least < 1 - CLOSE);
      }
      findings.verdict(
          worse,
          "with an %s RMSNorm leaves less of the other elements than LayerNorm, by more than"
              + " %.0f %%. At worst it leaves %s times as much.",
          kind.label,
          100 * CLOSE,
          Spread.of(ratios).text("%.3g"));
    }
    return findings
        .figure(
            "outliers",
            "What an outlier or an offset leaves of the other elements, by its size",
            chart(left).toSvg())
        .table(table(left));
  }

  private static Table table(Map<Setting, List<Left>> left) {
    List<String> head = new ArrayList<>(List.of("the number"));
    SIZES.forEach(size -> head.add(String.valueOf(size)));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Kind kind : Kind.values()) {
      for (Variant variant : List.of(Variant.RMS_NORM, Variant.LAYER_NORM)) {
        List<String> measured = new ArrayList<>(List.of(label(variant, kind) + ": deviation"));
        List<String> expected = new ArrayList<>(List.of("by the formula"));
        List<String> means = new ArrayList<>(List.of("mean"));
        for (int size : SIZES) {
          Setting setting = new Setting(variant, kind, size);
          measured.add(number(median(left.get(setting).stream().map(Left::deviation).toList())));
          expected.add(number(setting.expected()));
          means.add(mean(median(left.get(setting).stream().map(Left::mean).toList())));
        }
        table.row(measured.toArray(String[]::new));
        table.row(expected.toArray(String[]::new));
        table.row(means.toArray(String[]::new));
      }
    }
    return table;
  }

  private static double median(List<Double> values) {
    return Spread.of(values).median();
  }

  /** Returns a number without a sign where its digits are all 0. */
  private static String mean(double value) {
    return format("%.3f", Math.abs(value) < 0.0005 ? 0 : value);
  }

  private static String number(double value) {
    return format("%.4f", value);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String label(Variant variant, Kind kind) {
    return variant.label() + ", " + kind.label;
  }

  private static Chart chart(Map<Setting, List<Left>> left) {
    List<Series> series = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Variant variant : List.of(Variant.RMS_NORM, Variant.LAYER_NORM)) {
        series.add(
            new Series(
                label(variant, kind),
                SIZES.stream()
                    .map(
                        size ->
                            Spread.of(
                                    left.get(new Setting(variant, kind, size)).stream()
                                        .map(Left::deviation)
                                        .toList())
                                .point(size))
                    .toList()));
      }
    }
    return new Chart(
        "What an outlier or an offset leaves of the other elements",
        "Rows of %d standard normal values, to the first or to all of which a number is added:\n"
                .formatted(COLUMNS)
            + "median of %d seeds, and their range.".formatted(SEEDS),
        "the number",
        Scale.LOGARITHMIC,
        "deviation of the other elements",
        Scale.LOGARITHMIC,
        series);
  }
}
