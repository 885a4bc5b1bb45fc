package io.github.normkit.throughput;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * LayerNorm against RMSNorm: times both, forward and backward, beside a copy of the same bytes;
 * prints a table and draws a chart.
 */
public final class Duel {

  private static final List<String> SHAPES =
      List.of("1x4096", "32x128", "128x768", "512x1024", "2048x4096");

  /** Short, so that thirty virtual machines are through in less than two minutes. */
  private static final Settings SETTINGS = new Settings(1, 1, 300, 7, 100, List.of());

  private static final Map<String, String> DEFAULTS =
      Map.of("--threads", "1", "--shapes", String.join(",", SHAPES), "--out", "target/duel.svg");

  private static final String USAGE =
      """
      Times LayerNorm against RMSNorm, forward and backward, beside a copy of the same bytes.
      Prints a table and writes a chart.

        --shapes LIST   rows x columns (default %s)
        --threads N     how many threads work at a call (default 1)
        --out FILE      the chart, an SVG file; log and JSON go beside it (default target/duel.svg)
        --help          this text
      """
          .formatted(String.join(",", SHAPES));

  private Duel() {}

  /**
   * Runs the program and exits with 0, with 1 if something could not be timed or written, or with 2
   * after a bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(SETTINGS, args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(Settings settings, String[] args, PrintStream out, PrintStream err) {
    return new Program("duel", USAGE, DEFAULTS)
        .run(arguments -> time(settings, arguments, out, err), args, out, err);
  }

  private static int time(Settings settings, Arguments arguments, PrintStream out, PrintStream err)
      throws IOException {
    int threads = arguments.number("--threads");
    List<DuelPair> pairs = new ArrayList<>();
    for (boolean backward : new boolean[] {false, true}) {
      for (String shape : arguments.list("--shapes")) {
        pairs.add(DuelPair.of(shape, backward, threads));
      }
    }
    Path chart = arguments.file("--out");
    out.println("normkit: LayerNorm against RMSNorm, and a copy of the same bytes");
    out.println(
        "Java "
            + System.getProperty("java.version")
            + ", kernels "
            + io.github.normkit.Normkit.kernels());
    out.println();
    Session session = new Session(settings, out, Arguments.beside(chart, ".log"));
    session.run(pairs.stream().flatMap(pair -> pair.jobs().stream()).toList());
    if (!session.failed().isEmpty()) {
      err.println("duel: not all could be timed: " + session.failed());
      return Program.FAILED;
    }
    out.println();
    DuelReport report = new DuelReport(pairs, job -> session.measured(job).orElseThrow(), threads);
    report.table().lines().forEach(line -> out.println("  " + line));
    out.println();
    report.notes().forEach(out::println);
    Files.writeString(chart, report.chart().toSvg());
    session.writeJson(Arguments.beside(chart, ".json"));
    out.println();
    out.println("Chart: " + chart);
    return Program.OK;
  }
}
