package io.github.normkit.functional;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A range of units, cut into pieces that threads take one after the other. */
final class Work {

  /** How often the caller looks for the last pieces before it pauses: some 50 µs. */
  private static final int SPINS = 1 << 12;

  /** How long it then pauses each time, in nanoseconds. */
  private static final int PAUSE = 20_000;

  private final Parallel.Range range;
  private final int units;
  private final int threads;
  private final AtomicIntegerArray takers;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Work(Parallel.Range range, int units, int pieces, int threads) {
    this.range = range;
    this.units = units;
    this.threads = threads;
    this.takers = new AtomicIntegerArray(pieces);
  }

  /** Whether there are pieces to take. */
  boolean open() {
    return taken.get() < takers.length();
  }

  /**
   * Works until all pieces are taken.
   *
   * @param thread the caller's is 0. Each begins at a share of its own, so that in call after call
   *     it meets the elements that its core has in cache.
   */
  void takePieces(int thread) {
    int pieces = takers.length();
    int first = pieces * thread / threads;
    for (int i = 0; i < pieces && open(); i++) {
      int piece = (first + i) % pieces;
      if (takers.compareAndSet(piece, 0, 1)) {
        taken.incrementAndGet();
        run(piece);
      }
    }
  }

  private void run(int piece) {
    try {
      range.run(start(piece), start(piece + 1));
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      done.incrementAndGet();
    }
  }

  private int start(int piece) {
    return (int) ((long) units * piece / takers.length());
  }

  /** Waits for the pieces that others have begun, and throws what failed. */
  void await() {
    for (int spins = 0; done.get() < takers.length(); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE);
      }
    }
    if (failure.get() instanceof Error e) {
      throw e;
    }
    if (failure.get() instanceof RuntimeException e) {
      throw e;
    }
  }
}
