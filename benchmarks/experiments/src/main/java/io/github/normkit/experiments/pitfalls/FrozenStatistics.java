package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** Statistics of one distribution, kept or lost while the network is tuned on another. */
final class FrozenStatistics implements Experiment {

  private static final int BATCH = 256;
  private static final int STEPS = 20;

  @Override
  public String name() {
    return "frozen-statistics";
  }

  @Override
  public String claim() {
    return "Statistics that were frozen by eval() thaw at the next train(); those that stay frozen no"
        + " longer fit new data.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(4)
            .row("", "running mean\nafter", "mean of\nthe output", "deviation of\nthe output");
    for (boolean frozen : new boolean[] {false, true}) {
      BatchNorm norm = BatchNorm.builder(1).frozen(frozen).build();
      norm.loadState(pretrained().state());
      norm.eval();
      norm.train();
      Random random = new Random(2);
      double mean = 0;
      double deviation = 0;
      for (int step = 0; step < STEPS; step++) {
        float[] y = norm.forward(Samples.normal(random, 20, 6, BATCH, 1)).array();
        mean += Samples.mean(y) / STEPS;
        deviation += Samples.deviation(y) / STEPS;
      }
      float running = norm.state().get("running_mean").get(0);
      table.row(
          frozen ? "`frozen(true)`, then `train()`" : "`eval()`, then `train()`",
          Texts.list("%.2f", running),
          Texts.list("%.2f", (float) mean),
          Texts.list("%.2f", (float) deviation));
    }
    return new Findings()
        .note(
            "Trained on mean 5 and deviation 2, then %d batches of mean 20 and deviation 6:", STEPS)
        .table(table);
  }

  private static BatchNorm pretrained() {
    Random random = new Random(1);
    BatchNorm norm = new BatchNorm(1);
    for (int step = 0; step < 200; step++) {
      norm.forward(Samples.normal(random, 5, 2, BATCH, 1));
    }
    return norm;
  }
}
