package io.github.normkit.weights;

import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random weights, each from a seed that is the argument of its test. */
final class Draw {

  private Draw() {}

  static LongStream seeds() {
    return IntStream.range(0, 60).mapToLong(Seeds::seed);
  }

  /** A shape of 1 to 9 elements along each dimension, of a rank in [least, 5]. */
  static Shape shape(RandomGenerator random, int leastRank) {
    int[] dims = new int[random.nextInt(leastRank, 6)];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = random.nextInt(1, dims.length < 3 ? 10 : 5);
    }
    return Shape.of(dims);
  }

  /** Any of the dimensions of a shape, also none or all. */
  static int[] dims(RandomGenerator random, Shape shape) {
    return IntStream.range(0, shape.rank()).filter(d -> random.nextBoolean()).toArray();
  }

  /** Numbers of either sign between 0.5 and 1.5, so that no length is near 0. */
  static Tensor apartFromZero(RandomGenerator random, Shape shape) {
    Tensor tensor = gaussians(random, shape);
    for (int i = 3; i < 3 + shape.size(); i++) {
      float size = (float) random.nextDouble(0.5, 1.5);
      tensor.array()[i] = tensor.array()[i] < 0 ? -size : size;
    }
    return tensor;
  }

  static Tensor gaussians(RandomGenerator random, Shape shape) {
    // In a larger array, for offsets must be heeded.
    Tensor tensor = Tensor.wrap(new float[shape.size() + 5], 3, shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[3 + i] = (float) random.nextGaussian();
    }
    return tensor;
  }
}
