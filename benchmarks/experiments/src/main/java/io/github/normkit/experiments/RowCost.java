package io.github.normkit.experiments;

import io.github.normkit.report.DotChart;
import io.github.normkit.report.DotChart.Row;
import io.github.normkit.report.DotChart.Section;
import io.github.normkit.report.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What RMSNorm saves against LayerNorm: operations and bytes, counted. */
final class RowCost implements Experiment {

  private static final int ROWS = 1024;
  private static final int COLUMNS = 768;

  /** What is saved must be more than this share to count. */
  private static final double CLEAR = 0.01;

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String claim() {
    return "RMSNorm does less work than LayerNorm, for it needs neither the mean nor the bias.";
  }

  /** Operations per element, and bytes of float32 that must cross the memory. */
  private record Cost(double operations, double bytes) {}

  @Override
  public Findings run(Progress progress) {
    Cost layerForward = forward(true);
    Cost rmsForward = forward(false);
    Cost layerBackward = backward(true);
    Cost rmsBackward = backward(false);
    progress.runIsDone();
    Findings findings = new Findings();
    judge(findings, "forward", layerForward, rmsForward);
    judge(findings, "backward", layerBackward, rmsBackward);
    Table table =
        new Table(4).row("%d rows of %d".formatted(ROWS, COLUMNS), "LayerNorm", "RMSNorm", "saved");
    addRows(table, "forward", layerForward, rmsForward);
    addRows(table, "backward", layerBackward, rmsBackward);
    Section operations =
        new Section(
            "Operations an element",
            List.of(
                row("forward", layerForward.operations, rmsForward.operations),
                row("backward", layerBackward.operations, rmsBackward.operations)));
    double elements = (double) ROWS * COLUMNS;
    Section bytes =
        new Section(
            "Bytes an element",
            List.of(
                row("forward", layerForward.bytes / elements, rmsForward.bytes / elements),
                row("backward", layerBackward.bytes / elements, rmsBackward.bytes / elements)));
    return findings
        .figure(
            "cost",
            "Operations and bytes an element of LayerNorm and RMSNorm",
            chart(operations, bytes).toSvg())
        .table(table);
  }

  private static Row row(String pass, double layer, double rms) {
    return new Row(pass, List.of(layer, rms));
  }

  private static DotChart chart(Section... sections) {
    return new DotChart(
        "What LayerNorm and RMSNorm do for an element",
        "Counted, for %d rows of %d floats.".formatted(ROWS, COLUMNS),
        "operations, or bytes",
        2 * Float.BYTES,
        "bytes of a copy",
        List.of("LayerNorm", "RMSNorm"),
        List.of(sections));
  }

  private static void judge(Findings findings, String pass, Cost layer, Cost rms) {
    findings
        .verdict(
            saved(layer.operations, rms.operations) > CLEAR,
            "%s, it does less arithmetic: %.2f operations an element instead of %.2f, %.0f %% fewer.",
            pass,
            rms.operations,
            layer.operations,
            100 * saved(layer.operations, rms.operations))
        .verdict(
            saved(layer.bytes, rms.bytes) > CLEAR,
            "%s, it moves fewer bytes: %.3f %% fewer.",
            pass,
            100 * saved(layer.bytes, rms.bytes));
  }

  private static double saved(double layer, double rms) {
    return 1 - rms / layer;
  }

  private static void addRows(Table table, String pass, Cost layer, Cost rms) {
    table.row(
        pass + ", operations an element",
        format("%.2f", layer.operations),
        format("%.2f", rms.operations),
        format("%.1f %%", 100 * saved(layer.operations, rms.operations)));
    table.row(
        pass + ", bytes",
        format("%.0f", layer.bytes),
        format("%.0f", rms.bytes),
        format("%.3f %%", 100 * saved(layer.bytes, rms.bytes)));
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Reads x, weight and bias; writes y. */
  private static Cost forward(boolean centered) {
    Counter count = new Counter();
    row(centered).forward(ones(), count);
    return new Cost(perElement(count), bytes(2, centered ? 2 : 1));
  }

  /** Reads x, dy and weight; writes dx and the gradients of weight and bias. */
  private static Cost backward(boolean centered) {
    CountedRow row = row(centered);
    row.forward(ones(), new Counter());
    Counter count = new Counter();
    row.backward(ones(), ones(), ones(), count);
    return new Cost(perElement(count), bytes(3, centered ? 3 : 2));
  }

  private static CountedRow row(boolean centered) {
    return centered ? CountedRow.layerNorm(ones(), ones(), 1e-5) : CountedRow.rmsNorm(ones(), 1e-6);
  }

  private static double[] ones() {
    double[] ones = new double[COLUMNS];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double perElement(Counter count) {
    return (count.operations() + count.slowOperations()) / (double) COLUMNS;
  }

  private static double bytes(int tensors, int vectors) {
    return (double) Float.BYTES * COLUMNS * (tensors * ROWS + vectors);
  }
}
