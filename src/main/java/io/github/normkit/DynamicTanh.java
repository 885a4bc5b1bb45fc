package io.github.normkit;

import io.github.normkit.functional.RowTanh;
import java.util.Objects;

/**
 * A tangent in the place of a normalizer, DyT: it squashes outliers and has no statistics.
 *
 * <p>Zhu, Chen, He, LeCun and Liu, <a href="https://arxiv.org/abs/2503.10622">Transformers without
 * Normalization</a>, 2025.
 *
 * <pre>{@code
 * y = tanh(alpha * x) * weight + bias
 * }</pre>
 *
 * <p>No element has an influence on another. Alpha is one number, a parameter {@code alpha} of
 * shape [1]; weight and bias have the shape of the last dimensions and begin as 1 and 0. Training
 * and evaluation do not differ. The tangent is computed in double by fixed operations, to the same
 * bits everywhere.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input. With {@code t = tanh(alpha *
 * x)} and {@code g = dy * weight * (1 - t²)},
 *
 * <pre>{@code
 * dx      = g * alpha
 * dAlpha  = Σ over all of g * x
 * dWeight = Σ over rows of dy * t
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
 * <p>Alpha begins as 0.5; weight and bias; the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * DynamicTanh dyt = DynamicTanh.builder(768).alpha(0.8f).build();
 * Tensor y = dyt.forward(x);                // x: (N, T, 768)
 * }</pre>
 */
public final class DynamicTanh extends RowLayer {

  private final Parameter alpha;

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions with a weight and a bias each, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public DynamicTanh(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private DynamicTanh(Builder builder) {
    this(builder, AffineParameters.parameter("alpha", Tensor.full(Shape.of(1), builder.alpha)));
  }

  private DynamicTanh(Builder builder, Parameter alpha) {
    super(
        builder,
        0,
        builder.normalizedShape,
        new AffineParameters(builder.normalizedShape, builder.weight, builder.bias, false, alpha));
    this.alpha = alpha;
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param normalizedShape the trailing dimensions with a weight and a bias each, each at least 1
   * @return the builder
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public static Builder builder(int... normalizedShape) {
    return new Builder(Objects.requireNonNull(normalizedShape, "normalizedShape"));
  }

  @Override
  void normalizeAndKeep(Tensor x, Tensor out) {
    normalize(x, out);
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    RowTanh.forward(
        x.array(),
        x.offset(),
        out.array(),
        out.offset(),
        rows(x),
        cols,
        alpha.value().array()[0],
        affine().values(),
        pool);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    double dAlpha =
        RowTanh.backward(
            dy.array(),
            dy.offset(),
            x.array(),
            x.offset(),
            dx.array(),
            dx.offset(),
            rows(x),
            cols,
            alpha.value().array()[0],
            affine().values(),
            affine().gradients(),
            pool);
    float[] gradient = alpha.gradient().array();
    gradient[0] = (float) (gradient[0] + dAlpha);
  }

  /** Options of a {@link DynamicTanh}. */
  public static final class Builder extends LayerBuilder<Builder> {

    private final Shape normalizedShape;
    private float alpha = 0.5f;
    private boolean weight = true;
    private boolean bias = true;

    private Builder(int[] normalizedShape) {
      super("DynamicTanh");
      this.normalizedShape = Errors.normalizedShape("DynamicTanh", normalizedShape);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets what alpha begins as.
     *
     * @param alpha a finite number; default 0.5
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder alpha(float alpha) {
      this.alpha = (float) Errors.finite(layer(), "alpha", alpha);
      return this;
    }

    /**
     * Sets whether the layer has a weight γ.
     *
     * @param weight true for a weight, the default
     * @return this builder
     */
    public Builder weight(boolean weight) {
      this.weight = weight;
      return this;
    }

    /**
     * Sets whether the layer has a bias β.
     *
     * @param bias true for a bias, the default
     * @return this builder
     */
    public Builder bias(boolean bias) {
      this.bias = bias;
      return this;
    }

    @Override
    public DynamicTanh build() {
      return new DynamicTanh(this);
    }
  }
}
