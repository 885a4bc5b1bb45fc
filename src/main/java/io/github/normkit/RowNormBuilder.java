package io.github.normkit;

/**
 * The options of layers that normalize over trailing dimensions and have an ε, {@link LayerNorm},
 * {@link RMSNorm}, {@link PartialRMSNorm} and {@link QKNorm}.
 *
 * @param <B> the builder's own type
 */
public abstract class RowNormBuilder<B extends RowNormBuilder<B>> extends NormBuilder<B> {

  final Shape normalizedShape;

  boolean zeroCentered;

  RowNormBuilder(String layer, double epsilon, boolean bias, int[] normalizedShape) {
    super(layer, epsilon, true, bias);
    this.normalizedShape = Errors.normalizedShape(layer, normalizedShape);
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
