package io.github.normkit.throughput;

import io.github.normkit.report.Page;
import io.github.normkit.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints the tables of results that were measured before, and writes them into a page. */
public final class BarPage {

  /** The parts of the page. */
  private static final String BAR = "bar";

  private static final String PEERS = "peers";

  /** The figure, in a directory that is named after the page. */
  private static final String FIGURE = "peers.svg";

  private static final Map<String, String> DEFAULTS =
      Map.of("--results", "docs/performance/peers.csv", "--page", "");

  private static final String USAGE =
      """
      Prints what the peers' program has measured: the bar, what is below it, and every case.

        --results FILE  the results (default docs/performance/peers.csv)
        --page FILE     a page with parts named bar and peers, which are written; the figure goes into
                        the directory named after it
        --help          this text
      """;

  private BarPage() {}

  /**
   * Runs the program and exits with 0, with 1 if a file could not be read or written, or with 2
   * after a bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new Program("bar", USAGE, DEFAULTS)
        .run(arguments -> show(arguments, out), args, out, err);
  }

  private static int show(Arguments arguments, PrintStream out) throws IOException {
    BarReport report = new BarReport(Results.read(Path.of(arguments.text("--results"))));
    report.text().forEach(out::println);
    if (!arguments.text("--page").isEmpty()) {
      write(report, Path.of(arguments.text("--page")));
    }
    return Program.OK;
  }

  private static void write(BarReport report, Path page) throws IOException {
    List<String> bar = new ArrayList<>(report.origin());
    bar.addAll(report.bar().markdown());
    bar.add("");
    bar.addAll(report.missed().markdown());
    Page.read(page).with(BAR, text(bar)).with(PEERS, text(report.cases())).write(page);
    String directory = page.getFileName().toString().replace(".md", "");
    Path figure = page.resolveSibling(directory).resolve(FIGURE);
    Files.createDirectories(figure.getParent());
    Files.writeString(figure, report.chart().toSvg());
  }

  private static String text(Table table) {
    return text(table.markdown());
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
