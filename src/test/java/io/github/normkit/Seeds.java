package io.github.normkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The seeds of tests with random data: fixed, and shown in the names of the tests.
 *
 * <p>{@code -Dnormkit.seed=...} sets the first one, so that the seed of a failure brings its case
 * back as the first of its kind.
 */
public final class Seeds {

  private static final long FIRST = Long.getLong("normkit.seed", 20_260_101L);

  private Seeds() {}

  /** The seed of the i-th case. */
  public static long seed(int i) {
    return FIRST + i;
  }

  /** A generator for that seed; those of neighbouring seeds are unrelated. */
  public static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }
}
