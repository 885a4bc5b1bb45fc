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
        --implementations LIST  of normkit, normkit-in-place, naive, copy, copy-loop, arraycopy
                                (default normkit; copy is always there)
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
    return new Program("throughput", USAGE, DEFAULTS)
        .run(arguments -> time(arguments, out), args, out, err);
  }

  private static int time(Arguments arguments, PrintStream out) throws IOException {
    int millis = arguments.number("--millis");
    Settings settings =
        new Settings(
            arguments.number("--forks"),
            arguments.number("--warmups"),
            millis,
            arguments.number("--iterations"),
            millis,
            List.of());
    List<Job> jobs = jobs(arguments);
    Path json = arguments.file("--out");
    Session session = new Session(settings, out, Arguments.beside(json, ".log"));
    session.run(jobs);
    session.writeJson(json);
    out.println();
    table(jobs, session).lines().forEach(line -> out.println("  " + line));
    out.println();
    out.println("JMH's results: " + json);
    return session.failed().isEmpty() ? Program.OK : Program.FAILED;
  }

  private static List<Job> jobs(Arguments arguments) {
    List<Case> cases = new ArrayList<>();
    arguments.list("--cases").forEach(text -> cases.addAll(cases(text)));
    List<String> names =
        arguments.list(
            "--implementations", Implementations.all().stream().map(Implementation::name).toList());
    List<String> kernels = arguments.list("--kernels", List.of(Job.VECTOR, Job.SCALAR));
    LinkedHashSet<Job> jobs = new LinkedHashSet<>();
    for (Case c : cases) {
      for (int threads : arguments.numbers("--threads")) {
        jobs.add(new Job(Job.NORMKIT, c, threads).copy());
        for (String name : names) {
          Job job = new Job(name, c, threads);
          if (Implementations.named(name) instanceof Copy) {
            jobs.add(job.copy(name));
          } else if (job.exists()) {
            boolean isNormkit = name.equals(Job.NORMKIT);
            if (!isNormkit || kernels.contains(Job.VECTOR)) {
              jobs.add(job);
            }
            if (isNormkit && kernels.contains(Job.SCALAR)) {
              jobs.add(job.scalar());
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
        new Table(8).row("case", "by", "threads", "µs", "+-", "GB/s", "of copy", "B/call");
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
      job.who(),
      String.valueOf(job.threads()),
      Format.micros(measured.time()),
      Format.percent(measured.spread()),
      Format.of("%.1f", measured.gigabytesPerSecond()),
      copy.map(c -> Format.percent(c.time() / measured.time())).orElse("-"),
      Format.of("%.0f", measured.bytesAllocated())
    };
  }
}
