package io.github.normkit.peers;

import io.github.normkit.report.Table;
import io.github.normkit.throughput.Case;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures normkit and its peers in turn; prints a table of ratios, and writes it with a chart. */
public final class Main {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  private static final String NORMKIT = "normkit";

  /** What normkit is compared with, in the order of the tables. */
  static final List<String> OTHERS =
      List.of(Comparison.COPY, "libtorch", "onednn", "onnxruntime", "nd4j", "naive");

  private Main() {}

  /**
   * Runs the program and exits with 0, with 1 if something could not be measured or written, or
   * with 2 after a bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(args, Path.of("target"), System.out, System.err));
  }

  /** Runs the program, with its files in a directory, and returns its exit code. */
  static int run(String[] args, Path directory, PrintStream out, PrintStream err) {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      err.println("peers: " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    }
    if (options.help()) {
      out.print(Options.USAGE);
      return OK;
    }
    try {
      List<Ability> abilities = abilities(options, out);
      if (options.list()) {
        list(options, abilities).lines().forEach(out::println);
        return OK;
      }
      Files.createDirectories(directory);
      return measure(options, abilities, command(args), directory, out);
    } catch (IOException | UncheckedIOException e) {
      err.println("peers: " + e);
      return FAILED;
    }
  }

  private static List<Ability> abilities(Options options, PrintStream out) throws IOException {
    List<String> names = new ArrayList<>(List.of(NORMKIT));
    names.addAll(OTHERS);
    List<Ability> abilities = new ArrayList<>();
    for (String name : names) {
      Ability ability = Probe.run(name, options.threads());
      ability.problems().forEach(out::println);
      abilities.add(ability);
    }
    return abilities;
  }

  private static Table list(Options options, List<Ability> abilities) {
    List<String> head = new ArrayList<>(List.of("case", "threads", NORMKIT));
    head.addAll(OTHERS);
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Case c : options.cases()) {
      for (int threads : options.threads()) {
        List<String> row = new ArrayList<>(List.of(c.toString(), String.valueOf(threads)));
        abilities.forEach(ability -> row.add(ability.has(c, threads) ? "yes" : "-"));
        table.row(row.toArray(String[]::new));
      }
    }
    return table;
  }

  private static int measure(
      Options options, List<Ability> abilities, String command, Path directory, PrintStream out)
      throws IOException {
    Rounds rounds = new Rounds(options, abilities, directory, out);
    rounds.run();
    Report report =
        new Report(command, Machine.here(), rounds.others(), OTHERS, rounds.comparisons());
    report.write(directory);
    out.println();
    out.print(report.toText());
    out.println();
    rounds.failed().forEach(job -> out.println("Failed and left out: " + job));
    if (options.quick()) {
      out.println("Measured for milliseconds only: these times mean nothing.");
    }
    out.println("Written to " + directory + ": peers.txt, peers.md, peers.json, peers.svg");
    return rounds.failed().isEmpty() ? OK : FAILED;
  }

  private static String command(String[] args) {
    return "mvn -q -f benchmarks -Ppeers compile -Dpeers.args=\"" + String.join(" ", args) + '"';
  }
}
