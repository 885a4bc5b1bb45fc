package io.github.normkit;

import java.util.Arrays;

/** Checks of options that several layers share; each message names the layer, rule and numbers. */
final class Errors {

  private Errors() {}

  static double epsilon(String layer, double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          layer + ": epsilon must be finite and positive: got " + epsilon);
    }
    return epsilon;
  }

  static double momentum(String layer, double momentum) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(layer + ": momentum must lie in [0, 1]: got " + momentum);
    }
    return momentum;
  }

  static double finite(String layer, String what, double value) {
    if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(layer + ": " + what + " must be finite: got " + value);
    }
    return value;
  }

  /** Checks a number that may be infinite. */
  static double atLeast(String layer, String what, double least, double value) {
    if (!(value >= least)) {
      throw new IllegalArgumentException(
          layer + ": " + what + " must be at least " + least + ": got " + value);
    }
    return value;
  }

  static int atLeastOne(String layer, String what, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(layer + ": " + what + " must be at least 1: got " + size);
    }
    return size;
  }

  static Shape normalizedShape(String layer, int... normalizedShape) {
    if (normalizedShape.length == 0) {
      throw new IllegalArgumentException(
          layer + ": normalizedShape must not be empty: expected at least 1 dimension, got 0");
    }
    for (int dim : normalizedShape) {
      atLeastOne(layer, "each dimension of normalizedShape", dim);
    }
    if (!Shape.fitsInt(normalizedShape)) {
      throw new IllegalArgumentException(
          layer
              + ": the number of elements of normalizedShape must fit an int: got "
              + Arrays.toString(normalizedShape)
              + ", limit "
              + Integer.MAX_VALUE);
    }
    return Shape.of(normalizedShape);
  }
}
