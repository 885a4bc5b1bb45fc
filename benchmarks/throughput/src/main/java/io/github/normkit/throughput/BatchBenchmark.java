package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;

/** BatchNorm. */
public class BatchBenchmark extends ChannelBenchmark {

  /** The pass. */
  @Param({"BATCH_TRAIN", "BATCH_INFER", "BATCH_BACKWARD"})
  public Operation operation;

  @Override
  Operation operation() {
    return operation;
  }
}
