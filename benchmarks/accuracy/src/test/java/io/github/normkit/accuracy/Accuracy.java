package io.github.normkit.accuracy;

import io.github.normkit.golden.TensorError;
import io.github.normkit.report.Page;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures normkit's errors on the golden float32 cases, sets PyTorch's stored ones beside them,
 * prints the tables, and writes them as Markdown with a chart.
 *
 * <p>All it shows is the same text on every machine.
 */
public final class Accuracy {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  private static final String PART = "accuracy";
  private static final String CHART = "accuracy.svg";

  private static final Logger LOGGER = Logger.getLogger("io.github.normkit");

  private static final String USAGE =
      """
      Measures normkit's errors on the golden float32 cases and sets PyTorch's beside them.
      Prints tables and draws a chart, target/accuracy.svg.

        --page FILE   writes the tables into a page, between the comments that ask for them, and
                      draws the chart, accuracy.svg, beside the page
        --help        this text
      """;

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
    if (args.length == 1 && args[0].equals("--help")) {
      out.print(USAGE);
      return OK;
    }
    if (args.length != 0 && !(args.length == 2 && args[0].equals("--page"))) {
      err.println(
          "accuracy: the arguments must be --page FILE, --help or none: got "
              + String.join(" ", args));
      return BAD_ARGUMENT;
    }
    Report report = new Report(TensorError.all());
    report.lines().forEach(out::println);
    out.println();
    try {
      Path chart = Path.of("target", CHART);
      if (args.length == 2) {
        Path page = Path.of(args[1]);
        Page.read(page).with(PART, report.markdown()).write(page);
        out.println("The same in a page: " + page);
        chart = page.resolveSibling(CHART);
      } else {
        Files.createDirectories(chart.getParent());
      }
      Files.writeString(chart, report.chart().toSvg());
      out.println("Chart of the largest errors: " + chart);
      return OK;
    } catch (IOException e) {
      err.println("accuracy: the files could not be written: " + e);
      return FAILED;
    }
  }
}
