package io.github.normkit.throughput;

import org.openjdk.jmh.annotations.Param;

/** The layers of channels. */
public abstract class ChannelBenchmark extends NormBenchmark {

  /** The shape. */
  @Param({"32x64x56x56", "8x256x14x14", "32x512x7x7"})
  public String shape;

  /** Where the channels stand. */
  @Param({CHANNELS_FIRST, CHANNELS_LAST})
  public String layout;

  /** Returns the pass. */
  abstract Operation operation();

  @Override
  final Case what() {
    return new Case(operation(), Case.shape(shape), layout.equals(CHANNELS_LAST));
  }
}
