package io.github.normkit;

import java.util.Arrays;

/**
 * The options of layers that normalize over trailing dimensions, {@link LayerNorm} and {@link
 * RMSNorm}.
 *
 * @param <B> the builder's own type
 */
public abstract class RowNormBuilder<B extends RowNormBuilder<B>> extends NormBuilder<B> {

  final Shape normalizedShape;

  boolean zeroCentered;

  RowNormBuilder(String layer, double epsilon, boolean bias, int[] normalizedShape) {
    super(layer, epsilon, true, bias);
    if (normalizedShape.length == 0) {
      throw new IllegalArgumentException(
          layer + ": normalizedShape must not be empty: expected at least 1 dimension, got 0");
    }
    for (int dim : normalizedShape) {
      Errors.atLeastOne(layer, "each dimension of normalizedShape", dim);
    }
    if (!Shape.fitsInt(normalizedShape)) {
      throw new IllegalArgumentException(
          layer
              + ": the number of elements of normalizedShape must fit an int: got "
              + Arrays.toString(normalizedShape)
              + ", limit "
              + Integer.MAX_VALUE);
    }
    this.normalizedShape = Shape.of(normalizedShape);
  }

  /**
   * Scales by {@code 1 + weight} instead of {@code weight}, the sum taken in float, as Gemma does;
   * the weight then begins at 0. Without a weight it has no effect.
   *
   * @param zeroCentered true for the offset; default false
   * @return this builder
   */
  public final B zeroCentered(boolean zeroCentered) {
    this.zeroCentered = zeroCentered;
    return self();
  }
}
