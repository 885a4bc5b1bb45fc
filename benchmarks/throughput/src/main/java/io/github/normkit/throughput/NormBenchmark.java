package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Binds an implementation to a case, checks what it gives, and times it.
 *
 * <p>{@link Session} sets all parameters. By hand, {@code kernels} other than the default needs
 * {@code -Dnormkit.kernels} in the fork as well.
 */
public abstract class NormBenchmark extends CallBenchmark {

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

  /** Returns what is computed. */
  abstract Case what();

  /**
   * Binds, checks and warms up.
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
    Call call =
        Implementations.named(implementation)
            .bind(c, threads)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        implementation + " must have the case: got " + c + ", threads " + threads));
    begin(call, c, implementation, checks, params);
  }
}
