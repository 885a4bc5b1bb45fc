package io.github.normkit.peers;

import io.github.normkit.report.DotChart;
import io.github.normkit.report.Table;
import io.github.normkit.throughput.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The results as text, Markdown, JSON and a chart.
 *
 * @param command the arguments they were made with
 * @param machine where and when
 * @param busy the share of the machine that other programs used, see {@link OtherPrograms}
 * @param others all that normkit was compared with, the copy first
 * @param comparisons the results
 */
record Report(
    String command,
    Machine machine,
    double busy,
    List<String> others,
    List<Comparison> comparisons) {

  private static final String NONE = "-";

  /** Copies the lists. */
  Report {
    others = List.copyOf(others);
    comparisons = List.copyOf(comparisons);
  }

  /** Returns the results as text: two tables, and what their columns mean. */
  String toText() {
    List<String> lines = new ArrayList<>();
    lines.addAll(ratios().lines());
    lines.add("");
    lines.addAll(notes());
    lines.add("");
    lines.add("All times, µs a call:");
    lines.add("");
    lines.addAll(times().lines());
    return String.join("\n", lines) + "\n";
  }

  /** Returns the results as Markdown. */
  String toMarkdown() {
    List<String> lines = new ArrayList<>();
    lines.add("Made with `" + command + "`. " + machine + ".");
    lines.add("");
    lines.addAll(ratios().markdown());
    lines.add("");
    notes().forEach(note -> lines.add("- " + note));
    lines.add("");
    lines.add("All times, µs a call:");
    lines.add("");
    lines.addAll(times().markdown());
    return String.join("\n", lines) + "\n";
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        format(
            "Geometric mean of peer / normkit: %.2f over %d rows",
            Comparison.geometricMean(comparisons),
            comparisons.stream().filter(c -> c.fastest().isPresent()).count()));
    notes.add(
        "peer / normkit: time of the fastest peer by normkit's, median of the rounds' ratios;"
            + " above 1 normkit is faster");
    notes.add(
        "copy / normkit: the same of a copy of the bytes that must move; 1 is the copy's speed");
    notes.add(
        "+-: half the range of the rounds' medians; B/call: bytes a call allocates in the Java"
            + " heap");
    if (busy > OtherPrograms.LIMIT) {
      notes.add(warning(busy));
    }
    return notes;
  }

  /** Says what it does to the times that others use so much of the machine. */
  static String warning(double busy) {
    return format(
        "Other programs use %.0f %% of the machine: times with several threads are not to be"
            + " trusted, those of libraries that wait in a loop least of all",
        100 * busy);
  }

  private Table ratios() {
    Table table =
        new Table(9)
            .row(
                "case",
                "threads",
                "normkit\nµs",
                "+-",
                "fastest\npeer",
                "its\nµs",
                "peer /\nnormkit",
                "copy /\nnormkit",
                "B/call");
    for (Comparison comparison : comparisons) {
      String fastest = comparison.fastest().orElse(NONE);
      Measured normkit = comparison.normkit();
      table.row(
          comparison.what().toString(),
          String.valueOf(comparison.threads()),
          micros(normkit.time()),
          format("%.0f %%", 100 * normkit.spread()),
          fastest,
          time(comparison, fastest),
          ratio(comparison.fastestRatio()),
          ratio(comparison.ratio(Comparison.COPY)),
          format("%.0f", normkit.bytesAllocated()));
    }
    return table;
  }

  private Table times() {
    List<String> head = new ArrayList<>(List.of("case", "threads", "normkit"));
    head.addAll(others);
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Comparison comparison : comparisons) {
      List<String> row = new ArrayList<>();
      row.add(comparison.what().toString());
      row.add(String.valueOf(comparison.threads()));
      row.add(micros(comparison.normkit().time()));
      others.forEach(other -> row.add(time(comparison, other)));
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private static String time(Comparison comparison, String other) {
    Measured measured = comparison.others().get(other);
    return measured == null ? NONE : micros(measured.time());
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? format("%.2f", ratio.getAsDouble()) : NONE;
  }

  /** A time with three digits or more. */
  private static String micros(double micros) {
    int decimals = micros < 9.995 ? 2 : micros < 99.95 ? 1 : 0;
    return format("%." + decimals + "f", micros);
  }

  /** Returns the ratios as a picture: a section for each operation and number of threads. */
  DotChart chart() {
    Map<String, List<DotChart.Row>> sections = new LinkedHashMap<>();
    for (Comparison comparison : comparisons) {
      String threads = comparison.threads() == 1 ? " thread" : " threads";
      String heading = comparison.what().operation() + ", " + comparison.threads() + threads;
      List<Double> values =
          others.stream().map(other -> comparison.ratio(other).orElse(Double.NaN)).toList();
      String layout = comparison.what().channelsLast() ? ", channels last" : "";
      sections
          .computeIfAbsent(heading, h -> new ArrayList<>())
          .add(new DotChart.Row(comparison.what().shapeText() + layout, values));
    }
    List<DotChart.Section> drawn = new ArrayList<>();
    sections.forEach((heading, rows) -> drawn.add(new DotChart.Section(heading, rows)));
    return new DotChart(
        "Time of other libraries, by that of normkit",
        "Right of the line normkit is faster. copy: moving the same bytes.\n" + machine,
        "time / normkit's time",
        1,
        "normkit",
        others,
        drawn);
  }

  /** Returns everything measured, as JSON. */
  String toJson() {
    List<String> rows = comparisons.stream().map(Report::json).toList();
    return "{\n  \"command\": "
        + quoted(command)
        + ",\n  \"processor\": "
        + quoted(machine.processor())
        + ",\n  \"jdk\": "
        + quoted(machine.jdk())
        + ",\n  \"date\": "
        + quoted(machine.date())
        + ",\n  \"busy\": "
        + busy
        + ",\n  \"unit\": \"us\",\n  \"rows\": [\n"
        + String.join(",\n", rows)
        + "\n  ]\n}\n";
  }

  private static String json(Comparison comparison) {
    Map<String, Measured> all = new LinkedHashMap<>();
    all.put("normkit", comparison.normkit());
    all.putAll(comparison.others());
    List<String> fields = new ArrayList<>();
    all.forEach(
        (name, measured) ->
            fields.add(
                format(
                    "%s: {\"times\": %s, \"allocated\": %s}",
                    quoted(name),
                    measured.micros(),
                    // JSON has no NaN.
                    measured.allocated().stream().map(b -> b.isNaN() ? null : b).toList())));
    return format(
        "    {\"case\": %s, \"threads\": %d,\n      %s}",
        quoted(comparison.what().toString()),
        comparison.threads(),
        String.join(",\n      ", fields));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Writes the files peers.txt, .md, .json and .svg. */
  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("peers.txt"), toText());
    Files.writeString(directory.resolve("peers.md"), toMarkdown());
    Files.writeString(directory.resolve("peers.json"), toJson());
    Files.writeString(directory.resolve("peers.svg"), chart().toSvg());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
