package io.github.normkit;

import io.github.normkit.functional.ChannelView;
import io.github.normkit.functional.FilterResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Filter response normalization of each channel of each sample, with the thresholded linear unit
 * that belongs to it.
 *
 * <p>Singh and Krishnan, <a href="https://arxiv.org/abs/1911.09737">Filter Response Normalization
 * Layer: Eliminating Batch Dependence in the Training of Deep Neural Networks</a>, 2020.
 *
 * <pre>{@code
 * z = x / sqrt(mean(x²) + epsilon) * weight + bias
 * y = max(z, tau)
 * }</pre>
 *
 * <p>The mean square runs over the spatial dimensions, for each channel of each sample on its own;
 * no mean is taken off. Weight, bias and tau have one element for each channel and begin as 1, 0
 * and 0: at first the threshold is a ReLU, and none should follow. Training and evaluation do not
 * differ, and no sample has an influence on another.
 *
 * <p><b>A learned ε</b> is for inputs with few spatial positions: with one, {@code x / sqrt(x² +
 * epsilon)} is near the sign of x where ε is small. Then {@code epsilon + |eps|} takes the place of
 * ε, with one number {@code eps} of no dimensions.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input, the mean squares in double, and
 * a byte for each element, whether it passed the threshold. With {@code dz = dy} where z is at
 * least tau, else 0, {@code rstd = 1 / sqrt(mean(x²) + epsilon)}, {@code xhat = x * rstd}, {@code g
 * = dz * weight} and means over the spatial dimensions,
 *
 * <pre>{@code
 * dx      = (g - xhat * mean(g * xhat)) * rstd
 * dWeight = Σ over the channel of dz * xhat
 * dBias   = Σ over the channel of dz
 * dTau    = Σ over the channel of dy where z is less than tau
 * dEps    = sign(eps) * Σ over all of g * xhat * rstd² / -2
 * }</pre>
 *
 * <p>with 1 for the sign of 0.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)} and so on, or with
 * the channels last; a batch of 0 as well.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-6, not learned; weight, bias and the threshold; channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has another number of
 * channels.
 *
 * <pre>{@code
 * FilterResponseNorm norm = new FilterResponseNorm(64);
 * Tensor y = norm.forward(x);              // x: (N, 64, H, W); in the place of BatchNorm and ReLU
 * }</pre>
 */
public final class FilterResponseNorm extends ChannelLayer {

  private final Parameter tau;
  private final Parameter eps;
  private boolean[] passed = {};

  /**
   * Makes a layer with the defaults.
   *
   * @param channels the number of channels, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public FilterResponseNorm(int channels) {
    this(builder(channels));
  }

  private FilterResponseNorm(Builder builder) {
    this(builder, builder.tau(), builder.eps());
  }

  private FilterResponseNorm(Builder builder, Parameter tau, Parameter eps) {
    super(builder, null, present(tau, eps));
    this.tau = tau;
    this.eps = eps;
  }

  private static Parameter[] present(Parameter... parameters) {
    List<Parameter> present = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter != null) {
        present.add(parameter);
      }
    }
    return present.toArray(new Parameter[0]);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param channels the number of channels, at least 1
   * @return the builder
   * @throws IllegalArgumentException if it is less
   */
  public static Builder builder(int channels) {
    return new Builder(channels);
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return true;
  }

  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return ChannelView.groupNorm(n, channels, spatial, channels, channelsLast || spatial == 1);
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {}

  private double effectiveEpsilon() {
    return eps == null ? epsilon : Errors.epsilon(name(), epsilon + Math.abs(eps.value().get()));
  }

  @Override
  void normalizeByInput(Tensor x, Tensor out, double[] mean, double[] variance) {
    boolean kept = variance != null && tau != null;
    if (kept && passed.length < x.shape().size()) {
      passed = new boolean[x.shape().size()];
    }
    FilterResponse.forward(
        ownView(x.shape()),
        x.array(),
        x.offset(),
        out.array(),
        out.offset(),
        affine().values(),
        tau == null ? null : tau.value().array(),
        effectiveEpsilon(),
        variance,
        kept ? passed : null,
        pool);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    double dEpsilon =
        FilterResponse.backward(
            view,
            dy.array(),
            dy.offset(),
            x.array(),
            x.offset(),
            dx.array(),
            dx.offset(),
            affine().values(),
            effectiveEpsilon(),
            variance,
            tau == null ? null : passed,
            affine().gradients(),
            tau == null ? null : tau.gradient().array(),
            pool);
    if (eps != null) {
      float[] gradient = eps.gradient().array();
      gradient[0] = (float) (gradient[0] + (eps.value().get() < 0 ? -dEpsilon : dEpsilon));
    }
  }

  /** Options of a {@link FilterResponseNorm}. */
  public static final class Builder extends ChannelNormBuilder<Builder> {

    private boolean threshold = true;
    private boolean learned;
    private float eps;

    private Builder(int channels) {
      super("FilterResponseNorm", 1e-6, true, 2, "channels", channels);
    }

    @Override
    Builder self() {
      return this;
    }

    private Parameter tau() {
      return threshold ? AffineParameters.parameter("tau", Tensor.zeros(Shape.of(channels))) : null;
    }

    private Parameter eps() {
      return learned ? AffineParameters.parameter("eps", Tensor.full(Shape.of(), eps)) : null;
    }

    /**
     * Sets whether the output is raised to the threshold tau.
     *
     * @param threshold true for the threshold, the default
     * @return this builder
     */
    public Builder threshold(boolean threshold) {
      this.threshold = threshold;
      return this;
    }

    /**
     * Makes ε a parameter: {@code epsilon + |eps|}.
     *
     * @param eps what eps begins as, a finite number; 1e-4 in the paper
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder learnedEpsilon(float eps) {
      this.eps = (float) Errors.finite(layer(), "eps", eps);
      this.learned = true;
      return this;
    }

    /** Changes nothing: none of the frameworks has this layer. */
    @Override
    public Builder convention(Convention convention) {
      Objects.requireNonNull(convention, "convention");
      return this;
    }

    @Override
    public FilterResponseNorm build() {
      return new FilterResponseNorm(this);
    }
  }
}
