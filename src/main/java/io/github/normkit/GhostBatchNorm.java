package io.github.normkit;

import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;

/**
 * Batch normalization of a large batch by the statistics of small virtual ones, its ghost batches.
 *
 * <p>Hoffer, Hubara and Soudry, <a href="https://arxiv.org/abs/1705.08741">Train longer, generalize
 * better: closing the generalization gap in large batch training of neural networks</a>, 2017.
 *
 * <pre>{@code
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias
 * }</pre>
 *
 * <p>In training a batch is cut into ghost batches of {@code ghostSize} neighbouring samples. Mean
 * and variance of a channel run over the samples of a ghost batch and all spatial dimensions, the
 * variance biased, as if {@link BatchNorm} were given one ghost batch after the other. What remains
 * at the end of the batch is a smaller ghost batch. In evaluation mean and variance are the running
 * ones.
 *
 * <p><b>Running statistics</b> are {@link BatchNorm}'s, and so are the names in the state; the
 * ghost batches update them in their order, {@code running = (1 - momentum) * running + momentum *
 * ghost}, and each is counted. The paper averages the standard deviation, this layer the variance.
 * A smaller last ghost batch counts as much as the others.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the statistics in double.
 * The formulas are those of BatchNorm with the means over a ghost batch; the gradients of weight
 * and bias are summed over all of the batch.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)} and so on, or with
 * the channels last. An empty batch gives an empty result and leaves the running statistics as they
 * are.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-5, momentum 0.1, unbiased running variance, weight and bias, running statistics tracked,
 * channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has another number of
 * channels, or if a ghost batch has one value per channel where its own statistics are needed.
 *
 * <pre>{@code
 * GhostBatchNorm norm = new GhostBatchNorm(32, 64);   // ghost batches of 32 samples, 64 channels
 * Tensor y = norm.forward(x);                         // x: (1024, 64, H, W), 32 ghost batches
 * }</pre>
 */
public final class GhostBatchNorm extends ChannelLayer {

  private final int ghostSize;

  /** What the last forward kept of a smaller last ghost batch; null if there was none. */
  private ChannelView rest;

  /** The view last used for one, kept so that equal shapes allocate none; replaced as a whole. */
  private ChannelView restView;

  private final double[] restMean;
  private final double[] restVariance;

  /**
   * Makes a layer with the defaults.
   *
   * @param ghostSize the number of samples of a ghost batch, at least 1
   * @param numFeatures the number of channels, at least 1
   * @throws IllegalArgumentException if they are less
   */
  public GhostBatchNorm(int ghostSize, int numFeatures) {
    this(builder(ghostSize, numFeatures));
  }

  private GhostBatchNorm(Builder builder) {
    super(builder, builder.runningStatistics());
    ghostSize = builder.ghostSize;
    restMean = new double[channels];
    restVariance = new double[channels];
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param ghostSize the number of samples of a ghost batch, at least 1
   * @param numFeatures the number of channels, at least 1
   * @return the builder
   * @throws IllegalArgumentException if they are less
   */
  public static Builder builder(int ghostSize, int numFeatures) {
    return new Builder(ghostSize, numFeatures);
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return running() == null || (isTraining() && !inferring);
  }

  /** The view of the whole ghost batches, which may be none. */
  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return new ChannelView(
        n / ghostSize, ghostSize, channels, spatial, channels, channelsLast || spatial == 1);
  }

  @Override
  int viewed(int n) {
    return n - n % ghostSize;
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {
    if (spatial == 1 && (ghostSize == 1 || n % ghostSize == 1)) {
      throw invalid(
          "each ghost batch must have more than one value per channel: got 1 in a ghost batch of"
              + " 1 x spatial 1 (batch "
              + n
              + ", ghost size "
              + ghostSize
              + ") of "
              + shape
              + "; use eval mode with running statistics, another batch or ghost size, or"
              + " GroupNorm");
    }
  }

  @Override
  void normalizeByInput(Tensor x, Tensor out, double[] mean, double[] variance) {
    super.normalizeByInput(x, out, mean, variance);
    ChannelView whole = ownView(x.shape());
    ChannelView after = rest(x.shape(), whole);
    boolean kept = mean != null;
    if (kept) {
      rest = after;
    }
    if (after != null) {
      ChannelNorm.forward(
          after,
          x.array(),
          x.offset() + whole.size(),
          out.array(),
          out.offset() + whole.size(),
          affine().values(),
          epsilon,
          kept ? restMean : null,
          kept ? restVariance : null,
          pool);
    }
  }

  private ChannelView rest(Shape shape, ChannelView whole) {
    int n = shape.dim(0) % ghostSize;
    if (n == 0) {
      return null;
    }
    ChannelView kept = restView;
    if (kept == null || kept.pooled() != n || kept.spatial() != whole.spatial()) {
      kept = ChannelView.batchNorm(n, channels, whole.spatial(), whole.channelsLast());
      restView = kept;
    }
    return kept;
  }

  @Override
  void updateRunning(long count) {
    for (int ghost = 0; ghost < view.samples(); ghost++) {
      running().update(mean, variance, ghost, 1, count);
    }
    if (rest != null) {
      running().update(restMean, restVariance, 1, rest.setSize());
    }
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    super.gradient(dy, x, dx);
    if (!constant && rest != null) {
      ChannelNorm.backward(
          rest,
          false,
          dy.array(),
          dy.offset() + view.size(),
          x.array(),
          x.offset() + view.size(),
          dx.array(),
          dx.offset() + view.size(),
          affine().values(),
          epsilon,
          restMean,
          restVariance,
          affine().gradients(),
          pool);
    }
  }

  /** Options of a {@link GhostBatchNorm}. */
  public static final class Builder extends RunningNormBuilder<Builder> {

    private final int ghostSize;

    private Builder(int ghostSize, int numFeatures) {
      super("GhostBatchNorm", true, true, 2, "numFeatures", numFeatures);
      this.ghostSize = Errors.atLeastOne("GhostBatchNorm", "ghostSize", ghostSize);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return convention(convention, notNull(convention).batchEpsilon());
    }

    @Override
    public GhostBatchNorm build() {
      return new GhostBatchNorm(this);
    }
  }
}
