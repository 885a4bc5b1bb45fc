package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What it costs to evaluate in training mode, and to train in evaluation mode. */
final class WrongMode implements Experiment {

  private static final int SEEDS = 5;
  private static final int EPOCHS = 2;
  private static final float RATE = 0.1f;
  private static final float HIGH_RATE = 0.8f;

  private static final List<Integer> SIZES = List.of(2, 4, 8, 16, 32, 64, 128);
  private static final int SMALLEST = 2;
  private static final int USUAL = 32;

  /**
   * The accuracies of one seed.
   *
   * @param right trained and evaluated in the right mode
   * @param shuffled evaluated in training mode, for each size of the batches
   * @param sorted the same with the test images sorted by digit
   * @param after evaluated in the right mode, after one evaluation in training mode, sorted
   * @param evalTrained trained in evaluation mode
   * @param rightAtHighRate as right, at the high rate
   * @param evalTrainedAtHighRate as evalTrained, at the high rate
   */
  private record Accuracies(
      double right,
      List<Double> shuffled,
      List<Double> sorted,
      double after,
      double evalTrained,
      double rightAtHighRate,
      double evalTrainedAtHighRate) {

    double ofSize(boolean areSorted, int size) {
      return (areSorted ? sorted : shuffled).get(SIZES.indexOf(size));
    }
  }

  @Override
  public String name() {
    return "wrong-mode";
  }

  @Override
  public String claim() {
    return "BatchNorm in the wrong mode costs accuracy: in training mode at evaluation, and in"
        + " evaluation mode at training.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Integer> seeds = IntStream.rangeClosed(1, SEEDS).boxed().toList();
    return findings(SideBySide.map(seeds, seed -> accuracies(seed, data), progress));
  }

  private static Accuracies accuracies(int seed, DigitsData data) {
    Sequential network = trained(seed, RATE, true, data);
    double right = accuracy(network, data);
    int[] rows = data.testRows();
    int[] sortedRows = data.sortedByDigit(rows);
    accuracyInTrainingMode(network, sortedRows, USUAL, data);
    double after = accuracy(network, data);
    return new Accuracies(
        right,
        SIZES.stream().map(size -> accuracyInTrainingMode(network, rows, size, data)).toList(),
        SIZES.stream()
            .map(size -> accuracyInTrainingMode(network, sortedRows, size, data))
            .toList(),
        after,
        accuracy(trained(seed, RATE, false, data), data),
        accuracy(trained(seed, HIGH_RATE, true, data), data),
        accuracy(trained(seed, HIGH_RATE, false, data), data));
  }

  private static Sequential trained(int seed, float rate, boolean training, DigitsData data) {
    Random random = new Random(seed);
    BatchNorms norms = new BatchNorms(builder -> builder);
    Sequential network = Training.network(norms, random);
    if (!training) {
      norms.made().forEach(BatchNorm::eval);
    }
    new Fit(Training.BATCH, EPOCHS, rate).run(network, data, random);
    return network;
  }

  private static double accuracy(Layer network, DigitsData data) {
    return 100 * data.accuracy(network::infer);
  }

  private static double accuracyInTrainingMode(
      Layer network, int[] rows, int batch, DigitsData data) {
    return 100 * data.accuracy(rows, images -> forward(network, images, batch));
  }

  /** Returns the scores of images that go through in batches, the last of which takes the rest. */
  private static Tensor forward(Layer network, Tensor images, int batch) {
    int n = images.shape().dim(0);
    Tensor scores = Tensor.zeros(Shape.of(n, DigitsData.CLASSES));
    for (int i = 0; i < n / batch; i++) {
      int from = i * batch;
      int to = i + 1 == n / batch ? n : from + batch;
      float[] some = Layer.values(network.forward(images.slice(from, to)));
      System.arraycopy(some, 0, scores.array(), from * DigitsData.CLASSES, some.length);
    }
    return scores;
  }

