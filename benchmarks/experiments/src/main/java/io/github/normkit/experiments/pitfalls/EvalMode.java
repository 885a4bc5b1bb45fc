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
    Tensor usual = Samples.normal(random, 5, 2, BATCH, 1);
    Tensor bright = Samples.normal(random, 8, 2, BATCH, 1);
    usual.set(SAMPLE, 0, 0);
    bright.set(SAMPLE, 0, 0);

    Table table = new Table(4).row("mode", "among usual", "among bright", "running mean after");
    for (boolean training : new boolean[] {false, true}) {
      if (training) {
        norm.train();
      } else {
        norm.eval();
      }
      float amongUsual = norm.forward(usual).get(0, 0);
      float amongBright = norm.forward(bright).get(0, 0);
      for (int batch = 1; batch < 20; batch++) {
        norm.forward(bright);
      }
      table.row(
          training ? "training" : "evaluation",
          "%.2f".formatted(amongUsual),
          "%.2f".formatted(amongBright),
          "%.2f".formatted(norm.state().get("running_mean").get(0)));
    }
    return new Findings()
        .note("Output for x = %.0f, trained on mean 5 and deviation 2:", SAMPLE)
        .table(table);
  }
}
