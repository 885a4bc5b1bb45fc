package io.github.normkit.experiments.pitfalls;

import io.github.normkit.LayerNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** Inputs of small deviations, with several ε. */
final class Epsilon implements Experiment {

  private static final int FEATURES = 64;
  private static final double[] EPSILONS = {1e-3, 1e-5, 1e-12, 1e-20};
  private static final double[] DEVIATIONS = {1, 1e-1, 1e-2, 1e-3, 1e-4};

  @Override
  public String name() {
    return "epsilon";
  }

  @Override
  public String claim() {
    return "An ε beside which the variance is small leaves inputs small; one that is smaller than what"
        + " rounding leaves behind makes noise as large as signals.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table = new Table(5).row("deviation of the input", "ε = 1e-3", "1e-5", "1e-12", "1e-20");
    for (double deviation : DEVIATIONS) {
      table.row(
          row(
              Texts.list("%.4f", (float) deviation),
              Samples.normal(new Random(1), 0, deviation, 1, FEATURES)));
    }
    table.row(row("constant 0.1, and roundings of it", nearlyConstant()));
    return new Findings().note("Deviation of the output:").table(table);
  }

  private static String[] row(String label, Tensor x) {
    String[] cells = new String[EPSILONS.length + 1];
    cells[0] = label;
    for (int i = 0; i < EPSILONS.length; i++) {
      LayerNorm norm = LayerNorm.builder(FEATURES).epsilon(EPSILONS[i]).build();
      cells[i + 1] = Texts.list("%.4f", (float) Samples.deviation(norm.infer(x).array()));
    }
    return cells;
  }

  /** The same number, reached by different roundings: 0.1 and the float above it. */
  private static Tensor nearlyConstant() {
    Tensor x = Tensor.full(Shape.of(1, FEATURES), 0.1f);
    for (int i = 0; i < FEATURES; i += 2) {
      x.array()[i] = Math.nextUp(0.1f);
    }
    return x;
  }
}
