package io.github.normkit.throughput;

import io.github.normkit.report.DotChart;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Results as tables and a chart: the bar, what is below it, and each case beside its fastest peer.
 *
 * @param results what was measured
 */
public record BarReport(Results results) {

  /** What is drawn, the copy first, in grey. */
  private static final List<String> DRAWN =
      List.of(Job.COPY, "libtorch", "onednn", "onnxruntime", "nd4j", "naive");

  private static final String NONE = "-";

  /** Returns the whole as text. */
  public List<String> text() {
    List<String> lines = new ArrayList<>(bar().lines());
    lines.add("");
    lines.addAll(missed().lines());
    lines.add("");
    lines.addAll(cases().lines());
    lines.add("");
    lines.addAll(times().lines());
    return lines;
  }

  /** Returns where the results are from, a paragraph of Markdown. */
  List<String> origin() {
    List<String> lines = new ArrayList<>(List.of("    " + results.about("command"), ""));
    String other = results.about("other JDK");
    lines.add(
        results.about("processor")
            + "; JDK "
            + results.about("JDK")
            + (other.isEmpty() ? "" : ", the other one " + other)
            + "; "
            + results.about("date")
            + ".");
    lines.add("");
    return lines;
  }

  /** Returns the lines of the bar. */
  Table bar() {
    Table table =
        new Table(5, 5).row("what", "must be", "median (range) over the cases", "worst", "reached");
    new Bar(results).lines().forEach(line -> table.row(line.row()));
    return table;
  }

  /** Returns every case that is below the bar. */
  Table missed() {
    Table table = new Table(5, 3).row("below the bar", "must be", "case", "median", "range");
    for (Line line : new Bar(results).lines()) {
      for (Line.Entry entry : line.missed()) {
        table.row(
            line.name(),
            line.rule(),
            entry.what(),
            Line.number(entry.ratio().median()),
            entry.ratio().range());
      }
    }
    return table;
  }

  /** Returns each case with its fastest peer. */
  Table cases() {
    Table table =
        new Table(11)
            .row(
                "case",
                "threads",
                "normkit\nµs",
                "+-",
                "rounds",
                "fastest\npeer",
                "its\nµs",
                "peer /\nnormkit",
                "range",
                "copy /\nnormkit",
                "B/call");
    for (Comparison comparison : Comparison.all(results)) {
      Measured normkit = comparison.normkit().orElseThrow();
      Optional<Ratio> ratio = comparison.fastestRatio();
      String fastest = comparison.fastest().orElse(NONE);
      table.row(
          comparison.what().toString(),
          String.valueOf(comparison.threads()),
          Format.micros(normkit.time()),
          Format.percent(normkit.spread()),
          String.valueOf(normkit.micros().size()),
          fastest,
          time(comparison, fastest),
          median(ratio),
          ratio.map(Ratio::range).orElse(""),
          median(comparison.ratio(Job.COPY)),
          Format.of("%.0f", normkit.bytesAllocated()));
    }
    return table;
  }

  private static String median(Optional<Ratio> ratio) {
    return ratio.map(found -> Format.of("%.2f", found.median())).orElse(NONE);
  }

  /** Returns the times of all, with the rounds of each that was not in all. */
  private Table times() {
    List<String> head = new ArrayList<>(List.of("µs a call", "threads", Job.NORMKIT));
    head.addAll(DRAWN);
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Comparison comparison : Comparison.all(results)) {
      List<String> row = new ArrayList<>();
      row.add(comparison.what().toString());
      row.add(String.valueOf(comparison.threads()));
      row.add(time(comparison, Job.NORMKIT));
      DRAWN.forEach(other -> row.add(time(comparison, other)));
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private String time(Comparison comparison, String implementation) {
    return results
        .measured(comparison.job(implementation))
        .map(measured -> Format.micros(measured.time()))
        .orElse(NONE);
  }

  /** Returns the chart: with one thread, a section for each operation and a row for each shape. */
  DotChart chart() {
    Map<String, List<DotChart.Row>> sections = new LinkedHashMap<>();
    for (Comparison comparison : Comparison.all(results)) {
      if (comparison.threads() == 1) {
        String layout = comparison.what().channelsLast() ? ", channels last" : "";
        List<Double> values =
            DRAWN.stream()
                .map(name -> comparison.ratio(name).map(Ratio::median).orElse(Double.NaN))
                .toList();
        sections
            .computeIfAbsent(comparison.what().operation().name(), h -> new ArrayList<>())
            .add(new DotChart.Row(comparison.what().shapeText() + layout, values));
      }
    }
    List<DotChart.Section> drawn = new ArrayList<>();
    sections.forEach((heading, rows) -> drawn.add(new DotChart.Section(heading, rows)));
    return new DotChart(
        "Time of other libraries, by that of normkit",
        "One thread. Right of the line normkit is faster. copy: moving the same bytes.\n"
            + results.about("processor")
            + "; JDK "
            + results.about("JDK")
            + "; "
            + results.about("date"),
        "time / normkit's time",
        1,
        Job.NORMKIT,
        DRAWN,
        drawn);
  }
}
