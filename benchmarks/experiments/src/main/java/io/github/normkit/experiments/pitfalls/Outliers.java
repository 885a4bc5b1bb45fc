package io.github.normkit.experiments.pitfalls;

import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Random;

/** Rows with one large element, or with a mean, through LayerNorm and RMSNorm. */
final class Outliers implements Experiment {

  private static final int FEATURES = 512;

  @Override
  public String name() {
    return "outliers";
  }

  @Override
  public String claim() {
    return "One large element shrinks all others, with LayerNorm as with RMSNorm; LayerNorm moves them"
        + " to one side too. A mean of the row is nothing to LayerNorm, and shrinks all with RMSNorm.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(5).row("row", "`LayerNorm`:\nmean", "deviation", "`RMSNorm`:\nmean", "deviation");
    table.row(row("normal, mean 0, deviation 1", 0, 0));
    for (int outlier : new int[] {10, 100, 1000}) {
      table.row(row("and one element of " + outlier, 0, outlier));
    }
    for (int mean : new int[] {1, 10}) {
      table.row(row("normal, mean %d, deviation 1".formatted(mean), mean, 0));
    }
    return new Findings()
        .note("Rows of %d elements; of the outputs, the outlier's own left out:", FEATURES)
        .table(table);
  }

  private static String[] row(String label, double mean, float outlier) {
    Tensor x = Samples.normal(new Random(1), mean, 1, 1, FEATURES);
    if (outlier != 0) {
      x.set(outlier, 0, 0);
    }
    float[] layer = others(new LayerNorm(FEATURES), x);
    float[] rms = others(new RMSNorm(FEATURES), x);
    return new String[] {
      label,
      Texts.list("%.3f", (float) Samples.mean(layer)),
      Texts.list("%.3f", (float) Samples.deviation(layer)),
      Texts.list("%.3f", (float) Samples.mean(rms)),
      Texts.list("%.3f", (float) Samples.deviation(rms))
    };
  }

  /** All outputs but the first. */
  private static float[] others(NormLayer layer, Tensor x) {
    return layer.infer(x).reshape(Shape.of(FEATURES)).slice(1, FEATURES).toArray();
  }
}
