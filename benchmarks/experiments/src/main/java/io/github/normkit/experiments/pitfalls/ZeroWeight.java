package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** A branch of BatchNorm, ReLU and BatchNorm whose weights begin at 0 or at 1. */
final class ZeroWeight implements Experiment {

  private static final int BATCH = 256;
  private static final int STEPS = 300;
  private static final float RATE = 0.1f;

  /** What one pass through the block has given. */
  private record Pass(double loss, Tensor dy, Tensor dx) {}

  @Override
  public String name() {
    return "zero-weight";
  }

  @Override
  public String claim() {
    return "One weight of a branch may begin at 0, if there is a path beside the branch; two, and"
        + " neither ever gets a gradient.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(6)
            .row(
                "weights at the start",
                "path\nbeside",
                "gradient of\nthe first",
                "of the\nsecond",
                "of the\ninput",
                "loss after\n%d steps".formatted(STEPS));
    table.row(row(1, 1, true));
    table.row(row(1, 0, true));
    table.row(row(0, 0, true));
    table.row(row(1, 0, false));
    return new Findings()
        .table(table)
        .note(
            "The gradient of the input is in parts of that of the output. The branch has to learn max(x, 0).");
  }

  private static String[] row(float firstWeight, float secondWeight, boolean skip) {
    BatchNorm first = new BatchNorm(1);
    BatchNorm second = new BatchNorm(1);
    first.parameters().get(0).value().set(firstWeight, 0);
    second.parameters().get(0).value().set(secondWeight, 0);
    // With a bias of 0 the first weight would scale all that the second layer sees, so do nothing.
    first.parameters().get(1).value().set(0.5f, 0);
    Random random = new Random(1);
    Pass start = pass(first, second, skip, random);
    float firstGradient = gradient(first);
    float secondGradient = gradient(second);
    double share = Samples.deviation(start.dx().array()) / Samples.deviation(start.dy().array());
    double loss = start.loss();
    for (int step = 1; step <= STEPS; step++) {
      descend(first);
      descend(second);
      loss = pass(first, second, skip, random).loss();
    }
    String label = "%.0f and %.0f".formatted(firstWeight, secondWeight);
    String[] cells =
        Texts.row(
            "- %s %.3f %.3f %.3f %.4f",
            skip ? "yes" : "no", firstGradient, secondGradient, share, loss);
    cells[0] = label;
    return cells;
  }

  /** Half the mean square of y - target, where y is the branch, and x if there is a path beside. */
  private static Pass pass(BatchNorm first, BatchNorm second, boolean skip, Random random) {
    Tensor x = Samples.normal(random, 0, 1, BATCH, 1);
    Tensor hidden = first.forward(x);
    Tensor active = Tensor.zeros(x.shape());
    for (int i = 0; i < BATCH; i++) {
      active.array()[i] = Math.max(hidden.array()[i], 0);
    }
    Tensor branch = second.forward(active);
    Tensor dy = Tensor.zeros(x.shape());
    double loss = 0;
    for (int i = 0; i < BATCH; i++) {
      // The path beside the branch is in the target as well, so that it makes no difference here.
      float error = branch.array()[i] - Math.max(x.array()[i], 0);
      loss += (double) error * error / 2 / BATCH;
      dy.array()[i] = error / BATCH;
    }
    first.zeroGrad();
    second.zeroGrad();
    Tensor dHidden = second.backward(dy);
    for (int i = 0; i < BATCH; i++) {
      dHidden.array()[i] = active.array()[i] > 0 ? dHidden.array()[i] : 0;
    }
    Tensor dx = first.backward(dHidden);
    for (int i = 0; skip && i < BATCH; i++) {
      dx.array()[i] += dy.array()[i];
    }
    return new Pass(loss, dy, dx);
  }

  private static float gradient(BatchNorm norm) {
    return norm.parameters().get(0).gradient().get(0);
  }

  private static void descend(BatchNorm norm) {
    for (Parameter parameter : norm.parameters()) {
      float step = RATE * parameter.gradient().get(0);
      parameter.value().set(parameter.value().get(0) - step, 0);
    }
  }
}
