package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.report.DotChart;
import io.github.normkit.report.DotChart.Row;
import io.github.normkit.report.DotChart.Section;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whether weight and bias can undo the normalization. */
final class Restoring implements Experiment {

  private static final int SEEDS = 5;
  private static final int ROWS = 64;
  private static final int FEATURES = 16;

  /** Two units in the last place of a float. */
  private static final double EXACT = 2.4e-7;

  /** The layer, and what its weight is. */
  private enum Case {
    TRAINING("BatchNorm, γ = √(σ² + ε)"),
    DEVIATION("BatchNorm, γ = σ"),
    EVALUATION("BatchNorm, evaluation, γ = √(σ² + ε) of the running σ²"),
    LAYER_NORM("LayerNorm, γ = √(σ² + ε) of the features");

    private final String label;

    Case(String label) {
      this.label = label;
    }
  }

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public String claim() {
    return "With γ = σ and β = μ BatchNorm gives back its input.";
  }

  @Override
  public Findings run(Progress progress) {
    Map<Case, List<Double>> errors =
        SideBySide.bySetting(List.of(Case.values()), SEEDS, Restoring::error, progress);
    Findings findings = new Findings();
    Table table = new Table(2).row("", "largest error, in the largest input");
    errors.forEach(
        (of, bySeed) -> {
          findings.verdict(
              bySeed.stream().map(error -> error <= EXACT).toList(),
              "%s: the output is the input to within %.1e of the largest element, two roundings"
                  + " of a float. It is off by %s.",
              of.label,
              EXACT,
              Spread.of(bySeed).text("%.1e"));
          table.row(of.label, Spread.of(bySeed).text("%.1e"));
        });
    return findings
        .figure(
            "identity",
            "Largest error of a restored input, by what the weight is",
            chart(errors).toSvg())
        .table(table);
  }

  private static DotChart chart(Map<Case, List<Double>> errors) {
    List<Row> rows = new ArrayList<>();
    errors.forEach(
        (of, bySeed) -> {
          Spread spread = Spread.of(bySeed);
          rows.add(new Row(of.label, List.of(spread.median(), spread.min(), spread.max())));
        });
    return new DotChart(
        "How well weight and bias restore the input",
        "Largest error of the output, in the largest input: %d seeds.".formatted(SEEDS),
        "error",
        EXACT,
        "two roundings of a float",
        List.of("median", "smallest", "largest"),
        List.of(new Section("Layer, and what its weight is", rows)));
  }

  /** Returns the largest error of the output, in the largest element of the input. */
  private static double error(Case of, int seed) {
    Random random = new Random(seed);
    Tensor x = Tensor.zeros(Shape.of(ROWS, FEATURES));
    for (int c = 0; c < FEATURES; c++) {
      double mean = random.nextGaussian();
      double deviation = 0.5 + random.nextDouble();
      for (int i = 0; i < ROWS; i++) {
        x.set((float) (mean + deviation * random.nextGaussian()), i, c);
      }
    }
    BatchNorm.Builder builder = BatchNorm.builder(FEATURES).momentum(1).unbiasedVariance(false);
    NormLayer layer = of == Case.LAYER_NORM ? new LayerNorm(FEATURES) : builder.build();
    undo(layer, x, of == Case.DEVIATION ? 0 : 1e-5);
    Tensor y = layer.forward(x);
    if (of == Case.EVALUATION) {
      y = layer.infer(x);
    }
    double largest = 0;
    double error = 0;
    for (int i = 0; i < x.shape().size(); i++) {
      largest = Math.max(largest, Math.abs(x.array()[i]));
      error = Math.max(error, Math.abs(y.array()[i] - x.array()[i]));
    }
    return error / largest;
  }

  /** Sets the weight to the deviations of the features and the bias to their means. */
  private static void undo(NormLayer layer, Tensor x, double epsilon) {
    Parameter weight = layer.parameters().get(0);
    Parameter bias = layer.parameters().get(1);
    for (int c = 0; c < FEATURES; c++) {
      double mean = 0;
      for (int i = 0; i < ROWS; i++) {
        mean += (double) x.get(i, c) / ROWS;
      }
      double variance = 0;
      for (int i = 0; i < ROWS; i++) {
        double d = x.get(i, c) - mean;
        variance += d * d / ROWS;
      }
      weight.value().set((float) Math.sqrt(variance + epsilon), c);
      bias.value().set((float) mean, c);
    }
  }
}
