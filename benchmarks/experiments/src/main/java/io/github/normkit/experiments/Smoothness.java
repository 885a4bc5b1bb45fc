package io.github.normkit.experiments;

import io.github.normkit.experiments.Landscape.Kind;
import io.github.normkit.experiments.Landscape.Look;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How smooth the loss is along the gradient, with and without BatchNorm, and with noise on it. */
final class Smoothness implements Experiment {

  private static final int SEEDS = 5;
  private static final float RATE = 0.1f;

  @Override
  public String name() {
    return "smoothness";
  }

  @Override
  public String claim() {
    return "BatchNorm helps because it makes the loss and its gradient change less along a step,"
        + " not because it keeps distributions stable: noise behind it does not undo the gain.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    return findings(
        SideBySide.bySetting(
            Arrays.asList(Kind.values()),
            SEEDS,
            (kind, seed) -> Landscape.of(kind, RATE, seed, data),
            progress));
  }

  private static Findings findings(Map<Kind, List<Landscape>> runs) {
    Findings findings = new Findings();
    smaller(findings, runs, "the loss varies less along the gradient", Look::lossRange);
    smaller(findings, runs, "the gradient changes less along it", Look::change);
    smaller(
        findings,
        runs,
        "the gradient changes less along it, in norms of itself",
        Look::relativeChange);
    smaller(findings, runs, "the effective smoothness constant β is smaller", Look::smoothness);
    List<Double> kept =
        IntStream.range(0, SEEDS)
            .mapToObj(i -> (loss(runs, Kind.NONE, i) - loss(runs, Kind.NOISY, i)) / gain(runs, i))
            .toList();
    return findings
        .verdict(
            SEEDS,
            i -> gain(runs, i) > 0,
            "with BatchNorm the mean loss of the %d epochs is lower. It is %s, without %s.",
            Landscape.EPOCHS,
            losses(runs, Kind.BATCH_NORM),
            losses(runs, Kind.NONE))
        .verdict(
            SEEDS,
            i -> kept.get(i) > 0.5,
            "noise behind BatchNorm leaves more than half of that gain. It leaves %s.",
            Spread.of(kept.stream().map(share -> 100 * share).toList()).text("%.0f %%"))
        .verdict(
            SEEDS,
            i -> last(runs, Kind.NOISY).get(i) < last(runs, Kind.NONE).get(i),
            "with noise the loss of the last epoch is still lower than without BatchNorm. It is %s,"
                + " without %s.",
            Spread.of(last(runs, Kind.NOISY)).text("%.2f"),
            Spread.of(last(runs, Kind.NONE)).text("%.2f"))
        .figure(
            "smoothness-loss",
            "Range of the loss along the gradient by step, with and without BatchNorm",
            chart(
                    runs,
                    "How much the loss varies along the gradient",
                    "largest loss on the way less the smallest",
                    Look::lossRange)
                .toSvg())
        .figure(
            "smoothness-gradient",
            "Relative change of the gradient along itself by step, with and without BatchNorm",
            chart(
                    runs,
                    "How much the gradient changes along itself",
                    "largest change, in norms of the gradient",
                    Look::relativeChange)
                .toSvg())
        .table(table(runs));
  }

  private static void smaller(
      Findings findings,
      Map<Kind, List<Landscape>> runs,
      String what,
      ToDoubleFunction<Look> value) {
    List<Double> without = typical(runs.get(Kind.NONE), value);
    List<Double> with = typical(runs.get(Kind.BATCH_NORM), value);
    findings.verdict(
        SEEDS,
        i -> with.get(i) < without.get(i),
        "with BatchNorm %s. The median of all looks is %s, without %s.",
        what,
        Spread.of(with).text("%.2f"),
        Spread.of(without).text("%.2f"));
  }

  /** Returns by seed the median of all looks. */
  private static List<Double> typical(List<Landscape> runs, ToDoubleFunction<Look> value) {
    return runs.stream()
        .map(run -> Spread.of(run.looks().stream().mapToDouble(value).boxed().toList()).median())
        .toList();
  }

  private static double gain(Map<Kind, List<Landscape>> runs, int seed) {
    return loss(runs, Kind.NONE, seed) - loss(runs, Kind.BATCH_NORM, seed);
  }

  private static double loss(Map<Kind, List<Landscape>> runs, Kind kind, int seed) {
    return runs.get(kind).get(seed).losses().stream().mapToDouble(loss -> loss).sum()
        / Landscape.EPOCHS;
  }

  private static List<Double> last(Map<Kind, List<Landscape>> runs, Kind kind) {
    return runs.get(kind).stream().map(run -> run.losses().get(Landscape.EPOCHS - 1)).toList();
  }

  private static String losses(Map<Kind, List<Landscape>> runs, Kind kind) {
    return Spread.of(IntStream.range(0, SEEDS).mapToObj(i -> loss(runs, kind, i)).toList())
        .text("%.2f");
  }

  private static Table table(Map<Kind, List<Landscape>> runs) {
    List<String> head = new ArrayList<>(List.of(""));
    Arrays.stream(Kind.values()).forEach(kind -> head.add(kind.label()));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (int epoch = 0; epoch < Landscape.EPOCHS; epoch++) {
      int at = epoch;
      row(
          table,
          "training loss of epoch " + (epoch + 1),
          runs,
          landscapes -> landscapes.stream().map(run -> run.losses().get(at)).toList());
    }
    row(table, "range of the loss", runs, of -> typical(of, Look::lossRange));
    row(table, "change of the gradient", runs, of -> typical(of, Look::change));
    row(table, "in norms of it", runs, of -> typical(of, Look::relativeChange));
    row(table, "effective β", runs, of -> typical(of, Look::smoothness));
    return table;
  }

  private static void row(
      Table table,
      String label,
      Map<Kind, List<Landscape>> runs,
      Function<List<Landscape>, List<Double>> values) {
    List<String> cells = new ArrayList<>(List.of(label));
    runs.values().forEach(of -> cells.add(Spread.of(values.apply(of)).text("%.2f")));
    table.row(cells.toArray(String[]::new));
  }

  private static Chart chart(
      Map<Kind, List<Landscape>> runs, String title, String label, ToDoubleFunction<Look> value) {
    List<Series> series = new ArrayList<>();
    runs.forEach(
        (kind, landscapes) -> {
          List<Point> points = new ArrayList<>();
          for (int i = 0; i < landscapes.get(0).looks().size(); i++) {
            int at = i;
            points.add(
                Spread.of(
                        landscapes.stream()
                            .map(run -> value.applyAsDouble(run.looks().get(at)))
                            .toList())
                    .point(i * Landscape.EVERY));
          }
          series.add(new Series(kind.label(), points));
        });
    return new Chart(
        title,
        "On the way from 0 to %.0f steps ahead, rate %s: median of %d seeds, and their range."
            .formatted(Landscape.REACHES.get(Landscape.REACHES.size() - 1), RATE, SEEDS),
        "training step",
        Scale.WHOLE,
        label,
        Scale.LOGARITHMIC,
        series);
  }
}
