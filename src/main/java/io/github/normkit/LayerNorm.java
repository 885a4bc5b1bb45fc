package io.github.normkit;

import io.github.normkit.functional.RowNorm;
import java.util.Objects;

/**
 * Layer normalization over the last dimensions of its input.
 *
 * <p>Ba, Kiros and Hinton, <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>,
 * 2016.
 *
 * <pre>{@code
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias
 * }</pre>
 *
 * <p>Mean and variance run over the dimensions of {@code normalizedShape}, for each position of the
 * others on its own; the variance is the biased one, divided by n. ε stands inside the root. Weight
 * and bias have the normalized shape and begin as 1 and 0. Training and evaluation do not differ,
 * and no row has an influence on another.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the mean and 1/σ of each row
 * in double. With {@code xhat = (x - mean) / sqrt(variance + epsilon)}, {@code g = dy * weight} and
 * means over the row,
 *
 * <pre>{@code
 * dx      = (g - mean(g) - xhat * mean(g * xhat)) / sqrt(variance + epsilon)
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
 * <p>ε 1e-5, weight and bias, weight not zero-centered, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * LayerNorm norm = new LayerNorm(768);
 * Tensor y = norm.forward(x);            // x: (batch, tokens, 768)
 * Tensor dx = norm.backward(dy);         // adds into the gradients of norm.parameters()
 * }</pre>
 */
public final class LayerNorm extends MaskedRowLayer {

  double[] mean = {};

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public LayerNorm(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private LayerNorm(Builder builder) {
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
    normalize(x, out, mean, rstd);
  }

  @Override
  void reserve(int rows) {
    super.reserve(rows);
    if (mean.length < rows) {
      mean = new double[rows];
    }
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    normalize(x, out, null, null);
  }

  private void normalize(Tensor x, Tensor out, double[] mean, double[] rstd) {
    RowNorm.layerNorm(
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
        mean,
        rstd,
        pool);
  }

  @Override
  Masking masking() {
    return new RowMasking(this, true);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    RowNorm.layerNormBackward(
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
        mean,
        rstd,
        affine().gradients(),
        pool);
  }

  /** Options of a {@link LayerNorm}. */
  public static final class Builder extends RowNormBuilder<Builder> {

    private Builder(int[] normalizedShape) {
      super("LayerNorm", Convention.PYTORCH.epsilon(), true, normalizedShape);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return epsilon(Objects.requireNonNull(convention, "convention").epsilon());
    }

    @Override
    public LayerNorm build() {
      return new LayerNorm(this);
    }
  }
}
