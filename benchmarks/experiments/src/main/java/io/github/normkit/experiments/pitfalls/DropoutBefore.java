package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** Running statistics that are gathered behind a dropout, which evaluation switches off. */
final class DropoutBefore implements Experiment {

  private static final int BATCH = 256;
  private static final double MEAN = 1;
  private static final double DEVIATION = 1;
  private static final double[] RATES = {0, 0.1, 0.3, 0.5, 0.8};

  @Override
  public String name() {
    return "dropout-before";
  }

  @Override
  public String claim() {
    return "Behind a dropout the running variance is larger than that of evaluation, so the outputs"
        + " shrink when the dropout is switched off.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(5)
            .row(
                "dropout p",
                "running\nvariance",
                "(σ² + p μ²) / (1 - p)",
                "deviation of\nthe output, evaluation",
                "with statistics\ngathered anew");
    for (double rate : RATES) {
      Random random = new Random(1);
      BatchNorm norm = BatchNorm.builder(1).cumulativeAverage().build();
      for (int step = 0; step < 500; step++) {
        norm.forward(dropped(sample(random), rate, random));
      }
      float variance = norm.state().get("running_var").get(0);
      BatchNorm renewed = BatchNorm.builder(1).cumulativeAverage().build();
      for (int step = 0; step < 50; step++) {
        renewed.forward(sample(random));
      }
      Tensor test = Samples.normal(random, MEAN, DEVIATION, 10_000, 1);
      table.row(
          Texts.row(
              "%.1f %.3f %.3f %.3f %.3f",
              rate,
              variance,
              (DEVIATION * DEVIATION + rate * MEAN * MEAN) / (1 - rate),
              Samples.deviation(norm.infer(test).array()),
              Samples.deviation(renewed.infer(test).array())));
    }
    return new Findings().table(table);
  }

  private static Tensor sample(Random random) {
    return Samples.normal(random, MEAN, DEVIATION, BATCH, 1);
  }

  /** Sets a share of the elements to 0 and scales the others up, so that the mean stays. */
  private static Tensor dropped(Tensor x, double rate, Random random) {
    for (int i = 0; i < x.array().length; i++) {
      x.array()[i] = random.nextDouble() < rate ? 0 : (float) (x.array()[i] / (1 - rate));
    }
    return x;
  }
}
