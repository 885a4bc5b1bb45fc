package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;

/** Batches of one, two and more values for a channel. */
final class BatchOfOne implements Experiment {

  private static final float[][] BATCHES = {{0, 1}, {0, 100}, {0, 1, 2, 100}};

  @Override
  public String name() {
    return "batch-of-one";
  }

  @Override
  public String claim() {
    return "Of a batch of two values BatchNorm only tells which is the larger, and of a batch of one"
        + " nothing.";
  }

  @Override
  public Findings run(Progress progress) {
    BatchNorm norm = new BatchNorm(1);
    Table table = new Table(3).row("values", "output", "gradient, of dy = 1 for the first");
    for (float[] batch : BATCHES) {
      Tensor x = Tensor.of(Shape.of(batch.length, 1), batch);
      Tensor dy = Tensor.zeros(x.shape());
      dy.set(1, 0, 0);
      String output = Texts.list("%.4f", norm.forward(x).toArray());
      table.row(Texts.list("%.0f", batch), output, Texts.list("%.4f", norm.backward(dy).toArray()));
    }
    return new Findings().table(table).note("A batch of one: `%s`", refusal(norm));
  }

  private static String refusal(BatchNorm norm) {
    try {
      return norm.forward(Tensor.ones(Shape.of(1, 1))).toString();
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
