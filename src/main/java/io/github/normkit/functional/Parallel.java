package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Splits a range of independent units over the caller's thread and those of a pool.
 *
 * <p>Threads take the next piece until none is left, the caller too: a pool that wakes up slowly,
 * or is busy, costs no time, and no call waits for a thread that has not begun. Where the cuts fall
 * has no influence on a result: each unit writes what is its own alone.
 */
final class Parallel {

  /** Below this many elements a call stays on the caller's thread: a split costs microseconds. */
  private static final int MIN_ELEMENTS = 32_768;

  /** For threads of unlike speed. */
  private static final int PIECES_PER_THREAD = 4;

  /** How often the caller looks for the last pieces before it pauses: some 50 µs. */
  private static final int SPINS = 1 << 12;

  /** How long it then pauses each time, in nanoseconds. */
  private static final int PAUSE = 20_000;

  /** The work on units from {@code from} to {@code to}, exclusive. */
  interface Range {
    void run(int from, int to);
  }

  private Parallel() {}

  /** Whether a call of that many units and elements gains by a pool, which may be null. */
  static boolean pays(ForkJoinPool pool, int units, int elements) {
    return pool != null && units > 1 && elements >= MIN_ELEMENTS;
  }

  static void run(ForkJoinPool pool, int units, Range range) {
    int threads = Math.min(units, pool.getParallelism());
    Work work = new Work(range, units, Math.min(units, PIECES_PER_THREAD * threads));
    for (int i = 1; i < threads; i++) {
      pool.execute(new Helper(work));
    }
    work.takePieces();
    work.await();
  }

  private static final class Work {

    private final Range range;
    private final int units;
    private final int pieces;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Work(Range range, int units, int pieces) {
      this.range = range;
      this.units = units;
      this.pieces = pieces;
    }

    void takePieces() {
      for (int i = taken.getAndIncrement(); i < pieces; i = taken.getAndIncrement()) {
        try {
          range.run(start(i), start(i + 1));
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          done.incrementAndGet();
        }
      }
    }

    private int start(int piece) {
      return (int) ((long) units * piece / pieces);
    }

    /** Waits for the pieces that others have begun. */
    void await() {
      for (int spins = 0; done.get() < pieces; spins++) {
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

  private static final class Helper extends RecursiveAction {

    private static final long serialVersionUID = 1L;

    private final transient Work work;

    Helper(Work work) {
      this.work = work;
    }

    @Override
    protected void compute() {
      work.takePieces();
    }
  }
}
