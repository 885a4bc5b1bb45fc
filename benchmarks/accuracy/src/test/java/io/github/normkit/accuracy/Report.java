package io.github.normkit.accuracy;

import io.github.normkit.golden.TensorError;
import io.github.normkit.report.DotChart;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link Accuracy} prints and draws.
 *
 * @param errors what was measured
 */
record Report(List<TensorError> errors) {

  private static final String NOTES =
      """
      - An error is that of the worst element of a tensor: an output, a gradient, a running or a saved
        statistic. It is counted in ulps, float32 units in the last place of the tensor's largest exact
        value. Of several steps the worst counts.
      - "largest" and "median" are over the tensors of a row; "better" counts those with the smaller
        error, and in the others the two are equal.
      - "infinite": an element came out NaN or infinite, and its exact value is a finite float. Elements
        whose exact value is not a finite float are not measured here; the tests check that they come
        out NaN or infinite, and that running statistics do not take them in.
      - PyTorch's errors are those of its float32 kernels, version 2.13 on one thread of a CPU. ONNX's
        cases come without them. Saved statistics are double in normkit and float32 in PyTorch.
      - Where the exact values all but cancel, as the gradient of two values does, the unit is tiny and
        the errors are large: PyTorch's largest of "options and shapes" and "lengths of sets" are of
        this sort.
      - Of a million values in a set, outputs and gradients of the input are compared at samples.
      """;

  /** Returns the lines to print. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("normkit: errors on the golden float32 cases, beside those of PyTorch's kernels");
    lines.add("");
    byHardKind().lines().forEach(line -> lines.add("  " + line));
    lines.add("");
    byFamily().lines().forEach(line -> lines.add("  " + line));
    lines.add("");
    lines.addAll(verdict());
    lines.add("");
    lines.addAll(NOTES.lines().toList());
    return lines;
  }

  /** Returns the chart and the tables as a part of a page. */
  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("![Largest error of normkit and of PyTorch, by kind of case](accuracy.svg)");
    lines.add("");
    lines.addAll(verdict());
    lines.add("");
    lines.addAll(byHardKind().markdown());
    lines.add("");
    lines.addAll(byFamily().markdown());
    lines.add("");
    lines.addAll(NOTES.lines().toList());
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private List<String> verdict() {
    Summary all = new Summary(errors);
    long beyond = errors.stream().filter(TensorError::exceedsBound).count();
    return List.of(
        "Of %d tensors with PyTorch's error, normkit is more exact in %d, PyTorch in %d."
            .formatted(all.compared(), all.moreExact(), all.lessExact()),
        "Tensors in which normkit's error is above 2 ulps and above PyTorch's: %d."
            .formatted(beyond));
  }

  private Table byFamily() {
    Table table = table("");
    Labels.FAMILIES.forEach(
        (family, familyLabel) ->
            Labels.LAYERS.forEach(
                (layer, layerLabel) ->
                    addRow(
                        table,
                        familyLabel + ", " + layerLabel,
                        error -> error.family().equals(family) && error.layer().equals(layer))));
    return table;
  }

  private Table byHardKind() {
    Table table = table("");
    Labels.HARD_KINDS.forEach(
        (kind, label) -> addRow(table, label, error -> error.hardKind().equals(kind)));
    return table;
  }

  private static Table table(String head) {
    return new Table(9)
        .row(
            head,
            "cases",
            "tensors",
            "largest\nnormkit",
            "largest\nPyTorch",
            "median\nnormkit",
            "median\nPyTorch",
            "normkit\nbetter",
            "PyTorch\nbetter");
  }

  private void addRow(Table table, String label, Predicate<TensorError> of) {
    List<TensorError> row = errors.stream().filter(of).toList();
    if (!row.isEmpty()) {
      table.row(
          Stream.concat(Stream.of(label), new Summary(row).cells().stream())
              .toArray(String[]::new));
    }
  }

  /** Returns the largest errors of each kind of case that PyTorch's are stored of. */
  DotChart chart() {
    List<DotChart.Row> plain = new ArrayList<>();
    Labels.FAMILIES.forEach(
        (family, label) -> {
          if (!family.equals(Labels.HARD)) {
            addDots(plain, label, error -> error.family().equals(family));
          }
        });
    List<DotChart.Row> hard = new ArrayList<>();
    Labels.HARD_KINDS.forEach(
        (kind, label) -> addDots(hard, label, error -> error.hardKind().equals(kind)));
    return new DotChart(
        "Largest error, by kind of case",
        "All layers, forward and backward: the worst element of all outputs, gradients and"
            + " statistics, in units in\nthe last place (ulps) of its tensor's largest value."
            + " Infinite: a finite result came out NaN or infinite.",
        "largest error in ulps",
        2,
        "2 ulps",
        List.of("PyTorch, float32", "normkit"),
        List.of(
            new DotChart.Section("Plain cases", plain), new DotChart.Section("Hard cases", hard)));
  }

  private void addDots(List<DotChart.Row> rows, String label, Predicate<TensorError> of) {
    Summary summary = new Summary(errors.stream().filter(of).toList());
    if (summary.compared() > 0) {
      rows.add(new DotChart.Row(label, List.of(summary.largestOfPyTorch(), summary.largest())));
    }
  }
}
