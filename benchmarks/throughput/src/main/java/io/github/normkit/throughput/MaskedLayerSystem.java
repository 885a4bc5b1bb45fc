package io.github.normkit.throughput;

import io.github.normkit.LayerNorm;
import io.github.normkit.Shape;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** LayerNorm of the positions of sequences, but for their padding. */
final class MaskedLayerSystem implements AroundSystem {

  @Override
  public String shape() {
    return Padding.SAMPLES + "x" + Padding.POSITIONS + "x" + Padding.WIDTH;
  }

  @Override
  public long bytes(boolean backward) {
    return Padding.bytes(backward);
  }

  @Override
  public Call bind(boolean backward) {
    LayerNorm layer = LayerNorm.builder(Padding.WIDTH).epsilon(Padding.EPSILON).build();
    Shape shape = Shape.of(Padding.SAMPLES, Padding.POSITIONS, Padding.WIDTH);
    return Padding.call(layer, shape, backward);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    return Padding.expected(
        backward,
        IntStream.range(0, Padding.SAMPLES).boxed().flatMap(MaskedLayerSystem::rows),
        at -> at % Padding.WIDTH);
  }

  /** The elements of each row of a sample, but for the padding. */
  private static Stream<int[]> rows(int sample) {
    return IntStream.range(0, Padding.length(sample))
        .map(l -> (sample * Padding.POSITIONS + l) * Padding.WIDTH)
        .mapToObj(at -> IntStream.range(at, at + Padding.WIDTH).toArray());
  }
}
