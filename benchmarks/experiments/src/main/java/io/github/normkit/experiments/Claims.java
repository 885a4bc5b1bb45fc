package io.github.normkit.experiments;

import java.util.List;

/** Runs the experiments behind {@code docs/experiments.md}. */
public final class Claims {

  static final ExperimentProgram PROGRAM =
      new ExperimentProgram(
          "claims",
          "what is said about normalization, tried on 8x8 digits",
          List.of(
              new LearningRates(),
              new BatchSizes(),
              new StatisticsNoise(),
              new Smoothness(),
              new Depth(),
              new ScaleInvariance(),
              new WeightDecay(),
              new Restoring(),
              new RedundantBias(),
              new RowCost(),
              new LayerAgainstRms(),
              new Outliers(),
              new TrainEvalGap(),
              new WrongMode()));

  private Claims() {}

  /**
   * Runs the program and exits with its code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(PROGRAM.run(args, System.out, System.err));
  }
}
