package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;

/**
 * Splits a range of independent units over a pool.
 *
 * <p>Where the cuts fall has no influence on a result: each unit writes what is its own alone.
 */
final class Parallel {

  /** Below this many elements a call stays on the caller's thread: a split costs microseconds. */
  private static final int MIN_ELEMENTS = 32_768;

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
    int pieces = 4 * pool.getParallelism();
    Task task = new Task(range, 0, units, Math.max(1, units / pieces));
    if (Task.getPool() == pool) {
      task.invoke();
    } else {
      pool.invoke(task);
    }
  }

  private static final class Task extends RecursiveAction {

    private static final long serialVersionUID = 1L;

    private final transient Range range;
    private final int from;
    private final int to;
    private final int grain;

    Task(Range range, int from, int to, int grain) {
      this.range = range;
      this.from = from;
      this.to = to;
      this.grain = grain;
    }

    @Override
    protected void compute() {
      if (to - from <= grain) {
        range.run(from, to);
        return;
      }
      int middle = (from + to) >>> 1;
      invokeAll(new Task(range, from, middle, grain), new Task(range, middle, to, grain));
    }
  }
}
