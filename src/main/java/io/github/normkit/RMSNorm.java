package io.github.normkit;

import io.github.normkit.functional.RowNorm;
import java.util.Objects;

/**
 * Root mean square normalization over the last dimensions of its input: {@link LayerNorm} with the
 * mean fixed at 0.
 *
 * <p>Zhang and Sennrich, <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer
 * Normalization</a>, 2019.
 *
 * <pre>{@code
 * y = x / sqrt(mean(x²) + epsilon) * weight
 * }</pre>
 *
 * <p>The mean square runs over the dimensions of {@code normalizedShape}, for each position of the
 * others on its own. ε stands inside the root. The weight has the normalized shape and begins as 1;
 * a bias is an option. Training and evaluation do not differ, and no row has an influence on
 * another.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the 1/rms of each row in
 * double. With {@code xhat = x / sqrt(mean(x²) + epsilon)}, {@code g = dy * weight} and the mean
 * over the row,
 *
 * <pre>{@code
 * dx      = (g - xhat * mean(g * xhat)) / sqrt(mean(x²) + epsilon)
 * dWeight = Σ over rows of dy * xhat
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (*, normalizedShape)}: any leading dimensions, also none, and a
 * leading dimension of 0.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-6 (PyTorch: 2^-23), a weight and no bias, weight not zero-centered, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * RMSNorm norm = RMSNorm.builder(4096).epsilon(1e-5).build();
 * norm.infer(x, x);                      // in place, from as many threads as you like
 * }</pre>
 */
public final class RMSNorm extends MaskedRowLayer {

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public RMSNorm(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private RMSNorm(Builder builder) {
    super(builder);
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
  void normalizeAndKeep(Tensor x, Tensor out) {
    reserve(rows(x));
    normalize(x, out, rstd);
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    normalize(x, out, null);
  }

  private void normalize(Tensor x, Tensor out, double[] rstd) {
    RowNorm.rmsNorm(
        x.array(),
        x.offset(),
        cols,
        out.array(),
        out.offset(),
        cols,
        rows(x),
        cols,
        affine().values(),
        epsilon,
        rstd,
        pool);
  }

  @Override
  Masking masking() {
    return new RowMasking(this, false);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    RowNorm.rmsNormBackward(
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
        affine().values(),
        rstd,
        affine().gradients(),
        pool);
  }

  /** Options of an {@link RMSNorm}. */
  public static final class Builder extends RowNormBuilder<Builder> {

    private Builder(int[] normalizedShape) {
      super("RMSNorm", 1e-6, false, normalizedShape);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return epsilon(Objects.requireNonNull(convention, "convention").rmsEpsilon());
    }

    @Override
    public RMSNorm build() {
      return new RMSNorm(this);
    }
  }
}
