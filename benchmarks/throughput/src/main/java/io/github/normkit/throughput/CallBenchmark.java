package io.github.normkit.throughput;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Checks what a call gives, and times it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {NormBenchmark.VECTORS, NormBenchmark.LEAST_HEAP, NormBenchmark.MOST_HEAP})
public abstract class CallBenchmark {

  private Call call;

  /**
   * Takes the call, checks it, and calls until the compiler has been quiet for as long as an
   * iteration of the warm-up takes.
   *
   * @throws IllegalStateException if a result is wrong
   */
  final void begin(Call bound, Checked what, String by, boolean checks, BenchmarkParams params) {
    call = bound;
    String error = checks ? Format.of("error %.1e", call.error(what)) : "checked before";
    String kernels = io.github.normkit.Normkit.kernels();
    System.out.printf("# %s, %s: %s; kernels %s%n", by, what, error, kernels);
    // What the check took is not to be collected while it is timed.
    System.gc();
    Compilation.settle(call::run, params.getWarmup().getTime().convertTo(TimeUnit.NANOSECONDS));
    Allocation.count(call::run);
  }

  /** One call. */
  @Benchmark
  public void run() {
    call.run();
  }

  /** Frees what was taken. */
  @TearDown
  public void tearDown() {
    call.close();
  }
}
