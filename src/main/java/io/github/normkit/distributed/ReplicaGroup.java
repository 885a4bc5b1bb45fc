package io.github.normkit.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A group of replicas that are threads of one virtual machine.
 *
 * <p>A replica that does not arrive within the timeout, or has {@linkplain #leave left}, breaks the
 * group: all that wait, and all later calls, fail with a {@link CollectiveException} that names it.
 * None waits longer than the timeout.
 *
 * <pre>{@code
 * ReplicaGroup.run(4, Duration.ofSeconds(30), collective -> {
 *   BatchNorm norm = BatchNorm.builder(64).synchronize(collective).build();
 *   train(norm, part(collective.rank()));
 * });
 * }</pre>
 *
 * <p>Thread-safe. Each {@link #replica} is for one thread at a time.
 */
public final class ReplicaGroup {

  /** The longest timeout that a group takes. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** One exchange. */
  private static final class Round {

    private final double[][] values;
    private int arrived;

    Round(int worldSize) {
      values = new double[worldSize][];
    }

    boolean complete() {
      return arrived == values.length;
    }
  }

  private final int worldSize;
  private final Duration timeout;
  private final Object lock = new Object();

  /** Which replicas will not come again. */
  private final boolean[] left;

  private Round round;

  /** Why the group is broken, or null. */
  private String failure;

  private Throwable cause;

  /**
   * Makes a group.
   *
   * @param worldSize the number of replicas, at least 1
   * @param timeout how long a replica waits for the others: positive, a day at most
   * @throws IllegalArgumentException if one is not as said
   */
  public ReplicaGroup(int worldSize, Duration timeout) {
    if (worldSize < 1) {
      throw new IllegalArgumentException(
          "ReplicaGroup: worldSize must be at least 1: got " + worldSize);
    }
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "ReplicaGroup: timeout must be positive and at most " + LONGEST + ": got " + timeout);
    }
    this.worldSize = worldSize;
    this.timeout = timeout;
    left = new boolean[worldSize];
    round = new Round(worldSize);
  }

  /**
   * Runs replicas, each on a thread of its own, and waits for them.
   *
   * <p>One that throws, or returns while others wait for it, leaves the group, so that they fail at
   * once. Those that still run one timeout after the first failure are interrupted and left behind
   * as daemons.
   *
   * @param worldSize the number of replicas, at least 1
   * @param timeout how long a replica waits for the others: positive, a day at most
   * @param replica what each does
   * @throws IllegalArgumentException if one is not as said
   * @throws RuntimeException or an error: what the first replica to fail has thrown, and
   *     suppressed, what others have
   */
  public static void run(int worldSize, Duration timeout, Consumer<Collective> replica) {
    Objects.requireNonNull(replica, "replica");
    new ReplicaThreads(new ReplicaGroup(worldSize, timeout), worldSize, timeout).run(replica);
  }

  /**
   * Returns one replica's end of the group.
   *
   * @param rank which, from 0 to {@code worldSize - 1}
   * @return its collective
   * @throws IllegalArgumentException if there is no such rank
   */
  public Collective replica(int rank) {
    return new Replica(checked(rank));
  }

  /**
   * Says that a replica has died or ended and will not call again: those that wait for it fail now
   * instead of after the timeout.
   *
   * @param rank which, from 0 to {@code worldSize - 1}
   * @param cause what it has died of, or null
   * @throws IllegalArgumentException if there is no such rank
   */
  public void leave(int rank, Throwable cause) {
    checked(rank);
    synchronized (lock) {
      left[rank] = true;
      if (cause != null) {
        fail("rank " + rank + " of " + worldSize + " has died of " + cause, cause);
      } else if (round.arrived > 0) {
        failWhereOneHasLeft();
      }
    }
  }

  private int checked(int rank) {
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException(
          "ReplicaGroup: rank must be in 0.." + (worldSize - 1) + ": got " + rank);
    }
    return rank;
  }

  private double[][] allGather(int rank, double[] values) {
    Objects.requireNonNull(values, "values");
    synchronized (lock) {
      failWhereOneHasLeft();
      throwIfBroken();
      Round mine = round;
      if (mine.values[rank] != null) {
        throw new IllegalStateException(
            "ReplicaGroup: a replica must not call again before all have arrived: got rank "
                + rank
                + " of "
                + worldSize);
      }
      mine.values[rank] = values.clone();
      mine.arrived++;
      if (mine.complete()) {
        round = new Round(worldSize);
        lock.notifyAll();
      } else {
        await(mine, rank);
      }
      return mine.values;
    }
  }

  private void await(Round mine, int rank) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!mine.complete()) {
      throwIfBroken();
      long rest = deadline - System.nanoTime();
      if (rest <= 0) {
        fail(missing(mine) + " did not arrive within " + seconds(timeout) + " seconds", null);
        continue;
      }
      try {
        lock.wait(rest / 1_000_000, (int) (rest % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail("rank " + rank + " of " + worldSize + " was interrupted", e);
      }
    }
  }

  static String seconds(Duration timeout) {
    return String.valueOf(timeout.toNanos() / 1e9);
  }

  private String missing(Round mine) {
    List<Integer> ranks = new ArrayList<>();
    for (int rank = 0; rank < worldSize; rank++) {
      if (mine.values[rank] == null) {
        ranks.add(rank);
      }
    }
    String names = ranks.toString();
    return ranks.size() == 1
        ? "rank " + ranks.get(0) + " of " + worldSize
        : "ranks " + names + " of " + worldSize;
  }

  private void failWhereOneHasLeft() {
    for (int rank = 0; rank < worldSize; rank++) {
      if (left[rank]) {
        fail("rank " + rank + " of " + worldSize + " has ended", null);
      }
    }
  }

  /** Breaks the group, unless it is broken. */
  private void fail(String why, Throwable cause) {
    if (failure == null) {
      failure = "ReplicaGroup: all replicas must take part: " + why;
      this.cause = cause;
      lock.notifyAll();
    }
  }

  private void throwIfBroken() {
    if (failure != null) {
      throw new CollectiveException(failure, cause);
    }
  }

  private final class Replica implements Collective {

    private final int rank;

    Replica(int rank) {
      this.rank = rank;
    }

    @Override
    public int worldSize() {
      return worldSize;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public double[][] allGather(double[] values) {
      return ReplicaGroup.this.allGather(rank, values);
    }
  }
}
