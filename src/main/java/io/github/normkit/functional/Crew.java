package io.github.normkit.functional;

import java.lang.ref.WeakReference;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads of a pool that help with split calls.
 *
 * <p>A thread that has gone to sleep takes some 50 µs to wake up, longer than many a call. So a
 * helper that finds nothing more to do looks out for the next call for as long before it leaves,
 * unless the pool has other work.
 */
final class Crew {

  /** How long a helper looks out for work, in nanoseconds. */
  private static final long PATIENCE = 50_000;

  /** The crew of the pool that was used last; a program seldom has two. */
  private static volatile Crew latest = new Crew(null);

  private final WeakReference<ForkJoinPool> pool;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicReference<Work> offer = new AtomicReference<>();

  private Crew(ForkJoinPool pool) {
    this.pool = new WeakReference<>(pool);
  }

  static Crew of(ForkJoinPool pool) {
    Crew crew = latest;
    if (!crew.pool.refersTo(pool)) {
      crew = new Crew(pool);
      latest = crew;
    }
    return crew;
  }

  /** Calls up to so many helpers: those that wait, and for the others the pool is asked. */
  void call(ForkJoinPool pool, Work work, int helpers) {
    offer.set(work);
    for (int i = waiting.get(); i < helpers; i++) {
      pool.execute(new Helper(this, work, i + 1));
    }
  }

  /** Offers it no longer. */
  void dismiss(Work work) {
    offer.compareAndSet(work, null);
  }

  /** Waits for work that is offered; null if none comes in time. */
  private Work next() {
    ForkJoinPool of = pool.get();
    waiting.incrementAndGet();
    try {
      long start = System.nanoTime();
      while (System.nanoTime() - start < PATIENCE && of != null && !of.hasQueuedSubmissions()) {
        Work work = offer.get();
        if (work != null && work.open()) {
          return work;
        }
        Thread.onSpinWait();
      }
      return null;
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static final class Helper extends RecursiveAction {

    private static final long serialVersionUID = 1L;

    private final transient Crew crew;
    private final transient Work first;
    private final int thread;

    Helper(Crew crew, Work first, int thread) {
      this.crew = crew;
      this.first = first;
      this.thread = thread;
    }

    @Override
    protected void compute() {
      for (Work work = first; work != null; work = crew.next()) {
        work.takePieces(thread);
      }
    }
  }
}
