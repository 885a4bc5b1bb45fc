package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.Parameter;
import io.github.normkit.report.Axis;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What running statistics are worth in evaluation, by momentum and by the order of the batches that
 * they are made from.
 */
final class TrainEvalGap implements Experiment {

  private static final int SEEDS = 5;
  private static final int EPOCHS = 2;
  private static final float RATE = 0.1f;

  private static final List<Double> MOMENTA = List.of(0.01, 0.03, 0.1, 0.3, 1.0);
  private static final double SLOW = 0.01;
  private static final double USUAL = 0.1;
  private static final double LAST_BATCH_ALONE = 1;

  /** Stands for the plain average of all batches. */
  private static final double PLAIN = 0;

  private record Setting(double momentum, boolean sorted) {

    BatchNorm.Builder applyTo(BatchNorm.Builder builder) {
      return momentum == PLAIN ? builder.cumulativeAverage() : builder.momentum(momentum);
    }

    int[] rows(DigitsData data) {
      return sorted ? data.sortedByDigit(data.trainingRows()) : data.trainingRows();
    }
  }

  @Override
  public String name() {
    return "train-eval";
  }

  @Override
  public String claim() {
    return "Running statistics cost accuracy in evaluation when the momentum is too small for the"
        + " number of batches, when it is too large, or when the batches come sorted by class.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Integer> seeds = IntStream.rangeClosed(1, SEEDS).boxed().toList();
    List<Map<Setting, Double>> bySeed =
        SideBySide.map(seeds, seed -> accuracies(seed, data), progress);
    Map<Setting, List<Double>> accuracies = new LinkedHashMap<>();
    for (Setting setting : settings()) {
      accuracies.put(setting, bySeed.stream().map(one -> one.get(setting)).toList());
    }
    return findings(accuracies);
  }

  private static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    for (boolean sorted : List.of(false, true)) {
      MOMENTA.forEach(momentum -> settings.add(new Setting(momentum, sorted)));
      settings.add(new Setting(PLAIN, sorted));
    }
    return settings;
  }

  /** Trains once, and makes the running statistics of these weights anew for each setting. */
  private static Map<Setting, Double> accuracies(int seed, DigitsData data) {
    Random random = new Random(seed);
    Sequential trained = Training.network(Variant.BATCH_NORM, random);
    new Fit(Training.BATCH, EPOCHS, RATE).run(trained, data, random);
    Map<Setting, Double> accuracies = new LinkedHashMap<>();
    for (Setting setting : settings()) {
      Sequential network = Training.network(new BatchNorms(setting::applyTo), random);
      copyParameters(trained, network);
      int[] rows = setting.rows(data);
      for (int from = 0; from < rows.length; from += Training.BATCH) {
        network.forward(data.images(Arrays.copyOfRange(rows, from, from + Training.BATCH)));
      }
      accuracies.put(setting, 100 * data.accuracy(network::infer));
    }
    return accuracies;
  }

  private static void copyParameters(Layer from, Layer to) {
    List<Parameter> source = from.parameters();
    for (int i = 0; i < source.size(); i++) {
      float[] values = Layer.values(source.get(i).value());
      System.arraycopy(values, 0, to.parameters().get(i).value().array(), 0, values.length);
    }
  }

  private static Findings findings(Map<Setting, List<Double>> accuracies) {
    Setting usual = new Setting(USUAL, false);
    Setting lastBatch = new Setting(LAST_BATCH_ALONE, false);
    AccuracyChange slow = change(accuracies, usual, new Setting(SLOW, false));
    AccuracyChange noisy = change(accuracies, usual, lastBatch);
    AccuracyChange sorted = change(accuracies, usual, new Setting(USUAL, true));
    AccuracyChange sortedLast = change(accuracies, lastBatch, new Setting(LAST_BATCH_ALONE, true));
    AccuracyChange plain = change(accuracies, new Setting(PLAIN, false), new Setting(PLAIN, true));
    return new Findings()
        .verdict(
            slow.isWorse(),
            "a momentum of %s is too small for 45 batches: against %s the accuracy changes by %s.",
            SLOW,
            USUAL,
            slow)
        .verdict(noisy.isWorse(), "a momentum of 1, the last batch alone, is too large: %s.", noisy)
        .verdict(
            sorted.isWorse(),
            "batches sorted by digit cost accuracy at a momentum of %s: %s.",
            USUAL,
            sorted)
        .verdict(
            sortedLast.isWorse(),
            "batches sorted by digit cost accuracy at a momentum of 1: %s.",
            sortedLast)
        .verdict(
            plain.isNotWorse(),
            "the plain average of all batches does not suffer from the order: %s.",
            plain)
        .figure(
            "train-eval",
            "Test accuracy by momentum of the running statistics, for two orders of the batches",
            chart(accuracies).toSvg())
        .table(table(accuracies));
  }

  private static AccuracyChange change(
      Map<Setting, List<Double>> accuracies, Setting from, Setting to) {
    return AccuracyChange.between(accuracies.get(from), accuracies.get(to));
  }

  private static Table table(Map<Setting, List<Double>> accuracies) {
    Table table = new Table(3).row("test accuracy\nwith momentum", "shuffled", "sorted by digit");
    for (double momentum : MOMENTA) {
      addRow(table, Axis.label(momentum), momentum, accuracies);
    }
    addRow(table, "plain average", PLAIN, accuracies);
    return table;
  }

  private static void addRow(
      Table table, String label, double momentum, Map<Setting, List<Double>> accuracies) {
    table.row(
        label,
        Spread.of(accuracies.get(new Setting(momentum, false))).text("%.1f"),
        Spread.of(accuracies.get(new Setting(momentum, true))).text("%.1f"));
  }

  private static Chart chart(Map<Setting, List<Double>> accuracies) {
    Spread plain = Spread.of(accuracies.get(new Setting(PLAIN, true)));
    List<Series> series = new ArrayList<>();
    series.add(
        new Series(
            "plain average, sorted",
            MOMENTA.stream().map(momentum -> new Point(momentum, plain.median())).toList()));
    for (boolean sorted : List.of(false, true)) {
      series.add(
          new Series(
              sorted ? "sorted by digit" : "shuffled",
              MOMENTA.stream()
                  .map(m -> Spread.of(accuracies.get(new Setting(m, sorted))).point(m))
                  .toList()));
    }
    return new Chart(
        "Test accuracy by momentum of the running statistics",
        "The same trained weights; the running statistics made anew from 45 batches of 32 images."
            + "\nThe median of %d seeds, and their range.".formatted(SEEDS),
        "momentum, the weight of the new batch",
        Scale.LOGARITHMIC,
        "test accuracy in %",
        Scale.LINEAR,
        series);
  }
}
