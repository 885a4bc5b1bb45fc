package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;

/** GroupNorm. */
public class GroupBenchmark extends ChannelBenchmark {

  /** The pass. */
  @Param({"GROUP_FORWARD", "GROUP_BACKWARD"})
  public Operation operation;

  @Override
  Operation operation() {
    return operation;
  }
}
