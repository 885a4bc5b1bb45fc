package io.github.normkit;

import io.github.normkit.functional.RowNorm;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * {@link RMSNorm} by the root mean square of the first elements of each row, pRMSNorm.
 *
 * <p>Zhang and Sennrich, <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer
 * Normalization</a>, 2019.
 *
 * <pre>{@code
 * y = x / sqrt(Σ x² / part + epsilon) * weight + bias     the sum over the first part elements
 * }</pre>
 *
 * <p>A row are the dimensions of {@code normalizedShape}, n elements, for each position of the
 * others on its own; {@code part} is the fraction p of n, rounded up. ε stands inside the root. The
 * weight has the normalized shape and begins as 1; a bias is an option. Training and evaluation do
 * not differ, and no row has an influence on another.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the {@code rstd = 1 / sqrt(Σ
 * x² / part + epsilon)} of each row in double. With {@code xhat = x * rstd}, {@code g = dy *
 * weight} and the sum over the whole row,
 *
 * <pre>{@code
 * dx      = (g - xhat * Σ g * xhat / part) * rstd     for the first part elements
 * dx      = g * rstd                                  for the others
 * dWeight = Σ over rows of dy * xhat
 * dBias   = Σ over rows of dy
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (*, normalizedShape)}: any leading dimensions, also none, and a
 * leading dimension of 0.
 *
 * <h2>Defaults</h2>
 *
 * <p>p 0.0625, the paper's; ε 1e-6, a weight and no bias, weight not zero-centered, the caller's
 * thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * PartialRMSNorm norm = PartialRMSNorm.builder(4096).fraction(0.125).build();    // by 512 elements
 * }</pre>
 */
public final class PartialRMSNorm extends RowLayer {

  private final int part;

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public PartialRMSNorm(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private PartialRMSNorm(Builder builder) {
    super(builder);
    // In decimals, for in double 0.07 of 100 is more than 7.
    part =
        BigDecimal.valueOf(builder.fraction)
            .multiply(BigDecimal.valueOf(cols))
            .setScale(0, RoundingMode.CEILING)
            .intValueExact();
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

  /**
   * Returns how many elements the mean square of a row runs over.
   *
   * @return the fraction of the row's length, rounded up
   */
  public int part() {
    return part;
  }

  @Override
  void normalizeAndKeep(Tensor x, Tensor out) {
    reserve(rows(x));
    normalize(x, out, rstd);
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    normalize(x, out, null);
  }

  private void normalize(Tensor x, Tensor out, double[] rstd) {
    RowNorm.partialRmsNorm(
        x.array(),
        x.offset(),
        cols,
        out.array(),
        out.offset(),
        cols,
        rows(x),
        cols,
        part,
        affine().values(),
        epsilon,
        rstd,
        pool);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    RowNorm.partialRmsNormBackward(
        dy.array(),
        dy.offset(),
        cols,
        x.array(),
        x.offset(),
        cols,
        dx.array(),
        dx.offset(),
        cols,
        rows(x),
        cols,
        part,
        affine().values(),
        rstd,
        affine().gradients(),
        pool);
  }

  /** Options of a {@link PartialRMSNorm}. */
  public static final class Builder extends RowNormBuilder<Builder> {

    private double fraction = 0.0625;

    private Builder(int[] normalizedShape) {
      super("PartialRMSNorm", 1e-6, false, normalizedShape);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets p, the fraction of a row that its mean square runs over, from the first element on.
     *
     * @param fraction a number in (0, 1]; default 0.0625
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder fraction(double fraction) {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            layer() + ": fraction must lie in (0, 1]: got " + fraction);
      }
      this.fraction = fraction;
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return epsilon(Objects.requireNonNull(convention, "convention").rmsEpsilon());
    }

    @Override
    public PartialRMSNorm build() {
      return new PartialRMSNorm(this);
    }
  }
}
