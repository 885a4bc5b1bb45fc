package io.github.normkit.experiments;

import io.github.normkit.experiments.Findings.Figure;
import io.github.normkit.report.Page;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Runs experiments, prints what came out, draws their figures, and writes both into a page that has
 * a part for each of them.
 *
 * @param name of the program
 * @param title what it does, in a line
 * @param experiments in their order
 */
public record ExperimentProgram(String name, String title, List<Experiment> experiments) {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  private static final Logger LOGGER = Logger.getLogger("io.github.normkit");

  private static final String USAGE =
      """
      %s

        --only NAME   runs one of those below
        --page FILE   writes the results into a page, between the comments that ask for them, and
                      draws the figures into the directory beside the page that has its name
        --help        this text

      Without --page the figures go to target/%s. The experiments:

      %s
      """;

  /** The arguments that were given. */
  private record Arguments(Optional<String> only, Optional<Path> page, boolean help) {}

  /**
   * Runs the program.
   *
   * @param args see {@code --help}
   * @return the code to exit with: 0, or 1 if the files could not be written, or 2 after a bad
   *     argument
   */
  public int run(String[] args, PrintStream out, PrintStream err) {
    Arguments arguments;
    try {
      arguments = parse(args);
    } catch (IllegalArgumentException e) {
      err.println(name + ": " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    }
    if (arguments.help) {
      out.print(USAGE.formatted(title, name, claims()));
      return OK;
    }
    // Which kernels the library has chosen, and tells, makes no difference here.
    LOGGER.setLevel(Level.WARNING);
    try {
      run(arguments, out);
      return OK;
    } catch (IOException e) {
      err.println(name + ": the files could not be written: " + e);
      return FAILED;
    }
  }

  private Arguments parse(String... args) {
    Optional<String> only = Optional.empty();
    Optional<Path> page = Optional.empty();
    boolean help = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--help" -> help = true;
        case "--only" -> only = Optional.of(value(args, i++)).map(this::known);
        case "--page" -> page = Optional.of(value(args, i++)).map(Path::of);
        default ->
            throw new IllegalArgumentException(
                "unknown argument: expected --only, --page or --help, got " + args[i]);
      }
    }
    return new Arguments(only, page, help);
  }

  private static String value(String[] args, int i) {
    if (i + 1 == args.length) {
      throw new IllegalArgumentException(args[i] + " must be followed by a value: got nothing");
    }
    return args[i + 1];
  }

  private String known(String experiment) {
    if (experiments.stream().noneMatch(known -> known.name().equals(experiment))) {
      throw new IllegalArgumentException(
          "--only must be one of " + names() + ": got " + experiment);
    }
    return experiment;
  }

  private String claims() {
    return experiments.stream()
        .map(experiment -> "  " + experiment.name() + "\n    " + experiment.claim())
        .collect(Collectors.joining("\n"));
  }

  private String names() {
    return experiments.stream().map(Experiment::name).collect(Collectors.joining(", "));
  }

  private void run(Arguments arguments, PrintStream out) throws IOException {
    Path directory = arguments.page.map(ExperimentProgram::figures).orElse(Path.of("target", name));
    out.println("normkit: " + title);
    for (int i = 0; i < experiments.size(); i++) {
      Experiment experiment = experiments.get(i);
      if (arguments.only.map(experiment.name()::equals).orElse(true)) {
        out.printf("%n%d of %d: %s%n", i + 1, experiments.size(), experiment.name());
        out.println("Claim: " + experiment.claim());
        Findings findings = run(experiment, out);
        for (Figure figure : findings.figures()) {
          Files.createDirectories(directory);
          Path file = directory.resolve(figure.name() + ".svg");
          Files.writeString(file, figure.svg());
          out.println("Figure: " + file);
        }
        if (arguments.page.isPresent()) {
          Path page = arguments.page.get();
          String markdown = findings.markdown(directory.getFileName().toString());
          Page.read(page).with(experiment.name(), markdown).write(page);
        }
      }
    }
    arguments.page.ifPresent(page -> out.println("\nThe same in a page: " + page));
  }

  /** The directory beside a page that has its name. */
  private static Path figures(Path page) {
    return page.resolveSibling(page.getFileName().toString().replaceFirst("\\.md$", ""));
  }

  /** Runs it, with a dot for each run that is done, and prints what came out. */
  private static Findings run(Experiment experiment, PrintStream out) {
    Findings findings =
        experiment.run(
            () -> {
              out.print('.');
              out.flush();
            });
    out.println();
    findings.lines().forEach(line -> out.println(line.isEmpty() ? "" : "  " + line));
    out.println();
    return findings;
  }
}
