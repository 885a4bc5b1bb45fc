package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The command line of {@link Main}. */
final class Options {

  private static final int WARMUPS = 1;

  /** The compiler works at a large method of vectors for about as long. */
  private static final int WARMUP_MILLIS = 150;

  private static final int ITERATIONS = 5;
  private static final int QUICK_MILLIS = 10;

  /** JavaCPP would else count the memory of all that runs against the size of the Java heap. */
  private static final List<String> JVM_ARGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-Dorg.bytedeco.javacpp.maxBytes=0",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

  private static final String WHOLE = "a whole number from 1 on";

  private List<Case> cases = Case.all();
  private List<Integer> threads = List.of(1, 2);
  private int rounds = 3;
  private int millis = 100;
  private Duration limit = Duration.ofDays(1);
  private Optional<Path> otherJdk = Optional.empty();
  private Path out = Path.of("target", "peers.csv");
  private boolean resume;
  private boolean quick;
  private boolean list;
  private boolean help;

  private Options() {}

  /** Returns the text for --help. */
  static String usage() {
    Options defaults = new Options();
    return """
        Measures normkit beside the libraries a Java program could call instead: libtorch, oneDNN,
        ONNX Runtime, ND4J, and plain loops; beside a copy of the same bytes; and beside itself: with
        scalar kernels, in place, and on another JDK. Each round runs all of them on a case, one
        after the other in virtual machines of their own and each round in another order, then goes
        on to the next case. After the first round a library that took more than twice as long as
        the fastest is left out, and plain loops and scalar kernels unless their ratio is near its
        bound. Prints tables, and writes a line for each virtual machine as soon as it has ended.

          --cases REGEX     the cases whose text, such as "LAYER_FORWARD 128x768" or "BATCH_TRAIN
                            32x512x7x7 channels-last", has a match (default all %d)
          --threads LIST    such as 1,2 (default 1,2)
          --rounds N        how often all is measured (default %d)
          --millis N        length of an iteration; %d warms up and %d count (default %d)
          --minutes N       ends after so long, whatever is left
          --other-jdk HOME  the directory of another JDK, for normkit alone, with one thread
          --out FILE        the results (default target/peers.csv); the logs go beside it
          --resume          goes on with a file of results that is there
          --quick           one round of a few milliseconds: shows that all works, and no speed
          --list            only says who computes which case
          --help            this text
        """
        .formatted(defaults.cases.size(), defaults.rounds, WARMUPS, ITERATIONS, defaults.millis);
  }

  /**
   * Reads the arguments; of one given twice the last counts.
   *
   * @throws IllegalArgumentException naming the argument, what is allowed and what was got
   */
  static Options parse(String... args) {
    Options options = new Options();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--resume" -> options.resume = true;
        case "--quick" -> options.quick = true;
        case "--list" -> options.list = true;
        case "--help" -> options.help = true;
        case "--cases" ->
            options.cases =
                value(args, i++, "a regular expression that a case matches", Options::matching);
        case "--threads" ->
            options.threads =
                value(args, i++, "whole numbers from 1 on, with commas", Options::numbers);
        case "--rounds" -> options.rounds = value(args, i++, WHOLE, Options::number);
        case "--millis" -> options.millis = value(args, i++, WHOLE, Options::number);
        case "--minutes" ->
            options.limit = Duration.ofMinutes(value(args, i++, WHOLE, Options::number));
        case "--other-jdk" ->
            options.otherJdk =
                Optional.of(value(args, i++, "the directory of a JDK", Options::jdk));
        case "--out" -> options.out = value(args, i++, "a file", Path::of);
        default ->
            throw new IllegalArgumentException(
                "unknown argument: expected --cases, --threads, --rounds, --millis, --minutes,"
                    + " --other-jdk, --out, --resume, --quick, --list or --help, got "
                    + args[i]);
      }
    }
    return options;
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

  private static Path jdk(String text) {
    Path home = Path.of(text);
    if (!Files.isRegularFile(home.resolve("release"))) {
      throw new IllegalArgumentException("no JDK");
    }
    return home;
  }

  List<Case> cases() {
    return cases;
  }

  List<Integer> threads() {
    return threads;
  }

  int rounds() {
    return quick ? 1 : rounds;
  }

  /** Returns how long all may take. */
  Duration limit() {
    return limit;
  }

  Optional<Path> otherJdk() {
    return otherJdk;
  }

  Path out() {
    return out;
  }

  boolean resume() {
    return resume;
  }

  boolean quick() {
    return quick;
  }

  boolean list() {
    return list;
  }

  boolean help() {
    return help;
  }

  /** Returns how long a fork measures. */
  Settings settings() {
    return quick
        ? new Settings(1, 1, QUICK_MILLIS, 2, QUICK_MILLIS, JVM_ARGS, otherJdk, true)
        : new Settings(1, WARMUPS, WARMUP_MILLIS, ITERATIONS, millis, JVM_ARGS, otherJdk, true);
  }
}
