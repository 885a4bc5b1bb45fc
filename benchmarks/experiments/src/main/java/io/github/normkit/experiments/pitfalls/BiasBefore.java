package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** A bias that is added before BatchNorm. */
final class BiasBefore implements Experiment {

  private static final int BATCH = 64;

  @Override
  public String name() {
    return "bias-before";
  }

  @Override
  public String claim() {
    return "A bias before BatchNorm changes no output in training and gets no gradient; all it does is"
        + " to move the running mean.";
  }

  @Override
  public Findings run(Progress progress) {
    Random random = new Random(1);
    Tensor x = Samples.normal(random, 0, 1, BATCH, 1);
    Tensor dy = Samples.normal(random, 0, 1, BATCH, 1);
    float[] expected = new BatchNorm(1).forward(x).array();

    Table table =
        new Table(5)
            .row(
                "bias",
                "largest change\nof the output",
                "gradient of the\nbias, training",
                "in evaluation",
                "running\nmean");
    for (float bias : new float[] {0, 1, 10, 100}) {
      // Takes in all of the batch, so that evaluation is by its statistics.
      BatchNorm norm = BatchNorm.builder(1).momentum(1).build();
      Tensor shifted = plus(x, bias);
      float change = Samples.largestDifference(norm.forward(shifted).array(), expected);
      double inTraining = sum(norm.backward(dy));
      norm.eval();
      norm.forward(shifted);
      double inEvaluation = sum(norm.backward(dy));
      table.row(
          Texts.row(
              "%.0f %.4f %.4f %.4f %.4f",
              bias,
              change,
              Math.abs(inTraining),
              inEvaluation,
              norm.state().get("running_mean").get(0)));
    }
    return new Findings().table(table);
  }

  private static Tensor plus(Tensor x, float bias) {
    Tensor sum = Tensor.zeros(x.shape());
    for (int i = 0; i < sum.array().length; i++) {
      sum.array()[i] = x.array()[i] + bias;
    }
    return sum;
  }

  private static double sum(Tensor dx) {
    double sum = 0;
    for (float value : dx.array()) {
      sum += value;
    }
    return sum;
  }
}
