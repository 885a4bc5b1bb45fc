package io.github.normkit.spark;

import io.github.normkit.distributed.Collective;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Runs replicas as the tasks of one barrier stage, all at the same time or not at all. */
public final class Replicas {

  /**
   * What a replica does; it travels to where the task runs.
   *
   * @param <R> what comes back, serializable too
   */
  public interface Work<R extends Serializable> extends Function<Collective, R>, Serializable {}

  private Replicas() {}

  /**
   * Runs replicas and waits for them.
   *
   * @param context the cluster, which needs a free core for each
   * @param worldSize the number of replicas
   * @param timeout how long an exchange waits for the slowest replica
   * @param work what each does with its collective
   * @param <R> what comes back
   * @return what came back, in the order of ranks
   */
  public static <R extends Serializable> List<R> run(
      JavaSparkContext context, int worldSize, Duration timeout, Work<R> work) {
    ClassTag<Object> any = ClassTag$.MODULE$.Object();
    List<Integer> ranks = new ArrayList<>(Collections.nCopies(worldSize, 0));
    List<R> results = new ArrayList<>();
    for (Object result :
        context
            .parallelize(ranks, worldSize)
            .rdd()
            .barrier()
            .mapPartitions(new Task<>(timeout, work), false, any)
            .toJavaRDD()
            .collect()) {
      @SuppressWarnings("unchecked") // a task gives what its work gives
      R typed = (R) result;
      results.add(typed);
    }
    return results;
  }

  private static final class Task<R extends Serializable>
      extends AbstractFunction1<Iterator<Integer>, Iterator<Object>> implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Duration timeout;
    private final Work<R> work;

    Task(Duration timeout, Work<R> work) {
      this.timeout = timeout;
      this.work = work;
    }

    @Override
    public Iterator<Object> apply(Iterator<Integer> partition) {
      Object result = work.apply(BarrierCollective.ofTask(timeout));
      return CollectionConverters.asScala(List.of(result).iterator());
    }
  }
}
