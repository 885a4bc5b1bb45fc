package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;

/** InstanceNorm. */
public class InstanceBenchmark extends ChannelBenchmark {

  /** The pass. */
  @Param({"INSTANCE_FORWARD", "INSTANCE_BACKWARD"})
  public Operation operation;

  @Override
  Operation operation() {
    return operation;
  }
}
