package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that is split over a pool is done whole, once, and without waiting for idle threads. */
@Timeout(60)
class ParallelTest {

  private final ForkJoinPool pool = new ForkJoinPool(3);

  @AfterEach
  void closePool() {
    pool.shutdown();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 11, 12, 13, 1000})
  void everyUnitRunsOnce(int units) {
    for (int repetition = 0; repetition < 100; repetition++) {
      AtomicIntegerArray runs = new AtomicIntegerArray(units);
      Parallel.run(pool, units, (from, to) -> count(runs, from, to));
      for (int i = 0; i < units; i++) {
        assertThat(runs.get(i)).as("unit %d of %d", i, units).isEqualTo(1);
      }
    }
  }

  @Test
  void aBusyPoolHoldsUpNoCall() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(3);
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 3; i++) {
      pool.execute(
          () -> {
            busy.countDown();
            await(end);
          });
    }
    assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
    AtomicIntegerArray runs = new AtomicIntegerArray(10);
    Parallel.run(pool, 10, (from, to) -> count(runs, from, to));
    end.countDown();
    assertThat(runs.get(0) + runs.get(9)).isEqualTo(2);
  }

  @Test
  void aWorkerOfThePoolMaySplitItsOwnWork() {
    AtomicIntegerArray runs = new AtomicIntegerArray(10);
    pool.submit(() -> Parallel.run(pool, 10, (from, to) -> count(runs, from, to))).join();
    assertThat(runs.get(0) + runs.get(9)).isEqualTo(2);
  }

  @Test
  void aHelperThatIsStillAwakeTakesTheNextCallUnasked() {
    AtomicInteger asked = new AtomicInteger();
    ForkJoinPool counting =
        new ForkJoinPool(2) {
          @Override
          public void execute(ForkJoinTask<?> task) {
            asked.incrementAndGet();
            super.execute(task);
          }
        };
    try {
      boolean seen = false;
      while (!seen) {
        int before = asked.get();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Parallel.run(counting, 64, (from, to) -> threads.add(pausedThread()));
        seen = threads.size() == 2 && asked.get() == before;
      }
    } finally {
      counting.shutdown();
    }
  }

  private static Thread pausedThread() {
    LockSupport.parkNanos(10_000);
    return Thread.currentThread();
  }

  @Test
  void theCommonPoolHasOneThreadMoreThanItSays() {
    int threads = ForkJoinPool.commonPool().getParallelism() + 1;
    AtomicInteger pieces = new AtomicInteger();
    Parallel.run(ForkJoinPool.commonPool(), 1 << 20, (from, to) -> pieces.incrementAndGet());
    assertThat(pieces).hasValue(4 * threads);
  }

  @Test
  void aFailureReachesTheCallerWhenAllElseIsDone() {
    AtomicIntegerArray runs = new AtomicIntegerArray(12);
    assertThatThrownBy(
            () ->
                Parallel.run(
                    pool,
                    12,
                    (from, to) -> {
                      count(runs, from, to);
                      if (from == 0) {
                        throw new IllegalStateException("unit 0");
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("unit 0");
    assertThat(runs.get(11)).isEqualTo(1);
  }

  private static void count(AtomicIntegerArray runs, int from, int to) {
    for (int i = from; i < to; i++) {
      runs.incrementAndGet(i);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
