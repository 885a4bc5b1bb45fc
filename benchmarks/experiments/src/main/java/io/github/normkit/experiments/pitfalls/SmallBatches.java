package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** The mean and the variance of small batches from one distribution. */
final class SmallBatches implements Experiment {

  private static final int BATCHES = 10_000;
  private static final int[] SIZES = {2, 4, 8, 16, 32, 128};

  @Override
  public String name() {
    return "small-batches";
  }

  @Override
  public String claim() {
    return "The smaller the batch, the further its statistics are from those that evaluation uses:"
        + " its mean strays by σ/√n, its variance is small by a factor of (n - 1)/n.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(7)
            .row(
                "n",
                "deviation of\nthe mean",
                "1/√n",
                "mean of\nthe variance",
                "(n - 1)/n",
                "training against\nevaluation",
                "√(3/(2n))");
    for (int size : SIZES) {
      table.row(row(size));
    }
    return new Findings()
        .table(table)
        .note(
            "%,d batches of each size, of mean 0 and deviation 1. Training against evaluation: the root"
                + " mean square of the\ndifference between the outputs for one sample by the batch and"
                + " by the true mean and deviation.",
            BATCHES);
  }

  private static String[] row(int size) {
    Random random = new Random(size);
    BatchNorm norm = new BatchNorm(1);
    float[] means = new float[BATCHES];
    float[] variances = new float[BATCHES];
    double squares = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      Tensor x = Samples.normal(random, 0, 1, size, 1);
      means[batch] = (float) Samples.mean(x.array());
      variances[batch] = (float) Samples.variance(x.array());
      double difference = norm.forward(x).get(0, 0) - (double) x.get(0, 0);
      squares += difference * difference;
    }
    return Texts.row(
        "%d %.3f %.3f %.3f %.3f %.3f %.3f",
        size,
        Samples.deviation(means),
        1 / Math.sqrt(size),
        Samples.mean(variances),
        (size - 1.0) / size,
        Math.sqrt(squares / BATCHES),
        Math.sqrt(1.5 / size));
  }
}
