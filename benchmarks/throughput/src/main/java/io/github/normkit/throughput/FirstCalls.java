package io.github.normkit.throughput;

import io.github.normkit.report.Page;
import io.github.normkit.report.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times the first calls in virtual machines that have just begun, with both kinds of kernels. */
public final class FirstCalls {

  /** The part of the page. */
  private static final String PART = "first-calls";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--cases",
          "LAYER_FORWARD:32x128,LAYER_FORWARD:128x768,BATCH_TRAIN:8x256x14x14",
          "--jvms",
          "5",
          "--other-jdk",
          "",
          "--page",
          "");

  private static final String USAGE =
      """
      Times the first calls in virtual machines that have just begun. Prints a table.

        --cases LIST      such as LAYER_FORWARD:32x128,BATCH_TRAIN:8x256x14x14
        --jvms N          virtual machines for each; the table has their medians (default 5)
        --other-jdk HOME  the directory of another JDK, for the same once more
        --page FILE       a page with a part named first-calls, which is written
        --help            this text
      """;

  private FirstCalls() {}

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
    return new Program("first-calls", USAGE, DEFAULTS)
        .run(arguments -> time(arguments, out), args, out, err);
  }

  private static int time(Arguments arguments, PrintStream out) throws IOException {
    List<Case> cases =
        arguments.list("--cases").stream().map(text -> Case.parse(text.replace(':', ' '))).toList();
    Map<String, Path> jdks = new LinkedHashMap<>();
    jdks.put(Machine.jdk(), Path.of(System.getProperty("java.home")));
    if (!arguments.text("--other-jdk").isEmpty()) {
      Path home = Path.of(arguments.text("--other-jdk"));
      jdks.put(Machine.jdk(home), home);
    }
    Table table = table(cases, jdks, arguments.number("--jvms"));
    table.lines().forEach(out::println);
    if (!arguments.text("--page").isEmpty()) {
      Path page = Path.of(arguments.text("--page"));
      String origin =
          Machine.processor()
              + "; JDK "
              + String.join(", ", jdks.keySet())
              + "; "
              + Machine.today()
              + ".\n\n";
      String text = origin + String.join("\n", table.markdown()) + "\n";
      Page.read(page).with(PART, text).write(page);
    }
    return Program.OK;
  }

  private static Table table(List<Case> cases, Map<String, Path> jdks, int jvms)
      throws IOException {
    List<String> head = new ArrayList<>(List.of("case", "kernels", "JDK"));
    FirstCallsTrial.TOLD.forEach(told -> head.add("call " + told + "\nµs"));
    head.addAll(List.of("fast after\ncalls", "fast after\nms"));
    Table table = new Table(head.size()).row(head.toArray(String[]::new));
    for (Case c : cases) {
      for (Map.Entry<String, Path> jdk : jdks.entrySet()) {
        for (String kernels : List.of(Job.VECTOR, Job.SCALAR)) {
          List<String> row =
              new ArrayList<>(List.of(c.toString(), kernels, Bar.feature(jdk.getKey())));
          row.addAll(medians(c, kernels, jdk.getValue(), jvms));
          table.row(row.toArray(String[]::new));
        }
      }
    }
    return table;
  }

  /** The medians over virtual machines of what a trial tells. */
  private static List<String> medians(Case c, String kernels, Path home, int jvms)
      throws IOException {
    List<List<Double>> trials = new ArrayList<>();
    for (int i = 0; i < jvms; i++) {
      trials.add(trial(c, kernels, home));
    }
    List<String> medians = new ArrayList<>();
    int columns = trials.get(0).size();
    for (int column = 0; column < columns; column++) {
      int told = column;
      double median = Measured.median(trials.stream().map(trial -> trial.get(told)).toList());
      medians.add(column == columns - 2 ? Format.of("%.0f", median) : Format.micros(median));
    }
    return medians;
  }

  private static List<Double> trial(Case c, String kernels, Path home) throws IOException {
    Process process =
        new ProcessBuilder(
                home.resolve("bin").resolve("java").toString(),
                NormBenchmark.VECTORS,
                "-D" + io.github.normkit.Normkit.KERNELS_PROPERTY + "=" + kernels,
                "-cp",
                System.getProperty("java.class.path"),
                FirstCallsTrial.class.getName(),
                c.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the virtual machine must tell times: got nothing, for " + c);
      }
      return Arrays.stream(line.split(" ", -1)).map(Double::parseDouble).toList();
    } finally {
      process.destroy();
    }
  }
}
