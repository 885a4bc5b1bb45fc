package io.github.normkit.experiments;

import io.github.normkit.Tensor;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A small transformer with LayerNorm and with RMSNorm, and what a bright pixel does to it. */
final class LayerAgainstRms implements Experiment {

  private static final int SEEDS = 5;
  private static final int BATCH = 16;
  private static final int EPOCHS = 4;
  private static final float RATE = 0.05f;

  private static final List<Variant> VARIANTS = List.of(Variant.LAYER_NORM, Variant.RMS_NORM);

  /** How bright one pixel of each test image becomes, in the brightest of the others. */
  private static final List<Integer> BRIGHTNESS = List.of(1, 4, 16, 64);

  /** Percentage points: four of the test images. */
  private static final double EQUAL = 1.2;

  /**
   * What came out.
   *
   * @param accuracy in percent of the test images
   * @param bright the same by the brightness of one pixel
   */
  private record Run(double loss, double accuracy, List<Double> bright) {}

  @Override
  public String name() {
    return "layer-rms";
  }

  @Override
  public String claim() {
    return "A transformer is as accurate with RMSNorm as with LayerNorm.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    return findings(
        SideBySide.bySetting(
            VARIANTS, SEEDS, (variant, seed) -> train(variant, seed, data), progress));
  }

  private static Run train(Variant variant, int seed, DigitsData data) {
    Random random = new Random(seed);
    Sequential network = TokenModel.network(variant, random);
    List<Double> losses = new Fit(BATCH, EPOCHS, RATE).run(network, data, random);
    List<Double> bright =
        BRIGHTNESS.stream()
            .map(
                brightness ->
                    100 * data.accuracy(x -> network.infer(withBrightPixel(x, brightness, seed))))
            .toList();
    return new Run(losses.get(losses.size() - 1), 100 * data.accuracy(network::infer), bright);
  }

  private static Tensor withBrightPixel(Tensor images, int brightness, int seed) {
    Random random = new Random(seed);
    int pixels = DigitsData.SIDE * DigitsData.SIDE;
    for (int i = 0; i < images.shape().dim(0); i++) {
      images.array()[i * pixels + random.nextInt(pixels)] = brightness;
    }
    return images;
  }

  private static Findings findings(Map<Variant, List<Run>> runs) {
    List<Run> layer = runs.get(Variant.LAYER_NORM);
    List<Run> rms = runs.get(Variant.RMS_NORM);
    List<Double> better = new ArrayList<>();
    List<Double> sturdier = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      better.add(rms.get(i).accuracy - layer.get(i).accuracy);
      sturdier.add(fall(layer.get(i)) - fall(rms.get(i)));
    }
    return new Findings()
        .verdict(
            better.stream().map(points -> Math.abs(points) <= EQUAL).toList(),
            "RMSNorm's accuracy is LayerNorm's but for %s points. It is %s %% with RMSNorm and %s %%"
                + " with LayerNorm; by seed the difference is %s points.",
            EQUAL,
            Spread.of(rms.stream().map(Run::accuracy).toList()).text("%.1f"),
            Spread.of(layer.stream().map(Run::accuracy).toList()).text("%.1f"),
            Spread.of(better).text("%+.1f"))
        .verdict(
            sturdier.stream().map(points -> points < 0).toList(),
            "a bright pixel costs more accuracy with RMSNorm, in the mean of all brightnesses."
                + " It costs %s points, and %s with LayerNorm.",
            Spread.of(rms.stream().map(LayerAgainstRms::fall).toList()).text("%.1f"),
            Spread.of(layer.stream().map(LayerAgainstRms::fall).toList()).text("%.1f"))
        .figure(
            "layer-rms",
            "Test accuracy by the brightness of one pixel, with LayerNorm and with RMSNorm",
            chart(runs).toSvg())
        .table(table(runs));
  }

  /** Returns how many points the accuracy falls, in the mean of all brightnesses. */
  private static double fall(Run run) {
    return run.accuracy - run.bright.stream().mapToDouble(a -> a).sum() / run.bright.size();
  }

  private static Table table(Map<Variant, List<Run>> runs) {
    Table table = new Table(3).row("", "LayerNorm", "RMSNorm");
    List<String> losses = new ArrayList<>(List.of("training loss of the last epoch"));
    List<String> accuracies = new ArrayList<>(List.of("test accuracy, %"));
    runs.values()
        .forEach(
            bySeed -> {
              losses.add(Spread.of(bySeed.stream().map(Run::loss).toList()).text("%.3f"));
              accuracies.add(Spread.of(bySeed.stream().map(Run::accuracy).toList()).text("%.1f"));
            });
    table.row(losses.toArray(String[]::new)).row(accuracies.toArray(String[]::new));
    for (int b = 0; b < BRIGHTNESS.size(); b++) {
      List<String> cells = new ArrayList<>(List.of("with a pixel of " + BRIGHTNESS.get(b)));
      for (Variant variant : VARIANTS) {
        cells.add(bright(runs.get(variant), b).text("%.1f"));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static Spread bright(List<Run> runs, int brightness) {
    return Spread.of(runs.stream().map(run -> run.bright.get(brightness)).toList());
  }

  private static Chart chart(Map<Variant, List<Run>> runs) {
    List<Series> series = new ArrayList<>();
    runs.forEach(
        (variant, bySeed) ->
            series.add(
                new Series(
                    variant.label(),
                    IntStream.range(0, BRIGHTNESS.size())
                        .mapToObj(b -> bright(bySeed, b).point(BRIGHTNESS.get(b)))
                        .toList())));
    return new Chart(
        "Test accuracy of a small transformer, by the brightness of one pixel",
        "One pixel of each test image, at random, in units of the brightest of all images:\n"
            + "median of %d seeds, and their range.".formatted(SEEDS),
        "brightness of the pixel",
        Scale.BINARY,
        "test accuracy in percent",
        Scale.LINEAR,
        series);
  }
}
