package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;

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
    int threads = Math.min(units, threads(pool));
    Work work = new Work(range, units, Math.min(units, PIECES_PER_THREAD * threads), threads);
    Crew crew = Crew.of(pool);
    crew.call(pool, work, threads - 1);
    work.takePieces(0);
    crew.dismiss(work);
    work.await();
  }

  /** The caller counts as one of a pool's threads; the common pool has left it out already. */
  private static int threads(ForkJoinPool pool) {
    int parallelism = pool.getParallelism();
    return pool == ForkJoinPool.commonPool() ? parallelism + 1 : parallelism;
  }
}
