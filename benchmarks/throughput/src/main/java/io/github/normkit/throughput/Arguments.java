package io.github.normkit.throughput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of names and values, {@code --name value}. */
final class Arguments {

  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the arguments; of one given twice the last counts.
   *
   * @param defaults the names that are allowed, with their values unless others are given
   * @throws IllegalArgumentException if a name is unknown or has no value
   */
  static Arguments parse(Map<String, String> defaults, String... args) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (int i = 0; i < args.length; i += 2) {
      if (!defaults.containsKey(args[i])) {
        throw new IllegalArgumentException(
            "unknown argument: expected one of "
                + defaults.keySet().stream().sorted().toList()
                + " or --help, got "
                + args[i]);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " must have a value: got nothing");
      }
      values.put(args[i], args[i + 1]);
    }
    return new Arguments(values);
  }

  /** Returns a value. */
  String text(String name) {
    return values.get(name);
  }

  /** Returns the parts of a value between commas. */
  List<String> list(String name) {
    return List.of(text(name).split(",", -1));
  }

  /** Returns a whole number that is at least 1. */
  int number(String name) {
    return number(name, text(name));
  }

  /** Returns whole numbers that are at least 1. */
  List<Integer> numbers(String name) {
    return list(name).stream().map(text -> number(name, text)).toList();
  }

  private static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is too small.
    }
    throw new IllegalArgumentException(
        name + " must be a whole number from 1 on: got \"" + text + '"');
  }

  /** Returns the parts of a value, each one of those allowed. */
  List<String> list(String name, List<String> allowed) {
    List<String> list = list(name);
    for (String text : list) {
      if (!allowed.contains(text)) {
        throw new IllegalArgumentException(
            name + " must be of " + allowed + ": got \"" + text + '"');
      }
    }
    return list;
  }

  /** Returns a file that can be written; its directory is made. */
  Path file(String name) {
    Path file = Path.of(text(name)).toAbsolutePath();
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " must be a file in a directory: got " + file, e);
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(name + " must be a file: got the directory " + file);
    }
    return file;
  }

  /** Returns the file beside another that differs in the end of its name. */
  static Path beside(Path file, String end) {
    return file.resolveSibling(
        file.getFileName().toString().replaceFirst("\\.(json|svg)$", "") + end);
  }

  /** Returns whether only the usage is wanted. */
  static boolean help(String... args) {
    return Arrays.asList(args).contains("--help");
  }
}
