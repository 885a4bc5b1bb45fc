package io.github.normkit.experiments;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Trains one small network on real 8x8 digits, without normalization and with each layer of
 * normkit; prints a table and draws the loss curves.
 *
 * <p>Losses and accuracies are a function of the arguments alone, the same bits on every machine;
 * times are not.
 */
public final class Digits {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final int LONGEST_SEARCH = 15;

  private Digits() {}

  /**
   * Runs the program and exits with 0, with 1 if the chart could not be written, or with 2 after a
   * bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    Options options;
    try {
      options = Options.parse(args);
      if (options.help()) {
        out.print(Options.USAGE);
        return OK;
      }
      makeRoom(options.out());
    } catch (IllegalArgumentException e) {
      err.println("digits: " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    }
    try {
      run(options, new DigitsReport(options, out));
      return OK;
    } catch (IOException e) {
      err.println("digits: the chart could not be written: " + e);
      return FAILED;
    }
  }

  /** Makes the directory, so that a place that cannot be written is found before the training. */
  private static void makeRoom(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    if (!Files.isWritable(Files.exists(file) ? file : directory)) {
      throw unwritable(file, null);
    }
  }

  private static IllegalArgumentException unwritable(Path file, IOException cause) {
    return new IllegalArgumentException(
        "--out must be a file that can be written: got \"" + file + '"', cause);
  }

  private static void run(Options options, DigitsReport report) throws IOException {
    DigitsData data = DigitsData.load();
    report.printSetup(data);

    RateSearch search = new RateSearch(options.seed(), Math.min(LONGEST_SEARCH, options.epochs()));
    report.printSearchHeader(search);
    Map<Variant, List<Double>> searched = new EnumMap<>(Variant.class);
    search.run(
        data,
        (variant, losses) -> {
          report.printSearched(variant, losses);
          searched.put(variant, losses);
        });

    report.printTrainingHeader();
    Map<Variant, Training.Result> results = new EnumMap<>(Variant.class);
    // One after the other, so that no run disturbs the clock of another.
    for (Variant variant : Variant.values()) {
      Training.Result result =
          new Training(variant, options.seed(), options.epochs(), options.learningRate()).run(data);
      report.printTrained(variant, result);
      results.put(variant, result);
    }

    report.printTable(data, results, searched);
    Files.writeString(options.out(), report.chart(results).toSvg());
    report.printChartPlace();
  }
}
