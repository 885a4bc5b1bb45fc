package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Whether the bias of a convolution is of use before a normalizer. */
final class RedundantBias implements Experiment {

  private static final int SEEDS = 3;
  private static final int BATCH = 32;
  private static final int STEPS = 45;
  private static final float RATE = 0.1f;

  /** A gradient that is this small beside the weight's is that of rounding. */
  private static final double ROUNDING = 1e-5;

  /**
   * A run.
   *
   * @param ratios the norm of the bias's gradient in that of the weight's, of each step
   * @param moved how far the bias has come from 0
   */
  private record Run(List<Double> ratios, double moved) {}

  @Override
  public String name() {
    return "bias";
  }

  @Override
  public String claim() {
    return "A bias before BatchNorm is redundant: its gradient is 0.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    return findings(
        SideBySide.bySetting(
            Arrays.asList(Variant.values()),
            SEEDS,
            (variant, seed) -> train(variant, seed, data),
            progress));
  }

  private static Run train(Variant variant, int seed, DigitsData data) {
    Random random = new Random(seed);
    Sequential network = Training.network(variant, random);
    Parameter weight = network.parameters().get(0);
    Parameter bias = network.parameters().get(1);
    Sgd sgd = new Sgd(network.parameters(), 0);
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    int[] rows = data.trainingRows();
    DigitsData.shuffle(rows, random);
    List<Double> ratios = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int[] batch = Arrays.copyOfRange(rows, step * BATCH, (step + 1) * BATCH);
      network.zeroGrad();
      criterion.loss(network.forward(data.images(batch)), data.labels(batch));
      network.backward(criterion.gradient());
      ratios.add(Vectors.norm(bias.gradient().array()) / Vectors.norm(weight.gradient().array()));
      sgd.step(RATE);
    }
    return new Run(ratios, Vectors.norm(bias.value().array()));
  }

  private static Findings findings(Map<Variant, List<Run>> runs) {
    Findings findings = new Findings();
    Table table =
        new Table(3).row("", "gradient of the bias, in that of the weight", "norm of the bias");
    runs.forEach(
        (variant, bySeed) -> {
          List<Double> ratios = bySeed.stream().map(run -> Spread.of(run.ratios).median()).toList();
          if (variant != Variant.NONE) {
            findings.verdict(
                ratios.stream().map(ratio -> ratio < ROUNDING).toList(),
                "before %s the gradient of the bias is 0 but for rounding. In the median of the"
                    + " steps it is %s of the weight's.",
                variant.label(),
                Spread.of(ratios).text("%.1e"));
          }
          table.row(
              variant.label(),
              Spread.of(ratios).text("%.1e"),
              Spread.of(bySeed.stream().map(Run::moved).toList()).text("%.1e"));
        });
    return findings
        .figure(
            "bias",
            "Gradient of the bias before a normalizer by step, in that of the weight",
            chart(runs).toSvg())
        .table(table);
  }

  private static Chart chart(Map<Variant, List<Run>> runs) {
    List<Series> series = new ArrayList<>();
    runs.forEach(
        (variant, bySeed) ->
            series.add(
                new Series(
                    variant.label(),
                    IntStream.range(0, STEPS)
                        .mapToObj(
                            i ->
                                new Point(
                                    i,
                                    Spread.of(bySeed.stream().map(r -> r.ratios.get(i)).toList())
                                        .median()))
                        .toList())));
    return new Chart(
        "Gradient of the bias before a normalizer",
        "First convolution, in the norm of its weight's gradient: median of %d seeds."
            .formatted(SEEDS),
        "training step",
        Scale.WHOLE,
        "gradient of the bias, in that of the weight",
        Scale.LOGARITHMIC,
        series);
  }
}
