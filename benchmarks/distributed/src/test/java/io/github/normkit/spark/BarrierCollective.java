package io.github.normkit.spark;

import io.github.normkit.distributed.Collective;
import io.github.normkit.distributed.CollectiveException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * A replica that is a task of a barrier stage, by {@code BarrierTaskContext.allGather}.
 *
 * <p>The rank is the partition. Spark itself ends all tasks of the stage when one dies. It has a
 * timeout for one that is late too, but that clock stops when any other stage ends; so the
 * collective has its own. A task looks for the others' answers once a second, which is what an
 * exchange takes at least.
 */
public final class BarrierCollective implements Collective {

  private static final String LATE = "others are late";

  private final BarrierTaskContext context;
  private final Duration timeout;
  private final int worldSize;

  private BarrierCollective(BarrierTaskContext context, Duration timeout) {
    this.context = context;
    this.timeout = timeout;
    worldSize = context.getTaskInfos().length;
  }

  /**
   * Returns the collective of the task that this thread runs.
   *
   * @param timeout how long an exchange waits for the slowest replica, to the next second
   * @return it
   * @throws IllegalStateException if the thread runs no task of a barrier stage
   */
  public static BarrierCollective ofTask(Duration timeout) {
    if (!(TaskContext.get() instanceof BarrierTaskContext context)) {
      throw new IllegalStateException(
          "BarrierCollective: the thread must run a task of a barrier stage: got "
              + TaskContext.get());
    }
    return new BarrierCollective(context, timeout);
  }

  @Override
  public int worldSize() {
    return worldSize;
  }

  @Override
  public int rank() {
    return context.partitionId();
  }

  @Override
  public double[][] allGather(double[] values) {
    String[] texts = exchange(DoubleText.encode(values));
    double[][] all = new double[texts.length][];
    for (int rank = 0; rank < texts.length; rank++) {
      all[rank] = DoubleText.decode(texts[rank]);
    }
    return all;
  }

  private String[] exchange(String text) {
    Thread clock = new Thread(this::waitAndGiveUp, "normkit-clock");
    clock.setDaemon(true);
    clock.start();
    try {
      return context.allGather(text);
    } catch (TaskKilledException e) {
      if (e.reason().equals(LATE)) {
        throw late(e);
      }
      // So Spark ends a task whose stage has failed elsewhere; it wants to see its own exception.
      throw e;
    } catch (Exception e) {
      // Scala declares no checked exceptions, but throws them.
      throw late(e);
    } finally {
      clock.interrupt();
    }
  }

  private void waitAndGiveUp() {
    try {
      TimeUnit.NANOSECONDS.sleep(timeout.toNanos());
      context.markInterrupted(LATE);
    } catch (InterruptedException e) {
      // All came in time.
    }
  }

  private CollectiveException late(Exception cause) {
    return new CollectiveException(
        "BarrierCollective: all replicas must take part within "
            + timeout.toSeconds()
            + " seconds: rank "
            + rank()
            + " of "
            + worldSize
            + " waited in vain",
        cause);
  }
}
