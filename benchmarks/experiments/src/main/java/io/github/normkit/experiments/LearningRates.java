package io.github.normkit.experiments;

import io.github.normkit.report.Axis;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The largest learning rate at which the network still learns, with and without BatchNorm. */
final class LearningRates implements Experiment {

  private static final List<Float> RATES =
      List.of(0.0125f, 0.025f, 0.05f, 0.1f, 0.2f, 0.4f, 0.8f, 1.6f, 3.2f);

  private static final List<Variant> VARIANTS = List.of(Variant.NONE, Variant.BATCH_NORM);

  private static final int SEEDS = 5;
  private static final int EPOCHS = 2;

  /** A run has learned if the loss of its last epoch is below this. */
  private static final double LEARNED = RateSearch.GUESSING_LOSS / 2;

  private static final double CLAIMED_WITHOUT = 0.01;
  private static final double CLAIMED_WITH = 0.1;
  private static final double CLAIMED_FACTOR = 10;

  private record Setting(Variant variant, float rate) {}

  @Override
  public String name() {
    return "learning-rate";
  }

  @Override
  public String claim() {
    return "Without BatchNorm the largest stable learning rate is about 0.01,"
        + " with BatchNorm it is 0.1 or more.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Setting> settings = new ArrayList<>();
    for (Variant variant : VARIANTS) {
      RATES.forEach(rate -> settings.add(new Setting(variant, rate)));
    }
    return findings(
        SideBySide.bySetting(
            settings,
            SEEDS,
            (setting, seed) ->
                new Training(setting.variant, seed, EPOCHS, setting.rate).run(data).finalLoss(),
            progress));
  }

  private static Findings findings(Map<Setting, List<Double>> losses) {
    List<Double> without = stableRates(losses, Variant.NONE);
    List<Double> with = stableRates(losses, Variant.BATCH_NORM);
    List<Double> factors =
        IntStream.range(0, SEEDS).mapToObj(i -> with.get(i) / without.get(i)).toList();
    return new Findings()
        .verdict(
            without.stream().map(rate -> rate <= 2 * CLAIMED_WITHOUT).toList(),
            "without BatchNorm the largest stable rate is about %s. It is %s.",
            CLAIMED_WITHOUT,
            Spread.of(without).text(Axis::label))
        .verdict(
            with.stream().map(rate -> rate >= CLAIMED_WITH).toList(),
            "with BatchNorm it is %s or more. It is %s.",
            CLAIMED_WITH,
            Spread.of(with).text(Axis::label))
        .verdict(
            factors.stream().map(factor -> factor >= CLAIMED_FACTOR).toList(),
            "BatchNorm raises it by a factor of %s or more. It does by %s.",
            CLAIMED_FACTOR,
            Spread.of(factors).text(Axis::label))
        .figure(
            "learning-rate",
            "Training loss by learning rate, with and without BatchNorm",
            chart(losses).toSvg())
        .table(table(losses));
  }

  /** Returns, for each seed, the largest rate with which the variant has learned, or 0. */
  private static List<Double> stableRates(Map<Setting, List<Double>> losses, Variant variant) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            i ->
                RATES.stream()
                    .filter(rate -> losses.get(new Setting(variant, rate)).get(i) < LEARNED)
                    .mapToDouble(Float::doubleValue)
                    .max()
                    .orElse(0))
        .toList();
  }

  private static Table table(Map<Setting, List<Double>> losses) {
    Table table = new Table(3).row("learning rate", "loss without", "loss with BatchNorm");
    for (float rate : RATES) {
      table.row(
          String.valueOf(rate),
          Spread.of(losses.get(new Setting(Variant.NONE, rate))).text("%.3f"),
          Spread.of(losses.get(new Setting(Variant.BATCH_NORM, rate))).text("%.3f"));
    }
    return table;
  }

  private static Chart chart(Map<Setting, List<Double>> losses) {
    List<Series> series = new ArrayList<>();
    for (Variant variant : VARIANTS) {
      List<Point> points = new ArrayList<>();
      for (float rate : RATES) {
        points.add(Spread.of(losses.get(new Setting(variant, rate))).point(rate));
      }
      series.add(new Series(variant.label(), points));
    }
    return new Chart(
        "Training loss by learning rate",
        "Mean loss of epoch %d: median of %d seeds, and their range.".formatted(EPOCHS, SEEDS),
        "learning rate of the first step",
        Scale.LOGARITHMIC,
        "cross entropy",
        Scale.LOGARITHMIC,
        series);
  }
}
