package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.Objects;

/**
 * Division of each row, over the last dimensions of the input, by its Euclidean norm.
 *
 * <p>PyTorch's {@code normalize} with {@code p=2}.
 *
 * <pre>{@code
 * y = x / max(sqrt(Σ x²), epsilon)
 * }</pre>
 *
 * <p>The sum runs over the dimensions of {@code normalizedShape}, for each position of the others
 * on its own. There are no parameters. Training and evaluation do not differ, and no row has an
 * influence on another. A row whose norm is ε or less is divided by the constant ε, a row of zeros
 * gives zeros.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the factor {@code rstd = 1 /
 * max(sqrt(Σ x²), epsilon)} of each row in double. With the sum over the row,
 *
 * <pre>{@code
 * dx = (dy - y * Σ dy * y) * rstd     where the norm is more than ε
 * dx = dy * rstd                      else
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (*, normalizedShape)}: any leading dimensions, also none, and a
 * leading dimension of 0.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-12, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * new UnitNorm(768).infer(embeddings, embeddings);    // in place; then a dot product is a cosine
 * }</pre>
 */
public final class UnitNorm extends UnitLayer {

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public UnitNorm(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private UnitNorm(Builder builder) {
    super(builder, builder.epsilon, builder.normalizedShape);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @return the builder
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public static Builder builder(int... normalizedShape) {
    return new Builder(Objects.requireNonNull(normalizedShape, "normalizedShape"));
  }

  @Override
  Affine scale() {
    return Affine.NONE;
  }

  @Override
  void addToScale(double gradient) {}

  /** Options of a {@link UnitNorm}. */
  public static final class Builder extends LayerBuilder<Builder> {

    private final Shape normalizedShape;
    private double epsilon = 1e-12;

    private Builder(int[] normalizedShape) {
      super("UnitNorm");
      this.normalizedShape = Errors.normalizedShape("UnitNorm", normalizedShape);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets ε, the least number that a row is divided by.
     *
     * @param epsilon a finite positive number; default 1e-12
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder epsilon(double epsilon) {
      this.epsilon = Errors.epsilon(layer(), epsilon);
      return this;
    }

    @Override
    public UnitNorm build() {
      return new UnitNorm(this);
    }
  }
}
