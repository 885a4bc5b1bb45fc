package io.github.normkit.peers;

import io.github.normkit.report.Table;
import io.github.normkit.throughput.BarReport;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Job;
import io.github.normkit.throughput.Machine;
import io.github.normkit.throughput.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Measures normkit and its peers in turn; prints a table of ratios, and writes it with a chart. */
public final class Main {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  private static final List<String> NAMES =
      List.of(
          Job.NORMKIT,
          Job.IN_PLACE,
          Job.COPY,
          "libtorch",
          "onednn",
          "onnxruntime",
          "nd4j",
          "naive");

  private Main() {}

  /**
   * Runs the program and exits with 0, with 1 if something could not be measured or written, or
   * with 2 after a bad argument.
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
    } catch (IllegalArgumentException e) {
      err.println("peers: " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    }
    if (options.help()) {
      out.print(Options.usage());
      return OK;
    }
    try {
      List<Ability> abilities = abilities(options, out);
      if (options.list()) {
        list(options, abilities).lines().forEach(out::println);
        return OK;
      }
      Files.createDirectories(options.out().toAbsolutePath().getParent());
      return measure(options, abilities, results(options, args), out);
    } catch (IOException | UncheckedIOException e) {
      err.println("peers: " + e);
      return FAILED;
    }
  }

  private static List<Ability> abilities(Options options, PrintStream out) throws IOException {
    List<Ability> abilities = new ArrayList<>();
    for (String name : NAMES) {
      Ability ability = Probe.run(name, options.threads());
      ability.problems().forEach(out::println);
      abilities.add(ability);
    }
    return abilities;
  }

  private static Table list(Options options, List<Ability> abilities) {
    List<String> head = new ArrayList<>(List.of("case", "threads"));
    head.addAll(NAMES);
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

  /** The results so far: of a run that is resumed, or none. */
  private static Results results(Options options, String... args) throws IOException {
    if (options.resume() && Files.exists(options.out())) {
      return Results.read(options.out());
    }
    Results results = new Results();
    results.about("command", command(args));
    results.about("processor", Machine.processor());
    results.about("JDK", Machine.jdk());
    if (options.otherJdk().isPresent()) {
      results.about("other JDK", Machine.jdk(options.otherJdk().get()));
    }
    results.about("date", Machine.today());
    return results;
  }

  private static int measure(
      Options options, List<Ability> abilities, Results results, PrintStream out)
      throws IOException {
    Rounds rounds = new Rounds(options, abilities, results, out);
    rounds.run();
    out.println();
    new BarReport(results).text().forEach(out::println);
    out.println();
    rounds.failed().forEach(job -> out.println("Failed and left out: " + job));
    if (options.quick()) {
      out.println("Measured for milliseconds only: these times mean nothing.");
    }
    out.println("Written to " + options.out());
    return rounds.failed().isEmpty() ? OK : FAILED;
  }

  /** The command, without what is of this machine alone and changes no result. */
  private static String command(String... args) {
    List<String> shown = new ArrayList<>(List.of(args));
    shown.remove("--resume");
    int out = shown.indexOf("--out");
    if (out >= 0) {
      shown.subList(out, out + 2).clear();
    }
    int home = shown.indexOf("--other-jdk") + 1;
    if (home > 0) {
      shown.set(home, "HOME_OF_THE_OTHER");
    }
    return "mvn -q -f benchmarks -Ppeers compile -Dpeers.args=\"" + String.join(" ", shown) + '"';
  }
}
