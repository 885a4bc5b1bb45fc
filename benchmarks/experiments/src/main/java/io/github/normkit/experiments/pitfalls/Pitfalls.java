package io.github.normkit.experiments.pitfalls;

import io.github.normkit.experiments.ExperimentProgram;
import java.util.List;

/** Shows the pitfalls of {@code docs/pitfalls.md}. */
public final class Pitfalls {

  /** The program, which fills the page. */
  public static final ExperimentProgram PROGRAM =
      new ExperimentProgram(
          "pitfalls",
          "ways to use normalization wrongly, and what comes of each",
          List.of(
              new EvalMode(),
              new BatchOfOne(),
              new SmallBatches(),
              new FrozenStatistics(),
              new DropoutBefore(),
              new Padding(),
              new BiasBefore(),
              new WeightDecay(),
              new Epsilon(),
              new Outliers(),
              new ZeroWeight()));

  private Pitfalls() {}

  /**
   * Runs the program and exits with its code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(PROGRAM.run(args, System.out, System.err));
  }
}
