package io.github.normkit.experiments;

import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small transformer with norms before its sublayers; the rows of an image are its tokens. */
final class TokenModel {

  private static final int TOKENS = DigitsData.SIDE;
  private static final int WIDTH = 16;
  private static final int BLOCKS = 2;

  private TokenModel() {}

  /** Returns the network for images (N, 1, 8, 8), with LayerNorm, RMSNorm or neither. */
  static Sequential network(Variant variant, Random random) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Reshape(DigitsData.SIDE));
    layers.add(new Dense(DigitsData.SIDE, WIDTH, Weights.LINEAR, random));
    layers.add(new Positions(TOKENS, WIDTH));
    for (int block = 0; block < BLOCKS; block++) {
      layers.add(add(variant, new SelfAttention(TOKENS, WIDTH, random)));
      layers.add(
          add(
              variant,
              new Dense(WIDTH, 2 * WIDTH, random),
              new Relu(),
              new Dense(2 * WIDTH, WIDTH, Weights.LINEAR, random)));
    }
    layers.addAll(norm(variant));
    layers.add(new Reshape(TOKENS * WIDTH));
    layers.add(new Dense(TOKENS * WIDTH, DigitsData.CLASSES, Weights.LINEAR, random));
    return new Sequential(layers);
  }

  private static Layer add(Variant variant, Layer... sublayer) {
    List<Layer> branch = new ArrayList<>(norm(variant));
    branch.addAll(List.of(sublayer));
    return new Residual(1, new Sequential(branch));
  }

  private static List<Layer> norm(Variant variant) {
    NormLayer layer =
        switch (variant) {
          case NONE -> null;
          case LAYER_NORM -> new LayerNorm(WIDTH);
          case RMS_NORM -> new RMSNorm(WIDTH);
          default -> throw new IllegalArgumentException("not a norm of rows: " + variant);
        };
    return layer == null ? List.of() : List.of(new Normalization(layer));
  }
}
