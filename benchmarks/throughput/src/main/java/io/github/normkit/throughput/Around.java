package io.github.normkit.throughput;

import io.github.normkit.report.Page;
import io.github.normkit.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** Times the systems around the layers beside a copy of the same bytes; prints a table. */
public final class Around {

  /** The part of the page. */
  private static final String PART = "around";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--passes", "all",
          "--warmups", "1",
          "--iterations", "5",
          "--millis", "200",
          "--log", "target/around.log",
          "--page", "");

  private static final String USAGE =
      """
      Times the systems around the layers, forward and backward, beside a copy of the same bytes.
      Prints a table. Each has a virtual machine of its own and one thread.

        --passes LIST    the beginnings of their names, such as QK,DYT_FORWARD (default all)
        --warmups N      iterations before (default 1)
        --iterations N   iterations that count (default 5)
        --millis N       length of an iteration (default 200)
        --log FILE       what JMH prints (default target/around.log)
        --page FILE      a page with a part named around, which is written
        --help           this text
      """;

  private final Settings settings;
  private final Log log;
  private final Map<Long, RunResult> copies = new LinkedHashMap<>();

  private Around(Settings settings, Log log) {
    this.settings = settings;
    this.log = log;
  }

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
    return new Program("around", USAGE, DEFAULTS)
        .run(arguments -> time(arguments, out), args, out, err);
  }

  private static int time(Arguments arguments, PrintStream out) throws IOException {
    List<AroundPass> passes = passes(arguments.list("--passes"));
    int millis = arguments.number("--millis");
    Settings settings =
        new Settings(
            1,
            arguments.number("--warmups"),
            millis,
            arguments.number("--iterations"),
            millis,
            List.of());
    Table table =
        new Table(7, 2).row("pass", "shape", "µs", "GB/s", "copy, GB/s", "of copy", "B/call");
    try (Log log = new Log(arguments.file("--log"))) {
      Around around = new Around(settings, log);
      for (AroundPass pass : passes) {
        String[] row = around.row(pass);
        out.println(pass + ": " + row[2] + " µs");
        table.row(row);
      }
    }
    out.println();
    table.lines().forEach(out::println);
    if (!arguments.text("--page").isEmpty()) {
      Path page = Path.of(arguments.text("--page"));
      String origin =
          Machine.processor() + "; JDK " + Machine.jdk() + "; " + Machine.today() + ".\n\n";
      String text = origin + String.join("\n", table.markdown()) + "\n";
      Page.read(page).with(PART, text).write(page);
    }
    return Program.OK;
  }

  private static List<AroundPass> passes(List<String> names) {
    List<AroundPass> passes = new ArrayList<>();
    for (String name : names) {
      String beginning = name.toUpperCase(Locale.ROOT);
      List<AroundPass> named =
          Arrays.stream(AroundPass.values())
              .filter(pass -> beginning.equals("ALL") || pass.name().startsWith(beginning))
              .toList();
      if (named.isEmpty()) {
        throw new IllegalArgumentException(
            "--passes must be of "
                + Arrays.toString(AroundPass.values())
                + ": got \""
                + name
                + '"');
      }
      passes.addAll(named);
    }
    return passes.stream().distinct().toList();
  }

  /** The cells of a pass, beside a copy that is timed once for so many bytes. */
  private String[] row(AroundPass pass) throws IOException {
    if (!copies.containsKey(pass.bytes())) {
      copies.put(pass.bytes(), run(pass, Job.COPY));
    }
    RunResult run = run(pass, Job.NORMKIT);
    double micros = micros(run);
    double copyMicros = micros(copies.get(pass.bytes()));
    return new String[] {
      pass.name(),
      pass.shape(),
      Format.micros(micros),
      Format.of("%.1f", pass.bytes() / micros / 1e3),
      Format.of("%.1f", pass.bytes() / copyMicros / 1e3),
      Format.percent(copyMicros / micros),
      Format.of("%.0f", Session.allocated(run))
    };
  }

  private RunResult run(AroundPass pass, String implementation) throws IOException {
    try {
      return log.run(
          Session.options(AroundBenchmark.class, settings, Job.VECTOR)
              .param("pass", pass.name())
              .param("implementation", implementation)
              .build());
    } catch (RunnerException e) {
      throw new IOException(implementation + " " + pass + " could not be timed", e);
    }
  }

  private static double micros(RunResult run) {
    return Measured.median(Session.iterations(run));
  }
}
