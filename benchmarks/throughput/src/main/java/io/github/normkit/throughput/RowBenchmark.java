package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;

/** LayerNorm and RMSNorm. */
public class RowBenchmark extends NormBenchmark {

  /** The pass. */
  @Param({"LAYER_FORWARD", "LAYER_BACKWARD", "RMS_FORWARD", "RMS_BACKWARD", "ADD_RMS_FORWARD"})
  public Operation operation;

  /** The shape. */
  @Param({"1x4096", "32x128", "128x768", "4096x64", "512x1024", "2048x4096", "4096x8192"})
  public String shape;

  @Override
  Case what() {
    return new Case(operation, Case.shape(shape), false);
  }
}
