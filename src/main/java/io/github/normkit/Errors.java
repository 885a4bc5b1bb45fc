package io.github.normkit;

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

  static int atLeastOne(String layer, String what, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(layer + ": " + what + " must be at least 1: got " + size);
    }
    return size;
  }
}
