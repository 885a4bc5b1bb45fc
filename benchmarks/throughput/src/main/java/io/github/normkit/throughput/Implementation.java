package io.github.normkit.throughput;

import java.util.Optional;

/**
 * Somebody who computes cases.
 *
 * <p>Implementations are found by {@link java.util.ServiceLoader}, so that a module can add its own
 * to the benchmarks of this one; see {@link Implementations}. Their constructors are called to
 * learn the names: native libraries are loaded by {@link #bind} at the earliest.
 */
public interface Implementation {

  /** Returns the name, in lower case and without blanks. */
  String name();

  /**
   * Returns a call of the case, or nothing if this has no such operation, layout or threads.
   *
   * @param c what to compute
   * @param threads how many threads work at it
   */
  Optional<Call> bind(Case c, int threads);
}
