package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import io.github.normkit.report.Axis;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What multiplying the weights before a normalizer changes. */
final class ScaleInvariance implements Experiment {

  private static final int SEEDS = 3;
  private static final int IMAGES = 64;

  private static final List<Double> FACTORS =
      List.of(0.001, 0.01, 0.1, 0.5, 2.0, 10.0, 100.0, 1000.0);

  private static final List<Double> LARGE = FACTORS.stream().filter(factor -> factor > 1).toList();

  private static final List<Double> TINY = FACTORS.stream().filter(factor -> factor < 1).toList();

  private static final double SMALL = 1e-3;

  private record Setting(Variant variant, double factor) {}

  /**
   * What a factor has done.
   *
   * @param change the largest change of a score, in the largest score
   * @param gradient the norm of the weight's gradient times the factor, in what it was
   */
  private record Change(double change, double gradient) {}

  @Override
  public String name() {
    return "scale-invariance";
  }

  @Override
  public String claim() {
    return "Multiplying the weights before a normalizer by a changes nothing but their gradient,"
        + " which is divided by a.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Setting> settings =
        Arrays.stream(Variant.values())
            .flatMap(variant -> FACTORS.stream().map(factor -> new Setting(variant, factor)))
            .toList();
    return findings(
        SideBySide.bySetting(
            settings,
            SEEDS,
            (setting, seed) -> change(setting.variant, setting.factor, seed, data),
            progress));
  }

  /** Multiplies the weight of the first convolution. */
  private static Change change(Variant variant, double factor, int seed, DigitsData data) {
    int[] rows = Arrays.copyOf(data.trainingRows(), IMAGES);
    Sequential network = Training.network(variant, new Random(seed));
    Parameter weight = network.parameters().get(0);
    float[] scores = scores(network, rows, data);
    double gradient = Vectors.norm(weight.gradient().array());
    for (int i = 0; i < weight.value().array().length; i++) {
      weight.value().array()[i] *= (float) factor;
    }
    float[] others = scores(network, rows, data);
    double largest = 0;
    double change = 0;
    for (int i = 0; i < scores.length; i++) {
      largest = Math.max(largest, Math.abs(scores[i]));
      change = Math.max(change, Math.abs(scores[i] - others[i]));
    }
    return new Change(
        change / largest, factor * Vectors.norm(weight.gradient().array()) / gradient);
  }

  private static float[] scores(Sequential network, int[] rows, DigitsData data) {
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    network.zeroGrad();
    Tensor scores = network.forward(data.images(rows));
    criterion.loss(scores, data.labels(rows));
    network.backward(criterion.gradient());
    return scores.toArray();
  }

  private static Findings findings(Map<Setting, List<Change>> changes) {
    Findings findings = new Findings();
    for (Variant variant : Variant.values()) {
      if (variant != Variant.NONE) {
        judge(findings, changes, variant, LARGE);
      }
    }
    judge(findings, changes, Variant.BATCH_NORM, TINY);
    return findings
        .figure(
            "scale-invariance",
            "Largest change of a score by the factor of the weights, by normalization",
            chart(changes).toSvg())
        .note("Largest change of a score, in the largest score, by the factor a:")
        .table(table(changes, change -> change.change))
        .note("Norm of the gradient times a, in the norm with a = 1:")
        .table(table(changes, change -> change.gradient));
  }

  private static void judge(
      Findings findings,
      Map<Setting, List<Change>> changes,
      Variant variant,
      List<Double> factors) {
    List<List<Change>> all =
        factors.stream().map(factor -> changes.get(new Setting(variant, factor))).toList();
    findings.verdict(
        IntStream.range(0, SEEDS)
            .mapToObj(i -> all.stream().allMatch(bySeed -> holds(bySeed.get(i))))
            .toList(),
        "before %s and with a from %s to %s the scores and the gradient times a change by less than"
            + " %s. They change by %s and %s at most.",
        variant.label(),
        Axis.label(factors.get(0)),
        Axis.label(factors.get(factors.size() - 1)),
        Axis.label(SMALL),
        number(worst(all, change -> change.change)),
        number(worst(all, change -> Math.abs(change.gradient - 1))));
  }

  private static boolean holds(Change change) {
    return change.change < SMALL && Math.abs(change.gradient - 1) < SMALL;
  }

  private static double worst(List<List<Change>> changes, ToDoubleFunction<Change> value) {
    return changes.stream().flatMap(List::stream).mapToDouble(value).max().orElseThrow();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 0.01 ? "%.1e" : "%.2f", value);
  }

  private static Table table(Map<Setting, List<Change>> changes, ToDoubleFunction<Change> value) {
    List<String> head = new ArrayList<>(List.of("a"));
    FACTORS.forEach(factor -> head.add(Axis.label(factor)));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Variant variant : Variant.values()) {
      List<String> cells = new ArrayList<>(List.of(variant.label()));
      for (double factor : FACTORS) {
        cells.add(number(median(changes, variant, factor, value)));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static double median(
      Map<Setting, List<Change>> changes,
      Variant variant,
      double factor,
      ToDoubleFunction<Change> value) {
    return Spread.of(
            changes.get(new Setting(variant, factor)).stream().mapToDouble(value).boxed().toList())
        .median();
  }

  private static Chart chart(Map<Setting, List<Change>> changes) {
    List<Series> series = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      List<Point> points = new ArrayList<>();
      for (double factor : FACTORS) {
        points.add(
            Spread.of(
                    changes.get(new Setting(variant, factor)).stream()
                        .map(change -> change.change)
                        .toList())
                .point(factor));
      }
      series.add(new Series(variant.label(), points));
    }
    return new Chart(
        "What multiplying the weights of a convolution changes",
        "Largest change of a score, in the largest score: median of %d seeds, and their range."
            .formatted(SEEDS),
        "factor of the weights",
        Scale.LOGARITHMIC,
        "change of the scores",
        Scale.LOGARITHMIC,
        series);
  }
}
