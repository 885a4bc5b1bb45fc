package io.github.normkit.throughput;

import io.github.normkit.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Times normkit, and who else is asked for, beside a copy of the same bytes; prints a table and
 * writes JMH's JSON.
 */
public final class Main {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--cases", "all",
          "--implementations", "normkit",
          "--threads", "1",
          "--kernels", "vector",
          "--forks", "3",
          "--warmups", "2",
          "--iterations", "5",
          "--millis", "1000",
          "--out", "target/throughput.json");

  private static final String USAGE =
      """
      Times normkit beside a copy of the same bytes. Prints a table and writes JMH's JSON.

        --cases LIST            operations, or the beginnings of their names, for all of their shapes;
                                or with a shape of your own: LAYER,RMS_FORWARD:4096x64,
                                BATCH_TRAIN:32x512x7x7:channels-last (default all)
        --implementations LIST  of normkit, naive, copy, copy-loop, arraycopy (default normkit; copy
                                is always there)
        --threads LIST          such as 1,2 (default 1)
        --kernels LIST          of vector, scalar (default vector)
        --forks N               virtual machines for each (default 3)
        --warmups N             iterations before (default 2)
        --iterations N          iterations that count (default 5)
        --millis N              length of an iteration (default 1000)
        --out FILE              the JSON; the log goes beside it (default target/throughput.json)
        --help                  this text
      """;

  private Main() {}

  /**
   * Runs the program and exits with 0, with 1 if something could not be timed or written, or with 2
   * after a bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    if (Arguments.help(args)) {
      out.print(USAGE);
      return OK;
    }
    List<Job> jobs;
    Settings settings;
    Path json;
    try {
      Arguments arguments = Arguments.parse(DEFAULTS, args);
      int millis = arguments.number("--millis");
      settings =
          new Settings(
              arguments.number("--forks"),
              arguments.number("--warmups"),
              millis,
              arguments.number("--iterations"),
              millis,
              List.of());
      jobs = jobs(arguments);
      json = arguments.file("--out");
    } catch (IllegalArgumentException e) {
      err.println("throughput: " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    }
    Session session = new Session(settings, out, Arguments.beside(json, ".log"));
    session.run(jobs);
    try {
      session.writeJson(json);
    } catch (IOException e) {
      err.println("throughput: the JSON could not be written: " + e);
      return FAILED;
    }
    out.println();
    table(jobs, session).lines().forEach(line -> out.println("  " + line));
    out.println();
    out.println("JMH's results: " + json);
    return session.failed().isEmpty() ? OK : FAILED;
  }

  private static List<Job> jobs(Arguments arguments) {
    List<Case> cases = new ArrayList<>();
    arguments.list("--cases").forEach(text -> cases.addAll(cases(text)));
    List<String> names =
        arguments.list(
            "--implementations", Implementations.all().stream().map(Implementation::name).toList());
    List<String> kernels = arguments.list("--kernels", List.of(Job.VECTOR, "scalar"));
    LinkedHashSet<Job> jobs = new LinkedHashSet<>();
    for (Case c : cases) {
      for (int threads : arguments.numbers("--threads")) {
        jobs.add(new Job("normkit", c, threads, Job.VECTOR).copy());
        for (String name : names) {
          for (String kernel : name.equals("normkit") ? kernels : List.of(Job.VECTOR)) {
            Job job = new Job(name, c, threads, kernel);
            if (job.exists()) {
              jobs.add(Implementations.named(name) instanceof Copy ? job.copy(name) : job);
            }
          }
        }
      }
    }
    return List.copyOf(jobs);
  }

  private static List<Case> cases(String text) {
    if (text.contains(":")) {
      return List.of(Case.parse(text.replace(':', ' ')));
    }
    String name = text.toUpperCase(Locale.ROOT);
    List<Case> cases =
        Case.all().stream()
            .filter(c -> name.equals("ALL") || c.operation().name().startsWith(name))
            .toList();
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("--cases must be operations: got \"" + text + '"');
    }
    return cases;
  }

  /** The results, a row for each job that could be timed. */
  private static Table table(List<Job> jobs, Session session) {
    Table table =
        new Table(9)
            .row("case", "by", "kernels", "threads", "µs", "+-", "GB/s", "of copy", "B/call");
    for (Job job : jobs) {
      session
          .measured(job)
          .ifPresent(measured -> table.row(row(measured, session.measured(job.copy()))));
    }
    return table;
  }

  /** The cells of a job, beside the copy of the same bytes. */
  static String[] row(Measured measured, Optional<Measured> copy) {
    Job job = measured.job();
    return new String[] {
      job.what().toString(),
      job.implementation(),
      job.implementation().equals("normkit") ? job.kernels() : "",
      String.valueOf(job.threads()),
      Session.text(measured.time()),
      format("%.0f %%", 100 * measured.spread()),
      format("%.1f", measured.gigabytesPerSecond()),
      copy.map(c -> format("%.0f %%", 100 * c.time() / measured.time())).orElse("-"),
      format("%.0f", measured.bytesAllocated())
    };
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
