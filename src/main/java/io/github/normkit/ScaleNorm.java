package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.Arrays;
import java.util.Objects;

/**
 * Scaling of each row, over the last dimensions of the input, to one learned length.
 *
 * <p>Nguyen and Salazar, <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears:
 * Improving the Normalization of Self-Attention</a>, 2019.
 *
 * <pre>{@code
 * y = scale * x / max(sqrt(Σ x²), epsilon)
 * }</pre>
 *
 * <p>The sum runs over the dimensions of {@code normalizedShape}, for each position of the others
 * on its own. The scale, the paper's g, is one number, a parameter {@code scale} of no dimensions,
 * and begins as the root of the length of a row, which is RMSNorm but for ε. Training and
 * evaluation do not differ, and no row has an influence on another.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the factor {@code rstd = 1 /
 * max(sqrt(Σ x²), epsilon)} of each row in double. With {@code xhat = x * rstd} and the sum over
 * the row,
 *
 * <pre>{@code
 * dx     = scale * (dy - xhat * Σ dy * xhat) * rstd     where the norm is more than ε
 * dx     = scale * dy * rstd                            else
 * dScale = Σ over all of dy * xhat
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (*, normalizedShape)}: any leading dimensions, also none, and a
 * leading dimension of 0.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-5, the scale the root of the length of a row, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's last dimensions are
 * not the normalized shape.
 *
 * <pre>{@code
 * ScaleNorm norm = new ScaleNorm(512);      // scale 22.6
 * Tensor y = norm.forward(x);               // x: (N, T, 512)
 * }</pre>
 */
public final class ScaleNorm extends UnitLayer {

  private final Parameter scale;

  /** The scale for each element, as the operation takes it; replaced as a whole. */
  private volatile Affine elements;

  /**
   * Makes a layer with the defaults.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public ScaleNorm(int... normalizedShape) {
    this(builder(normalizedShape));
  }

  private ScaleNorm(Builder builder) {
    this(builder, AffineParameters.parameter("scale", Tensor.full(Shape.of(), builder.scale)));
  }

  private ScaleNorm(Builder builder, Parameter scale) {
    super(builder, builder.epsilon, builder.normalizedShape, scale);
    this.scale = scale;
    elements = elements(builder.scale);
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

  private Affine elements(float value) {
    float[] weight = new float[cols];
    Arrays.fill(weight, value);
    return Affine.of(weight, null);
  }

  @Override
  Affine scale() {
    Affine kept = elements;
    float value = scale.value().get();
    if (Float.compare(kept.weight()[0], value) != 0) {
      kept = elements(value);
      elements = kept;
    }
    return kept;
  }

  @Override
  void addToScale(double gradient) {
    float[] sum = scale.gradient().array();
    sum[0] = (float) (sum[0] + gradient);
  }

  /** Options of a {@link ScaleNorm}. */
  public static final class Builder extends LayerBuilder<Builder> {

    private final Shape normalizedShape;
    private double epsilon = 1e-5;
    private float scale;

    private Builder(int[] normalizedShape) {
      super("ScaleNorm");
      this.normalizedShape = Errors.normalizedShape("ScaleNorm", normalizedShape);
      scale = (float) Math.sqrt(this.normalizedShape.size());
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets ε, the least number that a row is divided by.
     *
     * @param epsilon a finite positive number; default 1e-5
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder epsilon(double epsilon) {
      this.epsilon = Errors.epsilon(layer(), epsilon);
      return this;
    }

    /**
     * Sets what the scale begins as.
     *
     * @param scale a finite number; default the root of the length of a row
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder scale(float scale) {
      this.scale = (float) Errors.finite(layer(), "scale", scale);
      return this;
    }

    @Override
    public ScaleNorm build() {
      return new ScaleNorm(this);
    }
  }
}
