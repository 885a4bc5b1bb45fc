package io.github.normkit.internal;

import java.util.function.Supplier;

/**
 * The kernels in plain Java, complete: the fallback, and the definition of each formula.
 *
 * <p>Sums over runs keep their lanes in an array, so that the compiler may vectorize the loops over
 * blocks.
 */
public final class ScalarKernels implements Supplier<Kernels> {

  @Override
  public Kernels get() {
    return new Kernels("scalar", 0, new ScalarRows(), new ScalarSegments(), new ScalarColumns());
  }
}