  private static Findings findings(List<Accuracies> all) {
    AccuracyChange usual = change(all, Accuracies::right, one -> one.ofSize(false, USUAL));
    AccuracyChange smallest = change(all, Accuracies::right, one -> one.ofSize(false, SMALLEST));
    AccuracyChange sorted = change(all, Accuracies::right, one -> one.ofSize(true, USUAL));
    AccuracyChange after = change(all, Accuracies::right, Accuracies::after);
    AccuracyChange training = change(all, Accuracies::right, Accuracies::evalTrained);
    AccuracyChange highRate =
        change(all, Accuracies::rightAtHighRate, Accuracies::evalTrainedAtHighRate);
    return new Findings()
        .verdict(
            usual.isWorse(),
            "evaluation in training mode costs accuracy with batches of %d: %s.",
            USUAL,
            usual)
        .verdict(
            smallest.isWorse(),
            "evaluation in training mode costs accuracy with batches of %d: %s.",
            SMALLEST,
            smallest)
        .verdict(
            sorted.isWorse(),
            "evaluation in training mode costs accuracy with batches of %d images sorted by digit:"
                + " %s.",
            USUAL,
            sorted)
        .verdict(
            after.isWorse(),
            "that last evaluation, which moves the running statistics, costs accuracy in evaluation"
                + " mode afterwards: %s.",
            after)
        .verdict(
            training.isWorse(),
            "training in evaluation mode costs accuracy at rate %s: %s.",
            RATE,
            training)
        .verdict(
            highRate.isWorse(),
            "training in evaluation mode costs accuracy at rate %s: %s.",
            HIGH_RATE,
            highRate)
        .figure(
            "wrong-mode",
            "Test accuracy of an evaluation in training mode, by size of the batches",
            chart(all).toSvg())
        .table(evaluations(all))
        .table(trainings(all))
        .note("A batch of one image is refused in training mode: `%s`.", refusal());
  }

  private static AccuracyChange change(
      List<Accuracies> all, Function<Accuracies, Double> from, Function<Accuracies, Double> to) {
    return AccuracyChange.between(of(all, from), of(all, to));
  }

  private static List<Double> of(List<Accuracies> all, Function<Accuracies, Double> value) {
    return all.stream().map(value).toList();
  }

  private static String percent(List<Double> accuracies) {
    return Spread.of(accuracies).text("%.1f");
  }

  private static Table evaluations(List<Accuracies> all) {
    Table table =
        new Table(3)
            .row("test accuracy, evaluated", "images shuffled", "sorted by digit")
            .row("in evaluation mode", percent(of(all, Accuracies::right)), "the same");
    for (int size : SIZES) {
      table.row(
          "in training mode, batches of " + size,
          percent(of(all, one -> one.ofSize(false, size))),
          percent(of(all, one -> one.ofSize(true, size))));
    }
    return table;
  }

  private static Table trainings(List<Accuracies> all) {
    return new Table(3)
        .row("test accuracy, trained", "at rate " + RATE, "at rate " + HIGH_RATE)
        .row(
            "in training mode",
            percent(of(all, Accuracies::right)),
            percent(of(all, Accuracies::rightAtHighRate)))
        .row(
            "in evaluation mode",
            percent(of(all, Accuracies::evalTrained)),
            percent(of(all, Accuracies::evalTrainedAtHighRate)));
  }

  /** What BatchNorm behind a dense layer says to a single image. */
  private static String refusal() {
    try {
      new BatchNorm(32).forward(Tensor.zeros(Shape.of(1, 32)));
      return "it is not";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static Chart chart(List<Accuracies> all) {
    double right = Spread.of(of(all, Accuracies::right)).median();
    List<Series> series = new ArrayList<>();
    series.add(
        new Series("evaluation mode", SIZES.stream().map(size -> new Point(size, right)).toList()));
    for (boolean sorted : List.of(false, true)) {
      series.add(
          new Series(
              sorted ? "training mode, sorted" : "training mode, shuffled",
              SIZES.stream()
                  .map(size -> Spread.of(of(all, one -> one.ofSize(sorted, size))).point(size))
                  .toList()));
    }
    return new Chart(
        "Test accuracy in the wrong mode",
        "The same trained networks, evaluated in batches of shuffled images, or of images sorted by"
            + " digit.\nThe median of %d seeds, and their range.".formatted(SEEDS),
        "images in a batch",
        Scale.BINARY,
        "test accuracy in %",
        Scale.LINEAR,
        series);
  }
}
