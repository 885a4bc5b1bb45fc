package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The systems around the layers, each beside a copy of the same bytes; one thread. */
public class AroundBenchmark extends CallBenchmark {

  /** The pass, one of all. */
  @Param public AroundPass pass;

  /** Who runs: normkit, or the copy. */
  @Param({Job.NORMKIT, Job.COPY})
  public String implementation;

  /**
   * Binds, checks and warms up.
   *
   * @param params of the run
   * @throws IllegalStateException if a result is wrong
   */
  @Setup
  public void setUp(BenchmarkParams params) {
    Call call = implementation.equals(Job.COPY) ? new Copy.Vectors().of(pass.bytes()) : pass.bind();
    begin(call, pass, implementation, true, params);
  }
}
