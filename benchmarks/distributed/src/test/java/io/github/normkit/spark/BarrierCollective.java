package io.github.normkit.spark;

import io.github.normkit.distributed.Collective;
import io.github.normkit.distributed.CollectiveException;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * A replica that is a task of a barrier stage, by {@code BarrierTaskContext.allGather}.
 *
 * <p>The rank is the partition. Spark itself ends all tasks of the stage when one dies; one that is
 * late fails the others after {@code spark.barrier.sync.timeout}, <em>a year unless it is set</em>.
 * A task looks for the others' answers once a second, which is what an exchange takes at least.
 */
public final class BarrierCollective implements Collective {

  static final String TIMEOUT = "spark.barrier.sync.timeout";

  private final BarrierTaskContext context;
  private final int worldSize;

  private BarrierCollective(BarrierTaskContext context) {
    this.context = context;
    worldSize = context.getTaskInfos().length;
  }

  /**
   * Returns the collective of the task that this thread runs.
   *
   * @return it
   * @throws IllegalStateException if the thread runs no task of a barrier stage
   */
  public static BarrierCollective ofTask() {
    if (!(TaskContext.get() instanceof BarrierTaskContext context)) {
      throw new IllegalStateException(
          "BarrierCollective: the thread must run a task of a barrier stage: got "
              + TaskContext.get());
    }
    return new BarrierCollective(context);
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
    try {
      return context.allGather(text);
    } catch (TaskKilledException e) {
      // So Spark ends a task whose stage has failed elsewhere; it wants to see its own exception.
      throw e;
    } catch (Exception e) {
      // Scala declares no checked exceptions, but throws them.
      throw new CollectiveException(
          "BarrierCollective: all replicas must take part within "
              + SparkEnv.get().conf().getTimeAsSeconds(TIMEOUT, "365d")
              + " seconds: rank "
              + rank()
              + " of "
              + worldSize
              + " waited in vain: "
              + e.getMessage(),
          e);
    }
  }
}
