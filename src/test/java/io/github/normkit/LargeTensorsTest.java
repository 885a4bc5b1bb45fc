package io.github.normkit;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Beyond the caches, where kernels read ahead, a sample has the bits that it has in a small batch.
 */
class LargeTensorsTest {

  record Large(NormBuilder<?> builder, Shape shape) {
    @Override
    public String toString() {
      return builder.layer() + " " + shape;
    }
  }

  static List<Large> tensors() {
    return List.of(
        new Large(LayerNorm.builder(1001), Shape.of(2101, 1001)),
        new Large(RMSNorm.builder(4100), Shape.of(513, 4100)),
        new Large(LayerNorm.builder(9), Shape.of(233_333, 9)),
        new Large(GroupNorm.builder(3, 6), Shape.of(7, 6, 50_001)),
        new Large(GroupNorm.builder(2, 6), Shape.of(7001, 6, 7, 8)),
        new Large(InstanceNorm.builder(5), Shape.of(2003, 5, 211)));
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void aSampleHasTheBitsOfASmallBatch(Large large) {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      NormLayer layer = large.builder.build();
      Tensor x = hardGaussians(large.shape);
      Tensor y = layer.forward(x);
      TensorBits.assertSameBits("with threads", large.builder.parallel(pool).build().forward(x), y);
      int samples = large.shape.dim(0);
      for (int from = 0; from < samples; from += samples / 4 + 1) {
        int to = Math.min(samples, from + samples / 4 + 1);
        TensorBits.assertSameBits(
            "samples " + from + " to " + to, layer.forward(x.slice(from, to)), y.slice(from, to));
      }
    } finally {
      pool.shutdown();
    }
  }

  /** Some of which the kernels must leave to slower ways, so that less is ready for them. */
  private static Tensor hardGaussians(Shape shape) {
    Tensor x = Tensor.zeros(shape);
    RandomGenerator random = Seeds.random(1);
    for (int i = 0; i < shape.size(); i++) {
      double value = random.nextGaussian();
      x.array()[i] = (float) (i % 30_011 == 0 ? 1e30 * value : value);
    }
    return x;
  }
}
