package io.github.normkit;

import io.github.normkit.functional.ChannelView;
import io.github.normkit.functional.LocalResponse;
import java.util.Objects;

/**
 * Local response normalization: each element is divided by a power of the squares at its position
 * in the channels around it.
 *
 * <p>Krizhevsky, Sutskever and Hinton, <a
 * href="https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks">
 * ImageNet Classification with Deep Convolutional Neural Networks</a>, 2012, section 3.3. PyTorch's
 * {@code LocalResponseNorm}, to the meaning of α.
 *
 * <pre>{@code
 * y = x / (k + alpha / size * Σ x²)^beta
 * }</pre>
 *
 * <p>For channel c the sum runs over the channels from {@code c - size / 2} to {@code c + (size -
 * 1) / 2}, as far as they exist, at the same position of the same sample; alpha is divided by
 * {@code size} also where some do not. The paper's α is {@code alpha / size} here: its {@code n =
 * 5, α = 1e-4} is {@code size 5, alpha 5e-4}. There are no parameters. Training and evaluation do
 * not differ, and no position has an influence on another.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input. With {@code d = k + alpha /
 * size * Σ x²} and the sum over the channels whose windows have the element's,
 *
 * <pre>{@code
 * dx = dy * d^-beta - 2 * alpha * beta / size * x * Σ dy * x * d^(-beta - 1)
 * }</pre>
 *
 * <p>All in double, rounded once. A β of 0.75 is taken by two roots; any other by a power that
 * takes several times as long.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)} and so on, or with
 * the channels last, of any number of channels; a batch of 0 as well.
 *
 * <h2>Defaults</h2>
 *
 * <p>alpha 1e-4, beta 0.75, k 1, as PyTorch; channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has less than two
 * dimensions.
 *
 * <pre>{@code
 * LocalResponseNorm norm = LocalResponseNorm.builder(5).alpha(5e-4).k(2).build();    // AlexNet's
 * Tensor y = norm.forward(x);              // x: (N, 96, 55, 55)
 * }</pre>
 */
public final class LocalResponseNorm extends BaseLayer {

  private final LocalResponse response;
  private final Layout layout;

  /** The view last used, kept so that equal shapes allocate none; replaced as a whole. */
  private ChannelView kept;

  /**
   * Makes a layer with the defaults.
   *
   * @param size the number of channels of a window, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public LocalResponseNorm(int size) {
    this(builder(size));
  }

  private LocalResponseNorm(Builder builder) {
    super(builder, 0, new AffineParameters(Shape.of(), false, false, false), null);
    response = new LocalResponse(builder.size, builder.alpha, builder.beta, builder.k);
    layout = builder.layout;
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param size the number of channels of a window, at least 1
   * @return the builder
   * @throws IllegalArgumentException if it is less
   */
  public static Builder builder(int size) {
    return new Builder(size);
  }

  @Override
  void checkInput(Tensor x, boolean inferring) {
    int rank = x.shape().rank();
    if (rank < 2) {
      throw invalid(
          "the input must have at least 2 dimensions: expected rank >= 2, got rank "
              + rank
              + " of "
              + x.shape());
    }
  }

  private ChannelView view(Shape shape) {
    boolean last = layout == Layout.CHANNELS_LAST;
    int rank = shape.rank();
    int channels = shape.dim(last ? rank - 1 : 1);
    int spatial = last ? shape.size(1, rank - 1) : shape.size(2, rank);
    ChannelView view = kept;
    if (view == null
        || view.samples() != shape.dim(0)
        || view.channels() != channels
        || view.spatial() != spatial) {
      view = ChannelView.groupNorm(shape.dim(0), channels, spatial, 1, last);
      kept = view;
    }
    return view;
  }

  @Override
  void normalizeAndKeep(Tensor x, Tensor out) {
    normalize(x, out);
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    response.forward(view(x.shape()), x.array(), x.offset(), out.array(), out.offset(), pool);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    response.backward(
        view(x.shape()),
        dy.array(),
        dy.offset(),
        x.array(),
        x.offset(),
        dx.array(),
        dx.offset(),
        pool);
  }

  /** Options of a {@link LocalResponseNorm}. */
  public static final class Builder extends LayerBuilder<Builder> {

    private final int size;
    private double alpha = 1e-4;
    private double beta = 0.75;
    private double k = 1;
    private Layout layout = Layout.CHANNELS_FIRST;

    private Builder(int size) {
      super("LocalResponseNorm");
      this.size = Errors.atLeastOne("LocalResponseNorm", "size", size);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets α, the factor of the mean of the squares.
     *
     * @param alpha finite, at least 0; default 1e-4
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder alpha(double alpha) {
      this.alpha = atLeastZero("alpha", alpha);
      return this;
    }

    /**
     * Sets β, the exponent.
     *
     * @param beta finite, at least 0; default 0.75
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder beta(double beta) {
      this.beta = atLeastZero("beta", beta);
      return this;
    }

    private double atLeastZero(String what, double value) {
      return Errors.atLeast(layer(), what, 0, Errors.finite(layer(), what, value));
    }

    /**
     * Sets k, the least that is raised to the power; PyTorch takes 0 as well, which makes a window
     * of zeros NaN.
     *
     * @param k finite and positive; default 1
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder k(double k) {
      if (!(k > 0 && k < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(layer() + ": k must be finite and positive: got " + k);
      }
      this.k = k;
      return this;
    }

    /**
     * Sets where the channels stand.
     *
     * @param layout the layout; default {@link Layout#CHANNELS_FIRST}
     * @return this builder
     */
    public Builder layout(Layout layout) {
      this.layout = Objects.requireNonNull(layout, "layout");
      return this;
    }

    @Override
    public LocalResponseNorm build() {
      return new LocalResponseNorm(this);
    }
  }
}
