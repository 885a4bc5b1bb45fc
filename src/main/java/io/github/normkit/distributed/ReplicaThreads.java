package io.github.normkit.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The threads of a {@link ReplicaGroup#run}. */
final class ReplicaThreads {

  private final ReplicaGroup group;
  private final int worldSize;
  private final Duration timeout;
  private final List<Throwable> failures = new ArrayList<>();
  private final CountDownLatch ended;

  /** Down at the first failure, or the last end. */
  private final CountDownLatch decided = new CountDownLatch(1);

  ReplicaThreads(ReplicaGroup group, int worldSize, Duration timeout) {
    this.group = group;
    this.worldSize = worldSize;
    this.timeout = timeout;
    ended = new CountDownLatch(worldSize);
  }

  void run(Consumer<Collective> replica) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < worldSize; i++) {
      int rank = i;
      Thread thread = new Thread(() -> run(rank, replica), "replica-" + rank);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    boolean all = false;
    try {
      all = await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed(new CollectiveException("ReplicaGroup: the caller was interrupted", e));
    }
    if (!all) {
      threads.forEach(Thread::interrupt);
    }
    throwFirst();
  }

  private void run(int rank, Consumer<Collective> replica) {
    Throwable failure = null;
    try {
      replica.accept(group.replica(rank));
    } catch (Throwable e) {
      // Checked exceptions too: other languages throw them without saying so.
      failure = e;
      failed(e);
    } finally {
      group.leave(rank, failure);
      ended.countDown();
      if (ended.getCount() == 0) {
        decided.countDown();
      }
    }
  }

  private synchronized void failed(Throwable failure) {
    failures.add(failure);
    decided.countDown();
  }

  /** Waits for all, after a failure one timeout at most; returns whether all have ended. */
  private boolean await() throws InterruptedException {
    decided.await();
    return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void throwFirst() {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.get(0);
    for (Throwable other : failures.subList(1, failures.size())) {
      if (other != first) {
        first.addSuppressed(other);
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    throw new CollectiveException("ReplicaGroup: a replica has died of " + first, first);
  }
}
