package io.github.normkit;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A layer with random options, its oracle, and the shapes both take.
 *
 * @param description the layer and its options
 * @param seed what all that is random in the trial follows from
 * @param zeroCentered whether the layer scales by 1 + weight
 * @param layers makes the layer, on a pool or, with null, on the caller's thread
 * @param oracles makes the oracle
 * @param shapes draws the shape of an input
 */
record Trial(
    String description,
    long seed,
    boolean zeroCentered,
    Function<ForkJoinPool, NormLayer> layers,
    Supplier<Oracle> oracles,
    Shapes shapes) {

  /** Draws shapes, with two values at least for each statistic where the batch gives it. */
  interface Shapes {
    Shape draw(RandomGenerator random, boolean batchStatistics);
  }

  /** Far from each other and from the seed, which gave the options. */
  private static final long PARAMETERS = 1L << 40;

  private static final long DATA = 1L << 41;

  /** A generator for the data of a test; always the same one. */
  RandomGenerator random() {
    return Seeds.random(seed + DATA);
  }

  /** A new layer with random weight and bias; always the same ones. */
  NormLayer layer(ForkJoinPool pool) {
    NormLayer layer = layers.apply(pool);
    RandomGenerator random = Seeds.random(seed + PARAMETERS);
    for (Parameter parameter : layer.parameters()) {
      fill(parameter.value(), random, 0, 1);
    }
    return layer;
  }

  /** The oracle of such a layer. */
  Oracle oracle(NormLayer layer) {
    Oracle oracle = oracles.get();
    oracle.take(layer.parameters(), zeroCentered);
    return oracle;
  }

  Shape shape(RandomGenerator random, Oracle oracle, boolean training) {
    return shapes.draw(random, oracle.usesBatchStatistics(training));
  }

  /** An input, of a magnitude and about a mean of its own. */
  static Tensor input(RandomGenerator random, Shape shape) {
    double[] offsets = {0, 0, 1, -30, 1000};
    double[] scales = {1, 1, 0.01, 50};
    Tensor x = Tensor.zeros(shape);
    fill(x, random, offsets[random.nextInt(offsets.length)], scales[random.nextInt(scales.length)]);
    return x;
  }

  static Tensor gradient(RandomGenerator random, Shape shape) {
    Tensor dy = Tensor.zeros(shape);
    fill(dy, random, 0, 1);
    return dy;
  }

  private static void fill(Tensor tensor, RandomGenerator random, double offset, double scale) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[tensor.offset() + i] = (float) (offset + scale * random.nextGaussian());
    }
  }

  static double[] wide(Tensor tensor) {
    float[] values = tensor.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Override
  public String toString() {
    return description + ", seed " + seed;
  }
}
