package io.github.normkit.accuracy;

import io.github.normkit.golden.TensorError;
import io.github.normkit.report.PageProgram;
import io.github.normkit.report.PageProgram.Result;
import java.io.PrintStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures normkit's errors on the golden float32 cases, sets PyTorch's stored ones beside them,
 * prints the tables, and writes them as Markdown with a chart.
 *
 * <p>All it shows is the same text on every machine.
 */
public final class Accuracy {

  private static final Logger LOGGER = Logger.getLogger("io.github.normkit");

  private static final String USAGE =
      """
      Measures normkit's errors on the golden float32 cases and sets PyTorch's beside them.
      Prints tables and draws a chart, target/accuracy.svg.

        --page FILE   writes the tables into a page, between the comments that ask for them, and
                      draws the chart, accuracy.svg, beside the page
        --help        this text
      """;

  private static final PageProgram PROGRAM = new PageProgram("accuracy", "accuracy.svg", USAGE);

  private Accuracy() {}

  /**
   * Runs the program and exits with 0, with 1 if the files could not be written, or with 2 after a
   * bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    // Which kernels the library has chosen, and tells, makes no difference here.
    LOGGER.setLevel(Level.WARNING);
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return PROGRAM.run(Accuracy::result, args, out, err);
  }

  private static Result result() {
    Report report = new Report(TensorError.all());
    return new Result(report.lines(), report.markdown(), report.chart().toSvg());
  }
}
