package io.github.normkit.throughput;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Binds an implementation to a case, checks what it gives, and times it.
 *
 * <p>{@link Session} sets all parameters. By hand, {@code kernels} other than the default needs
 * {@code -Dnormkit.kernels} in the fork as well.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {NormBenchmark.VECTORS, NormBenchmark.LEAST_HEAP, NormBenchmark.MOST_HEAP})
public abstract class NormBenchmark {

  static final String VECTORS = "--add-modules=jdk.incubator.vector";

  /** Nothing is allocated while it is timed, so that the heap need not be large from the start. */
  static final String LEAST_HEAP = "-Xms1g";

  /** For the reference of 4096 x 8192 elements backward: a dozen arrays of up to 256 MiB. */
  static final String MOST_HEAP = "-Xmx4g";

  static final String CHANNELS_FIRST = "channels-first";
  static final String CHANNELS_LAST = "channels-last";

  /** Who computes it; see {@link Implementations}. */
  @Param("normkit")
  public String implementation;

  /** How many threads work at a call. */
  @Param({"1", "2"})
  public int threads;

  /** Which kernels of normkit are active. */
  @Param("vector")
  public String kernels;

  /** Whether the results are checked first. */
  @Param("true")
  public boolean checks;

  private Call call;

  /** Returns what is computed. */
  abstract Case what();

  /**
   * Binds, checks, and calls until the compiler has been quiet for as long as an iteration of the
   * warm-up takes.
   *
   * @param params of the run
   * @throws IllegalStateException if the kernels are others, or a result is wrong
   */
  @Setup
  public void setUp(BenchmarkParams params) {
    String active = io.github.normkit.Normkit.kernels();
    if (!active.startsWith(kernels)) {
      throw new IllegalStateException(
          "kernels must be active as the parameter says: expected "
              + kernels
              + ", got "
              + active
              + "; start the fork with -Dnormkit.kernels="
              + kernels);
    }
    Case c = what();
    call =
        Implementations.named(implementation)
            .bind(c, threads)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        implementation + " must have the case: got " + c + ", threads " + threads));
    String error = checks ? Format.of("error %.1e", call.error(c)) : "checked before";
    System.out.printf("# %s, %s: %s; kernels %s%n", implementation, c, error, active);
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
