package io.github.normkit.throughput;

import java.util.Map;

/**
 * A system around the layers, with inputs of one size and fixed seeds: how it is called, and what
 * its formula gives in float64.
 */
interface AroundSystem {

  /** Returns the size, as a table shows it. */
  String shape();

  /** Returns the bytes that forward or backward must move, parameters of columns not counted. */
  long bytes(boolean backward);

  /** Returns a call of forward or backward. */
  Call bind(boolean backward);

  /** Returns the results that the call must give. */
  Map<String, double[]> expected(boolean backward);
}
