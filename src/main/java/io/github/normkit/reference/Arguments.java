package io.github.normkit.reference;

import java.util.Arrays;
import java.util.Objects;

/** The checks of this package. A message names the class, the rule and both numbers. */
final class Arguments {

  private Arguments() {}

  static void atLeast(String owner, String name, int least, int got) {
    if (got < least) {
      throw new IllegalArgumentException(
          owner + ": " + name + " must be at least " + least + ": got " + got);
    }
  }

  static void epsilon(String owner, double epsilon) {
    if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          owner + ": epsilon must be finite and not negative: expected >= 0, got " + epsilon);
    }
  }

  /** The rule says in words where the expected length comes from, as in {@code rows * cols}. */
  static void length(String owner, String name, double[] array, String rule, long expected) {
    Objects.requireNonNull(array, name);
    if (array.length != expected) {
      throw new IllegalArgumentException(
          owner
              + ": "
              + name
              + " must have "
              + rule
              + " elements: expected "
              + expected
              + ", got "
              + array.length);
    }
  }

  /** The array itself, or its neutral value where it is null. */
  static double[] orElse(
      String owner, String name, double[] array, String rule, int length, double neutral) {
    if (array == null) {
      double[] filled = new double[length];
      Arrays.fill(filled, neutral);
      return filled;
    }
    length(owner, name, array, rule, length);
    return array;
  }
}
