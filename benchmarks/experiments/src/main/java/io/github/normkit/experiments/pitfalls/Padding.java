package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.util.Arrays;
import java.util.Random;

/** Tokens of a sequence, filled up with zeros to the length of a longer one. */
final class Padding implements Experiment {

  private static final int TOKENS = 600;
  private static final int FEATURES = 16;
  private static final double MEAN = 5;
  private static final double DEVIATION = 2;

  @Override
  public String name() {
    return "padding";
  }

  @Override
  public String claim() {
    return "Zeros that fill up a sequence count in mean and variance, so what comes out for its"
        + " tokens depends on the length of the longest sequence.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(6)
            .row(
                "share of padding, p",
                "mean of\nthe outputs",
                "p μ / s",
                "deviation of\nthe outputs",
                "σ / s",
                "`LayerNorm`,\nlargest change");
    float[] tokens = Samples.normal(new Random(1), MEAN, DEVIATION, TOKENS, FEATURES).array();
    float[] expected = outputs(new LayerNorm(FEATURES), tokens, TOKENS);
    for (int length : new int[] {TOKENS, TOKENS * 4 / 3, TOKENS * 2, TOKENS * 4}) {
      double share = 1 - (double) TOKENS / length;
      double s = Math.sqrt((1 - share) * (DEVIATION * DEVIATION + share * MEAN * MEAN));
      float[] y = outputs(new BatchNorm(FEATURES), tokens, length);
      float[] ofRows = outputs(new LayerNorm(FEATURES), tokens, length);
      table.row(
          Texts.row(
              "%.2f %.3f %.3f %.3f %.3f %.0f",
              share,
              Samples.mean(y),
              share * MEAN / s,
              Samples.deviation(y),
              DEVIATION / s,
              Samples.largestDifference(ofRows, expected)));
    }
    return new Findings()
        .table(table)
        .note(
            "Tokens of mean 5 and deviation 2; s = √((1 − p)(σ² + p μ²)). The zeros are not among the outputs.");
  }

  /** Normalizes the tokens, filled up to that length, and returns what comes out for the tokens. */
  private static float[] outputs(NormLayer layer, float[] tokens, int length) {
    float[] padded = Arrays.copyOf(tokens, length * FEATURES);
    Tensor y = layer.forward(Tensor.wrap(padded, Shape.of(length, FEATURES)));
    return y.slice(0, TOKENS).toArray();
  }
}
