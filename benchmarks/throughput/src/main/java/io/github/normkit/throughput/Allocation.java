package io.github.normkit.throughput;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The bytes that a call allocates in the Java heap, counted before it is timed. JMH's own counter
 * takes what JMH allocates for that of the call, where an iteration has few of them.
 */
public final class Allocation implements InternalProfiler {

  /** The name of the result. */
  static final String BYTES = "allocated";

  private static final int CALLS = 10;
  private static final int ATTEMPTS = 3;

  /** Who takes longer is counted over fewer calls. */
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(20);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static double bytes = Double.NaN;

  /** Counts over some calls, with all threads that there are; the least of some attempts. */
  static void count(Runnable call) {
    long[] threads = THREADS.getAllThreadIds();
    long start = System.nanoTime();
    call.run();
    int calls = System.nanoTime() - start < LONGEST / CALLS ? CALLS : 1;
    long least = Long.MAX_VALUE;
    int attempt = 0;
    do {
      // The counting allocates, too.
      long counting = during(call, 0, threads);
      least = Math.min(least, during(call, calls, threads) - counting);
      attempt++;
    } while (attempt < ATTEMPTS && System.nanoTime() - start < LONGEST);
    bytes = Math.max(0, (double) least / calls);
  }

  private static long during(Runnable call, int calls, long... threads) {
    long[] before = THREADS.getThreadAllocatedBytes(threads);
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    long[] after = THREADS.getThreadAllocatedBytes(threads);
    return LongStream.of(after).sum() - LongStream.of(before).sum();
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.of(new ScalarResult(BYTES, bytes, "B/call", AggregationPolicy.AVG));
  }

  @Override
  public String getDescription() {
    return "bytes that a call allocates";
  }
}
