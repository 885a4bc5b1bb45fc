package io.github.normkit.experiments;

import io.github.normkit.LayerNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Where a residual block of two sublayers has its norms. */
enum Placement {
  POST("post-norm"),
  PRE("pre-norm"),
  SANDWICH("sandwich"),
  PARALLEL("parallel"),
  DEEP_NET("DeepNet");

  private final String label;

  Placement(String label) {
    this.label = label;
  }

  /** Returns the name to print. */
  String label() {
    return label;
  }

  /**
   * Returns a block that maps rows of a width to such rows.
   *
   * @param blocks how many of them the stack has
   */
  Layer block(int width, int blocks, Random random) {
    double gain = this == DEEP_NET ? 1 / Math.sqrt(8.0 * blocks) : 1;
    Layer first = sublayer(width, gain, random);
    Layer second = sublayer(width, gain, random);
    return switch (this) {
      case POST -> chain(add(first), norm(width), add(second), norm(width));
      case PRE -> chain(add(norm(width), first), add(norm(width), second));
      case SANDWICH ->
          chain(add(norm(width), first, norm(width)), add(norm(width), second, norm(width)));
      case PARALLEL -> add(norm(width), new Sum(first, second));
      case DEEP_NET -> {
        float alpha = (float) Math.sqrt(Math.sqrt(2.0 * blocks));
        yield chain(
            new Residual(alpha, first), norm(width), new Residual(alpha, second), norm(width));
      }
    };
  }

  /** Returns whether the sum that leaves the last block has been normalized. */
  boolean endsWithNorm() {
    return this == POST || this == DEEP_NET;
  }

  /**
   * Two dense layers as wide as the rows.
   *
   * @param gain of each: DeepNet's β². Its variance is that of Xavier's rule times it.
   */
  private static Layer sublayer(int width, double gain, Random random) {
    return chain(
        new Dense(width, width, gain * Weights.LINEAR, random),
        new Relu(),
        new Dense(width, width, gain * Weights.LINEAR, random));
  }

  private static Layer add(Layer... branch) {
    return new Residual(1, chain(branch));
  }

  static Layer norm(int width) {
    return new Normalization(new LayerNorm(width));
  }

  private static Layer chain(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  /** Returns the blocks between a dense layer from the pixels and one to the classes. */
  Sequential network(int width, int blocks, Random random) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Dense(DigitsData.SIDE * DigitsData.SIDE, width, Weights.LINEAR, random));
    for (int i = 0; i < blocks; i++) {
      layers.add(block(width, blocks, random));
    }
    if (!endsWithNorm()) {
      layers.add(norm(width));
    }
    layers.add(new Dense(width, DigitsData.CLASSES, Weights.LINEAR, random));
    return new Sequential(layers);
  }
}
