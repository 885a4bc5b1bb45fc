package io.github.normkit.experiments;

import io.github.normkit.Tensor;
import io.github.normkit.experiments.ImageMoments.Noise;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** How much the mean and the variance of a batch differ from batch to batch, by its size. */
final class StatisticsNoise implements Experiment {

  private static final List<Integer> SIZES = List.of(2, 4, 8, 16, 32, 64, 128);
  private static final int SEEDS = 5;
  private static final int EPOCHS = 20;

  /** From so many images on, a batch is large. */
  private static final int LARGE = 16;

  private static final double CLAIMED = -0.5;
  private static final double NEAR = 0.05;

  /** Where in the network: behind a layer, given by its index. */
  private enum Place {
    CONVOLUTION("third convolution", 4),
    DENSE("dense layer", 6);

    private final String label;
    private final int layer;

    Place(String label, int layer) {
      this.label = label;
      this.layer = layer;
    }
  }

  /** What is measured: a statistic at a place. */
  private record Measure(Place place, String statistic, ToDoubleFunction<Noise> value) {

    String label() {
      return statistic + ", " + place.label;
    }
  }

  private static final List<Measure> MEASURES =
      List.of(
          new Measure(Place.DENSE, "variance", Noise::ofVariance),
          new Measure(Place.DENSE, "mean", Noise::ofMean),
          new Measure(Place.CONVOLUTION, "variance", Noise::ofVariance),
          new Measure(Place.CONVOLUTION, "mean", Noise::ofMean));

  @Override
  public String name() {
    return "batch-noise";
  }

  @Override
  public String claim() {
    return "The noise of the batch statistics falls as 1/√n with the number n of images.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    Map<Place, List<List<Noise>>> noise =
        SideBySide.bySetting(
            List.of(Place.values()), SEEDS, (place, seed) -> noise(place, seed, data), progress);
    Map<Measure, List<List<Double>>> values = new LinkedHashMap<>();
    for (Measure measure : MEASURES) {
      values.put(
          measure,
          noise.get(measure.place).stream()
              .map(sizes -> sizes.stream().map(n -> measure.value.applyAsDouble(n)).toList())
              .toList());
    }
    return findings(values);
  }

  /** Returns the noise at a place of an untrained network, for each size. */
  private static List<Noise> noise(Place place, int seed, DigitsData data) {
    Random random = new Random(seed);
    List<Layer> layers = Training.network(Variant.NONE, random).layers();
    Sequential before = new Sequential(layers.subList(0, place.layer + 1));
    Tensor output = before.infer(data.images(data.trainingRows()));
    ImageMoments moments = new ImageMoments(output);
    return SIZES.stream().map(size -> moments.noise(size, EPOCHS, random)).toList();
  }

  /**
   * @param values of each measure: of each seed, for each size
   */
  private static Findings findings(Map<Measure, List<List<Double>>> values) {
    Findings findings = new Findings();
    values.forEach(
        (measure, bySeed) -> {
          List<Double> exponents = exponents(bySeed, SIZES.get(0));
          findings.verdict(
              exponents.stream().map(e -> Math.abs(e - CLAIMED) <= NEAR).toList(),
              "the %s behind the %s: the exponent of n is %s, and from %d images on %s.",
              measure.statistic,
              measure.place.label,
              Spread.of(exponents).text("%.3f"),
              LARGE,
              Spread.of(exponents(bySeed, LARGE)).text("%.3f"));
        });
    return findings
        .figure(
            "batch-noise",
            "Noise of the mean and the variance of a batch, by its size, beside 1/√n",
            chart(values).toSvg())
        .table(table(values));
  }

  /** Returns, for each seed, the exponent of n that fits the noise of batches from a size on. */
  private static List<Double> exponents(List<List<Double>> bySeed, int from) {
    int first = SIZES.indexOf(from);
    List<Integer> sizes = SIZES.subList(first, SIZES.size());
    return bySeed.stream()
        .map(noise -> Vectors.exponent(sizes, noise.subList(first, noise.size())))
        .toList();
  }

  private static Table table(Map<Measure, List<List<Double>>> values) {
    List<String> head = new ArrayList<>(List.of("noise with\nbatches of"));
    values.keySet().forEach(measure -> head.add(measure.label().replace(", ", ",\n")));
    head.add("1/√n");
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (int size : SIZES) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(size)));
      values.values().forEach(bySeed -> row.add(spread(bySeed, size).text("%.3f")));
      row.add(String.format(Locale.ROOT, "%.3f", claimed(size)));
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  private static Spread spread(List<List<Double>> bySeed, int size) {
    int i = SIZES.indexOf(size);
    return Spread.of(bySeed.stream().map(sizes -> sizes.get(i)).toList());
  }

  private static double claimed(int size) {
    return 1 / Math.sqrt(size);
  }

  private static Chart chart(Map<Measure, List<List<Double>>> values) {
    List<Series> series = new ArrayList<>();
    series.add(new Series("1/√n", SIZES.stream().map(n -> new Point(n, claimed(n))).toList()));
    values.forEach(
        (measure, bySeed) ->
            series.add(
                new Series(
                    measure.label(),
                    SIZES.stream().map(n -> spread(bySeed, n).point(n)).toList())));
    return new Chart(
        "Noise of the batch statistics",
        "Standard deviation over the batches, in deviations (mean) and variances (variance) of all"
            + " images:\nthe median of %d untrained networks, and their range.".formatted(SEEDS),
        "images in a batch",
        Scale.BINARY,
        "noise",
        Scale.LOGARITHMIC,
        series);
  }
}
