package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** One sample among others, in training mode and in evaluation mode. */
final class EvalMode implements Experiment {

  private static final int BATCH = 32;
  private static final float SAMPLE = 7;

  @Override
  public String name() {
    return "eval-mode";
  }

  @Override
  public String claim() {
    return "In training mode the answer for a sample depends on the batch it comes in, and each"
        + " batch that is tested moves the running statistics.";
  }

  @Override
  public Findings run(Progress progress) {
    Random random = new Random(1);
    BatchNorm norm = new BatchNorm(1);
    for (int step = 0; step < 500; step++) {
      norm.forward(Samples.normal(random, 5, 2, BATCH, 1));
    }
    Tensor fives = Samples.normal(random, 5, 2, BATCH, 1);
    Tensor eights = Samples.normal(random, 8, 2, BATCH, 1);
    fives.set(SAMPLE, 0, 0);
    eights.set(SAMPLE, 0, 0);

    Table table =
        new Table(4)
            .row(
                "mode",
                "in a batch\nof mean 5",
                "in a batch\nof mean 8",
                "running mean\nafterwards");
    for (boolean training : new boolean[] {false, true}) {
      if (training) {
        norm.train();
      } else {
        norm.eval();
      }
      float amongFives = norm.forward(fives).get(0, 0);
      float amongEights = norm.forward(eights).get(0, 0);
      for (int batch = 1; batch < 20; batch++) {
        norm.forward(eights);
      }
      table.row(
          Texts.row(
              "%s %.2f %.2f %.2f",
              training ? "training" : "evaluation",
              amongFives,
              amongEights,
              norm.state().get("running_mean").get(0)));
    }
    return new Findings()
        .note("Output for x = %.0f, trained on mean 5 and deviation 2:", SAMPLE)
        .table(table);
  }
}
