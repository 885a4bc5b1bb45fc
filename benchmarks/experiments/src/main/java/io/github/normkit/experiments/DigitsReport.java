package io.github.normkit.experiments;

import io.github.normkit.Normkit;
import io.github.normkit.report.Axis;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What {@link Digits} prints and draws.
 *
 * @param options of the run
 * @param out where it is printed
 */
record DigitsReport(Options options, PrintStream out) {

  void printSetup(DigitsData data) {
    int parameters =
        Training.network(Variant.NONE, new Random(options.seed())).parameters().stream()
            .mapToInt(parameter -> parameter.value().shape().size())
            .sum();
    print("normkit: how each normalization trains one small network on real 8x8 digits");
    print("");
    print(
        "  data       %d images of handwritten digits, %d of them kept for the test",
        data.size(), data.testRows().length);
    print("  network    three 3x3 convolutions, two dense layers, ReLU; %d parameters", parameters);
    print(
        "  norm       before each ReLU; LayerNorm and RMSNorm over a whole sample, GroupNorm and");
    print("             InstanceNorm behind the convolutions only");
    print(
        "  training   epochs %d, batches of %d; SGD, momentum %s, rate falling to 0; seed %d",
        options.epochs(), Training.BATCH, Fit.MOMENTUM, options.seed());
    print("  kernels    %s (for speed only: the results do not depend on them)", Normkit.kernels());
  }

  void printSearchHeader(RateSearch search) {
    print("");
    print("Step 1 of 2: training loss of epoch %d, by learning rate", search.epochs());
    print("");
    printRow("rate", RateSearch.RATES.stream().map(String::valueOf).toList());
  }

  void printSearched(Variant variant, List<Double> losses) {
    printRow(variant.label(), losses.stream().map(DigitsReport::loss).toList());
  }

  void printTrainingHeader() {
    print("");
    print("Step 2 of 2: training loss by epoch, at rate %s", options.learningRate());
    print("");
    printRow("epoch", milestones().stream().map(String::valueOf).toList());
  }

  void printTrained(Variant variant, Training.Result result) {
    printRow(
        variant.label(), milestones().stream().map(epoch -> loss(result.loss(epoch))).toList());
  }

  /** The first epoch, the last, and those at equal distances between. */
  private List<Integer> milestones() {
    return IntStream.rangeClosed(0, 5)
        .map(i -> Math.max(1, options.epochs() * i / 5))
        .distinct()
        .boxed()
        .toList();
  }

  void printTable(
      DigitsData data, Map<Variant, Training.Result> results, Map<Variant, List<Double>> searched) {
    Table table =
        new Table(6)
            .row(
                "",
                "test\naccuracy",
                "training\nloss",
                "time in\nnorm",
                "share of\ntraining",
                "stable\nrate");
    results.forEach(
        (variant, result) -> {
          boolean none = variant == Variant.NONE;
          table.row(
              variant.label(),
              format("%.1f %%", 100 * result.accuracy()),
              loss(result.finalLoss()),
              none ? "-" : format("%.3f s", result.normSeconds()),
              none ? "-" : format("%.0f %%", 100 * result.normSeconds() / result.seconds()),
              stableRate(searched.get(variant)));
        });
    print("");
    table.lines().forEach(line -> print("  %s", line));
    print("");
    print(
        "  test accuracy   one of the %d images is %.1f %%, so small differences say little",
        data.testRows().length, 100.0 / data.testRows().length);
    print(
        "  training loss   cross entropy, mean of the last epoch; guessing has %.2f",
        RateSearch.GUESSING_LOSS);
    print("  time in norm    forward and backward of these layers, and its share of the training");
    print(
        "  stable rate     the largest rate of step 1 that ends below %.2f, a tenth of guessing",
        RateSearch.STABLE_LOSS);
    print("");
  }

  private static String stableRate(List<Double> losses) {
    return RateSearch.largestStable(losses)
        .map(rate -> rate.equals(RateSearch.LARGEST_RATE) ? ">= " + rate : String.valueOf(rate))
        .orElse("none");
  }

  Chart chart(Map<Variant, Training.Result> results) {
    List<Chart.Series> series = new ArrayList<>();
    results.forEach(
        (variant, result) -> {
          List<Chart.Point> points = new ArrayList<>();
          for (int epoch = 1; epoch <= result.losses().size(); epoch++) {
            points.add(new Chart.Point(epoch, result.loss(epoch)));
          }
          series.add(new Chart.Series(variant.label(), points));
        });
    return new Chart(
        "Training loss on 8x8 digits, by normalization",
        format(
            "Mean of each epoch, no other smoothing. The same network, data, seed (%d) and schedule"
                + " for all:\nSGD with momentum, learning rate falling linearly from %s to 0.",
            options.seed(), options.learningRate()),
        "epoch",
        Axis.Scale.WHOLE,
        "cross entropy",
        Axis.Scale.LOGARITHMIC,
        series);
  }

  void printChartPlace() {
    print("Chart of the loss curves: %s", options.out());
  }

  private void printRow(String label, List<String> cells) {
    StringBuilder row = new StringBuilder(format("  %-12s", label));
    cells.forEach(cell -> row.append(format("%10s", cell)));
    print("%s", row);
  }

  private void print(String format, Object... values) {
    out.println(format(format, values));
  }

  private static String loss(double loss) {
    return Double.isFinite(loss) ? format("%.4f", loss) : "diverged";
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
