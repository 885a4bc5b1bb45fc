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
import java.util.Random;
import java.util.stream.IntStream;

/** The largest learning rate at which networks still learn, with and without BatchNorm. */
final class LearningRates implements Experiment {

  private static final List<Float> RATES =
      List.of(0.0125f, 0.025f, 0.05f, 0.1f, 0.2f, 0.4f, 0.8f, 1.6f, 3.2f);

  private static final List<Integer> DEPTHS = List.of(3, 9);
  private static final int SEEDS = 5;
  private static final int EPOCHS = 1;

  /** A run has learned if it gets so many of the test images right, in percent. */
  private static final double LEARNED = 50;

  private static final double CLAIMED_WITHOUT = 0.01;
  private static final double CLAIMED_WITH = 0.1;

  /** The network with so many convolutions. */
  private record Network(Variant variant, int convolutions) {

    String label() {
      String norm = variant == Variant.NONE ? "without" : variant.label();
      return convolutions + " convolutions,\n" + norm;
    }

    double accuracy(float rate, int seed, DigitsData data) {
      Random random = new Random(seed);
      Sequential network = Training.network(variant, convolutions, random);
      new Fit(Training.BATCH, EPOCHS, rate).run(network, data, random);
      return 100 * data.accuracy(network::infer);
    }
  }

  private record Setting(Network network, float rate) {}

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
    for (Network network : networks()) {
      RATES.forEach(rate -> settings.add(new Setting(network, rate)));
    }
    return findings(
        SideBySide.bySetting(
            settings,
            SEEDS,
            (setting, seed) -> setting.network.accuracy(setting.rate, seed, data),
            progress));
  }

  private static List<Network> networks() {
    List<Network> networks = new ArrayList<>();
    for (int convolutions : DEPTHS) {
      networks.add(new Network(Variant.NONE, convolutions));
      networks.add(new Network(Variant.BATCH_NORM, convolutions));
    }
    return networks;
  }

  private static Findings findings(Map<Setting, List<Double>> accuracies) {
    Findings findings = new Findings();
    for (int convolutions : DEPTHS) {
      List<Double> without = stable(accuracies, new Network(Variant.NONE, convolutions));
      List<Double> with = stable(accuracies, new Network(Variant.BATCH_NORM, convolutions));
      List<Double> factors =
          IntStream.range(0, SEEDS).mapToObj(i -> with.get(i) / without.get(i)).toList();
      findings
          .verdict(
              without.stream().map(rate -> rate <= 2 * CLAIMED_WITHOUT).toList(),
              "with %d convolutions and no BatchNorm the largest stable rate is about %s: it is %s.",
              convolutions,
              CLAIMED_WITHOUT,
              Spread.of(without).text(Axis::label))
          .verdict(
              with.stream().map(rate -> rate >= CLAIMED_WITH).toList(),
              "with %d convolutions and BatchNorm it is %s or more: it is %s, which is %s times that"
                  + " without.",
              convolutions,
              CLAIMED_WITH,
              Spread.of(with).text(Axis::label),
              Spread.of(factors).text(Axis::label));
    }
    return findings
        .figure(
            "learning-rate",
            "Test accuracy by learning rate, with and without BatchNorm, in two networks",
            chart(accuracies).toSvg())
        .table(table(accuracies));
  }

  /** Returns, for each seed, the largest rate at which the network has learned. */
  private static List<Double> stable(Map<Setting, List<Double>> accuracies, Network network) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            i ->
                RATES.stream()
                    .filter(rate -> accuracies.get(new Setting(network, rate)).get(i) >= LEARNED)
                    .mapToDouble(Float::doubleValue)
                    .max()
                    .orElse(Double.NaN))
        .toList();
  }

  private static Table table(Map<Setting, List<Double>> accuracies) {
    List<String> head = new ArrayList<>(List.of("test accuracy\nat rate"));
    networks().forEach(network -> head.add(network.label()));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (float rate : RATES) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(rate)));
      for (Network network : networks()) {
        row.add(Spread.of(accuracies.get(new Setting(network, rate))).text("%.1f"));
      }
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private static Chart chart(Map<Setting, List<Double>> accuracies) {
    List<Series> series = new ArrayList<>();
    for (Network network : networks()) {
      List<Point> points = new ArrayList<>();
      for (float rate : RATES) {
        points.add(Spread.of(accuracies.get(new Setting(network, rate))).point(rate));
      }
      series.add(new Series(network.label().replace("\n", " "), points));
    }
    return new Chart(
        "Test accuracy by learning rate",
        "After one epoch, in which the rate falls to 0: the median of %d seeds, and their range."
            .formatted(SEEDS),
        "learning rate of the first step",
        Scale.LOGARITHMIC,
        "test accuracy in %",
        Scale.LINEAR,
        series);
  }
}
