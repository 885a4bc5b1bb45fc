package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The command line of {@link Main}.
 *
 * @param cases what to measure
 * @param threads with how many threads, one after the other
 * @param rounds how often all is measured
 * @param millis how long an iteration takes
 * @param quick whether only to see that all works
 * @param list whether only to say who computes what
 * @param help whether only the usage is wanted
 */
record Options(
    List<Case> cases,
    List<Integer> threads,
    int rounds,
    int millis,
    boolean quick,
    boolean list,
    boolean help) {

  private static final Options DEFAULTS =
      new Options(Case.all(), List.of(1, 2), 5, 300, false, false, false);

  private static final int WARMUPS = 3;
  private static final int ITERATIONS = 5;
  private static final int QUICK_MILLIS = 10;

  /** JavaCPP would else count the memory of all that runs against the size of the Java heap. */
  private static final List<String> JVM_ARGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-Dorg.bytedeco.javacpp.maxBytes=0",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

  /** The text for --help. */
  static final String USAGE =
      """
      Measures normkit beside the libraries a Java program could call instead: libtorch, oneDNN,
      ONNX Runtime, ND4J, and plain loops. Each round runs all of them on a case, one after the
      other in virtual machines of their own and each round in another order, then goes on to the
      next case. Prints a table and writes it with all times and a chart.

        --cases REGEX    the cases whose text, such as "LAYER_FORWARD 128x768" or "BATCH_TRAIN
                         32x512x7x7 channels-last", has a match (default all %d)
        --threads LIST   such as 1,2 (default 1,2)
        --rounds N       how often all is measured (default %d)
        --millis N       length of an iteration; %d warm up and %d count (default %d)
        --quick          one round of a few milliseconds: shows that all works, and no speed
        --list           only says who computes which case
        --help           this text
      """
          .formatted(DEFAULTS.cases.size(), DEFAULTS.rounds, WARMUPS, ITERATIONS, DEFAULTS.millis);

  /** Copies the lists. */
  Options {
    cases = List.copyOf(cases);
    threads = List.copyOf(threads);
  }

  /**
   * Reads the arguments; of one given twice the last counts.
   *
   * @throws IllegalArgumentException naming the argument, what is allowed and what was got
   */
  static Options parse(String... args) {
    List<Case> cases = DEFAULTS.cases;
    List<Integer> threads = DEFAULTS.threads;
    int rounds = DEFAULTS.rounds;
    int millis = DEFAULTS.millis;
    boolean quick = false;
    boolean list = false;
    boolean help = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--list" -> list = true;
        case "--help" -> help = true;
        case "--cases" ->
            cases = value(args, i++, "a regular expression that a case matches", Options::matching);
        case "--threads" ->
            threads = value(args, i++, "whole numbers from 1 on, with commas", Options::numbers);
        case "--rounds" -> rounds = value(args, i++, "a whole number from 1 on", Options::number);
        case "--millis" -> millis = value(args, i++, "a whole number from 1 on", Options::number);
        default ->
            throw new IllegalArgumentException(
                "unknown argument: expected --cases, --threads, --rounds, --millis, --quick,"
                    + " --list or --help, got "
                    + args[i]);
      }
    }
    return new Options(cases, threads, quick ? 1 : rounds, millis, quick, list, help);
  }

  private static <T> T value(String[] args, int i, String allowed, Function<String, T> parse) {
    String rule = args[i] + " must be " + allowed + ": got ";
    if (i + 1 == args.length) {
      throw new IllegalArgumentException(rule + "nothing");
    }
    try {
      return parse.apply(args[i + 1]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(rule + '"' + args[i + 1] + '"', e);
    }
  }

  private static List<Case> matching(String text) {
    Pattern pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    List<Case> matching =
        Case.all().stream().filter(c -> pattern.matcher(c.toString()).find()).toList();
    if (matching.isEmpty()) {
      throw new IllegalArgumentException("no case matches");
    }
    return matching;
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(",", -1)).map(Options::number).distinct().toList();
  }

  private static int number(String text) {
    int number = Integer.parseInt(text);
    if (number < 1) {
      throw new IllegalArgumentException("below 1");
    }
    return number;
  }

  /** Returns how long one round measures. */
  Settings settings() {
    return quick
        ? new Settings(1, 1, QUICK_MILLIS, 2, QUICK_MILLIS, JVM_ARGS)
        : new Settings(1, WARMUPS, millis, ITERATIONS, millis, JVM_ARGS);
  }
}
