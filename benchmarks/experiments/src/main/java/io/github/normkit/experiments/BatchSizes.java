package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What small batches cost, by normalization. */
final class BatchSizes implements Experiment {

  private static final List<Integer> SIZES = List.of(2, 4, 8, 16, 32, 64, 128);
  private static final int SMALLEST = 2;
  private static final int USUAL = 32;

  private static final int SEEDS = 3;
  private static final int EPOCHS = 2;
  private static final float RATE_OF_USUAL = 0.05f;

  private static final String NONE = "none";
  private static final String EVERYWHERE = "BatchNorm";
  private static final String CONVOLUTIONS = "BatchNorm, conv. alone";
  private static final String GROUP_NORM = "GroupNorm";
  private static final String LAYER_NORM = "LayerNorm";

  private static final Map<String, Norms> NORMS = new LinkedHashMap<>();

  static {
    NORMS.put(NONE, Variant.NONE);
    NORMS.put(EVERYWHERE, Variant.BATCH_NORM);
    NORMS.put(CONVOLUTIONS, new ConvolutionsAlone());
    NORMS.put(GROUP_NORM, Variant.GROUP_NORM);
    NORMS.put(LAYER_NORM, Variant.LAYER_NORM);
  }

  /** BatchNorm where each image brings many values of a channel, not behind the dense layer. */
  private static final class ConvolutionsAlone implements Norms {

    @Override
    public Optional<NormLayer> forImages(int channels, int height, int width) {
      return Optional.of(new BatchNorm(channels));
    }

    @Override
    public Optional<NormLayer> forFeatures(int features) {
      return Optional.empty();
    }
  }

  private record Setting(String norms, int batch) {

    double accuracy(int seed, DigitsData data) {
      Random random = new Random(seed);
      Sequential network = Training.network(NORMS.get(norms), random);
      float rate = RATE_OF_USUAL * batch / USUAL;
      new Fit(batch, EPOCHS, rate).run(network, data, random);
      return 100 * data.accuracy(network::infer);
    }
  }

  @Override
  public String name() {
    return "batch-size";
  }

  @Override
  public String claim() {
    return "In small batches BatchNorm loses accuracy; GroupNorm and LayerNorm do not.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Setting> settings = new ArrayList<>();
    for (String norms : NORMS.keySet()) {
      SIZES.forEach(size -> settings.add(new Setting(norms, size)));
    }
    return findings(
        SideBySide.bySetting(
            settings, SEEDS, (setting, seed) -> setting.accuracy(seed, data), progress));
  }

  private static Findings findings(Map<Setting, List<Double>> accuracies) {
    AccuracyChange everywhere = change(accuracies, EVERYWHERE);
    AccuracyChange convolutions = change(accuracies, CONVOLUTIONS);
    AccuracyChange groupNorm = change(accuracies, GROUP_NORM);
    AccuracyChange layerNorm = change(accuracies, LAYER_NORM);
    return new Findings()
        .verdict(
            everywhere.isWorse(),
            "BatchNorm is worse with batches of %d than with %d: the accuracy changes by %s.",
            SMALLEST,
            USUAL,
            everywhere)
        .verdict(
            convolutions.isWorse(),
            "BatchNorm behind the convolutions alone is worse, too: %s.",
            convolutions)
        .verdict(groupNorm.isNotWorse(), "GroupNorm is not worse: %s.", groupNorm)
        .verdict(layerNorm.isNotWorse(), "LayerNorm is not worse: %s.", layerNorm)
        .figure(
            "batch-size",
            "Test accuracy by size of the batches, for each normalization",
            chart(accuracies).toSvg())
        .table(table(accuracies));
  }

  private static AccuracyChange change(Map<Setting, List<Double>> accuracies, String norms) {
    return AccuracyChange.between(
        accuracies.get(new Setting(norms, USUAL)), accuracies.get(new Setting(norms, SMALLEST)));
  }

  private static Table table(Map<Setting, List<Double>> accuracies) {
    List<String> head = new ArrayList<>(List.of("test accuracy\nwith batches of"));
    NORMS.keySet().forEach(norms -> head.add(norms.replace(", ", ",\n")));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (int size : SIZES) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(size)));
      for (String norms : NORMS.keySet()) {
        row.add(Spread.of(accuracies.get(new Setting(norms, size))).text("%.1f"));
      }
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private static Chart chart(Map<Setting, List<Double>> accuracies) {
    List<Series> series = new ArrayList<>();
    for (String norms : NORMS.keySet()) {
      List<Point> points = new ArrayList<>();
      for (int size : SIZES) {
        points.add(Spread.of(accuracies.get(new Setting(norms, size))).point(size));
      }
      series.add(new Series(norms, points));
    }
    return new Chart(
        "Test accuracy by size of the batches",
        "After %d epochs: the median of %d seeds, and their range. The learning rate is"
                .formatted(EPOCHS, SEEDS)
            + "\nproportional to the batch.",
        "images in a batch",
        Scale.BINARY,
        "test accuracy in %",
        Scale.LINEAR,
        series);
  }
}
