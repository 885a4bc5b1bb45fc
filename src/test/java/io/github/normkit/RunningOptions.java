package io.github.normkit;

import java.util.random.RandomGenerator;

/**
 * What becomes of running statistics.
 *
 * @param track whether there are any
 * @param frozen whether they are used in training too, and never updated
 * @param cumulative whether they are the plain average of all batches, whatever the momentum
 * @param momentum the weight of a new batch
 * @param unbiased whether the running variance takes the unbiased estimate
 */
record RunningOptions(
    boolean track, boolean frozen, boolean cumulative, double momentum, boolean unbiased) {

  private static final double[] MOMENTA = {0, 0.01, 0.1, 0.5, 0.9, 1};

  static RunningOptions draw(RandomGenerator random, boolean mayFreeze) {
    boolean track = random.nextInt(4) > 0;
    return new RunningOptions(
        track,
        track && mayFreeze && random.nextInt(5) == 0,
        random.nextInt(4) == 0,
        MOMENTA[random.nextInt(MOMENTA.length)],
        random.nextBoolean());
  }

  /** As the convention says, of which null is none. */
  RunningOptions with(Convention convention) {
    return convention == null
        ? this
        : new RunningOptions(
            track, frozen, false, convention.momentum(), convention.unbiasedVariance());
  }
}
