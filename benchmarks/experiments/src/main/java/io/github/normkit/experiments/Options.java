package io.github.normkit.experiments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The command line of {@link Digits}.
 *
 * @param epochs how often each training image is seen
 * @param seed decides the initial weights and the order of the images
 * @param learningRate the rate of the first step
 * @param out where the chart goes
 * @param help whether only the usage is wanted
 */
record Options(int epochs, long seed, float learningRate, Path out, boolean help) {

  private static final int MAX_EPOCHS = 1000;
  private static final Options DEFAULTS =
      new Options(15, 1, 0.1f, Path.of("target", "digits.svg"), false);

  /** The text for --help. */
  static final String USAGE =
      """
      Trains one small network on real 8x8 digits six times: without normalization and with
      each layer of normkit. Prints a table and writes a chart of the loss curves.

        --epochs N          passes over the training images, 1 to %d (default %d)
        --seed N            initial weights and order of the images, a whole number (default %d)
        --learning-rate X   rate of the first step, a number above 0 (default %s)
        --out FILE          the chart, an SVG file (default %s)
        --help              this text
      """
          .formatted(
              MAX_EPOCHS, DEFAULTS.epochs, DEFAULTS.seed, DEFAULTS.learningRate, DEFAULTS.out);

  /**
   * Reads the arguments; of one given twice the last counts.
   *
   * @throws IllegalArgumentException naming the argument, what is allowed and what was got
   */
  static Options parse(String... args) {
    int epochs = DEFAULTS.epochs;
    long seed = DEFAULTS.seed;
    float learningRate = DEFAULTS.learningRate;
    Path out = DEFAULTS.out;
    boolean help = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--help" -> help = true;
        case "--epochs" ->
            epochs =
                value(
                    args,
                    i++,
                    "a whole number from 1 to " + MAX_EPOCHS,
                    Integer::parseInt,
                    n -> n >= 1 && n <= MAX_EPOCHS);
        case "--seed" -> seed = value(args, i++, "a whole number", Long::parseLong, n -> true);
        case "--learning-rate" ->
            learningRate =
                value(
                    args,
                    i++,
                    "a number above 0",
                    Float::parseFloat,
                    x -> x > 0 && Float.isFinite(x));
        case "--out" ->
            out =
                value(
                    args,
                    i++,
                    "a file",
                    Path::of,
                    path -> !path.toString().isEmpty() && !Files.isDirectory(path));
        default ->
            throw new IllegalArgumentException(
                "unknown argument: expected --epochs, --seed, --learning-rate, --out or --help, got"
                    + " "
                    + args[i]);
      }
    }
    return new Options(epochs, seed, learningRate, out, help);
  }

  private static <T> T value(
      String[] args, int i, String allowed, Function<String, T> parse, Predicate<T> valid) {
    String rule = args[i] + " must be " + allowed + ": got ";
    if (i + 1 == args.length) {
      throw new IllegalArgumentException(rule + "nothing");
    }
    T value;
    try {
      value = parse.apply(args[i + 1]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(rule + quoted(args[i + 1]), e);
    }
    if (!valid.test(value)) {
      throw new IllegalArgumentException(rule + quoted(args[i + 1]));
    }
    return value;
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
