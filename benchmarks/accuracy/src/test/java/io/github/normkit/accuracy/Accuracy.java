package io.github.normkit.accuracy;

import io.github.normkit.golden.TensorError;
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

  private static final Logger LOGGER = Logger.getLogger("io.github.normkit");

  private static final String USAGE =
      """
      Measures normkit's errors on the golden float32 cases and sets PyTorch's beside them.
      Prints tables, and writes them with a chart as accuracy.md and accuracy.svg.

        --out DIRECTORY   where the two files go (default target)
        --help            this text
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
    if (args.length != 0 && !(args.length == 2 && args[0].equals("--out"))) {
      err.println(
          "accuracy: the arguments must be --out DIRECTORY, --help or none: got "
              + String.join(" ", args));
      return BAD_ARGUMENT;
    }
    Path directory = Path.of(args.length == 0 ? "target" : args[1]);
    Path page = directory.resolve("accuracy.md");
    Path chart = directory.resolve("accuracy.svg");
    Report report = new Report(TensorError.all());
    report.lines().forEach(out::println);
    try {
      Files.createDirectories(directory);
      Files.writeString(page, report.markdown());
      Files.writeString(chart, report.chart().toSvg());
    } catch (IOException e) {
      err.println("accuracy: the files could not be written: " + e);
      return FAILED;
    }
    out.println();
    out.println("The same as a page: " + page);
    out.println("Chart of the largest errors: " + chart);
    return OK;
  }
}
