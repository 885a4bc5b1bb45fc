package io.github.normkit.experiments;

/** Arithmetic that counts itself. */
final class Counter {

  private long operations;
  private long roots;
  private long divisions;

  double add(double a, double b) {
    operations++;
    return a + b;
  }

  double subtract(double a, double b) {
    operations++;
    return a - b;
  }

  double multiply(double a, double b) {
    operations++;
    return a * b;
  }

  double divide(double a, double b) {
    divisions++;
    return a / b;
  }

  double root(double a) {
    roots++;
    return Math.sqrt(a);
  }

  /** Returns the number of additions, subtractions and multiplications. */
  long operations() {
    return operations;
  }

  /** Returns the number of divisions and roots. */
  long slowOperations() {
    return divisions + roots;
  }
}
