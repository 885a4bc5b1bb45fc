package io.github.normkit.throughput;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import java.util.Map;
import java.util.stream.IntStream;

/** BatchNorm of sequences in training, by the statistics of all but their padding. */
final class MaskedBatchSystem implements AroundSystem {

  @Override
  public String shape() {
    return Padding.SAMPLES + "x" + Padding.WIDTH + "x" + Padding.POSITIONS;
  }

  @Override
  public long bytes(boolean backward) {
    return Padding.bytes(backward);
  }

  @Override
  public Call bind(boolean backward) {
    BatchNorm layer = BatchNorm.builder(Padding.WIDTH).epsilon(Padding.EPSILON).build();
    Shape shape = Shape.of(Padding.SAMPLES, Padding.WIDTH, Padding.POSITIONS);
    return Padding.call(layer, shape, backward);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    return Padding.expected(
        backward,
        IntStream.range(0, Padding.WIDTH).mapToObj(MaskedBatchSystem::counted),
        at -> at / Padding.POSITIONS % Padding.WIDTH);
  }

  /** The elements of a channel that are no padding. */
  private static int[] counted(int c) {
    return IntStream.range(0, Padding.SAMPLES)
        .flatMap(
            n ->
                IntStream.range(0, Padding.length(n))
                    .map(l -> (n * Padding.WIDTH + c) * Padding.POSITIONS + l))
        .toArray();
  }
}
