package io.github.normkit;

import io.github.normkit.distributed.Collective;
import io.github.normkit.functional.ChannelView;
import java.util.Objects;

/**
 * Batch normalization of each channel over the batch and all spatial positions.
 *
 * <p>Ioffe and Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization:
 * Accelerating Deep Network Training by Reducing Internal Covariate Shift</a>, 2015.
 *
 * <pre>{@code
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias
 * }</pre>
 *
 * <p>In training, mean and variance of a channel run over the batch and all spatial dimensions; the
 * variance is the <em>biased</em> one, divided by n. In evaluation they are the running ones. ε
 * stands inside the root. Weight and bias have one element for each channel and begin as 1 and 0.
 *
 * <p><b>Running statistics</b> begin as mean 0 and variance 1. Each forward in training updates
 * them,
 *
 * <pre>{@code
 * running = (1 - momentum) * running + momentum * batch
 * }</pre>
 *
 * <p>with two traps. Momentum is the weight of the <em>new</em> value, as in PyTorch; Keras, Flax,
 * ONNX and DJL give that of the old one. And the variance that goes in is the <em>unbiased</em>
 * one, divided by n - 1, as in PyTorch, unless {@link Builder#unbiasedVariance} says otherwise,
 * although the batch is normalized by the biased one. They are kept to 48 bits, so that small
 * updates are not lost. A channel whose batch holds a NaN or an infinity keeps those it has; the
 * batch is counted.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the statistics in double.
 * With {@code xhat = (x - mean) / sqrt(variance + epsilon)}, {@code g = dy * weight} and means over
 * the channel,
 *
 * <pre>{@code
 * dx      = (g - mean(g) - xhat * mean(g * xhat)) / sqrt(variance + epsilon)   in training
 * dx      = g / sqrt(variance + epsilon)                                       else
 * dWeight = Σ over the channel of dy * xhat
 * dBias   = Σ over the channel of dy
 * }</pre>
 *
 * <p><b>Synchronized</b>, {@link Builder#synchronize}, means and sums run over the batches of all
 * replicas.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (N, C)}, {@code (N, C, L)}, {@code (N, C, H, W)}, {@code (N, C, D, H,
 * W)} and so on, or with the channels last. An empty batch gives an empty result and leaves the
 * running statistics as they are.
 *
 * <h2>Defaults</h2>
 *
 * <p>ε 1e-5, momentum 0.1, unbiased running variance, weight and bias, running statistics tracked,
 * not frozen, channels first, the caller's thread.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input has another number of
 * channels, or if it has one value per channel where its own statistics are needed: that value
 * would be normalized to 0.
 *
 * <pre>{@code
 * BatchNorm norm = BatchNorm.builder(64).momentum(0.01).layout(Layout.CHANNELS_LAST).build();
 * Tensor y = norm.forward(x);            // x: (N, H, W, 64); updates the running statistics
 * Tensor dx = norm.backward(dy);
 * Tensor deployed = norm.infer(x);       // by the running statistics
 * }</pre>
 */
public final class BatchNorm extends MaskedChannelLayer {

  private final boolean frozen;

  /**
   * Makes a layer with the defaults.
   *
   * @param numFeatures the number of channels, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public BatchNorm(int numFeatures) {
    this(builder(numFeatures));
  }

  private BatchNorm(Builder builder) {
    super(builder, builder.runningStatistics(), builder.replicas());
    frozen = builder.frozen;
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param numFeatures the number of channels, at least 1
   * @return the builder
   * @throws IllegalArgumentException if it is less
   */
  public static Builder builder(int numFeatures) {
    return new Builder(numFeatures);
  }

  /**
   * Returns the number of channels.
   *
   * @return the number that the layer was made with
   */
  public int numFeatures() {
    return channels;
  }

  /**
   * Returns what {@link #infer} amounts to, {@code y = x * scale + shift} for each channel, as its
   * parameters and running statistics are now, in whatever mode.
   *
   * <pre>{@code
   * scale = weight / sqrt(running_var + epsilon)
   * shift = bias - running_mean * scale
   * }</pre>
   *
   * <p>Computed in double; later changes of the layer do not change it. {@link
   * io.github.normkit.folding.Folding} takes it into the layer before or after.
   *
   * @return a new map
   * @throws IllegalStateException if the layer tracks no statistics
   */
  public ChannelAffine toAffine() {
    return affineOfRunning();
  }

  @Override
  boolean usesBatch(boolean inferring) {
    return running() == null || (isTraining() && !frozen && !inferring);
  }

  @Override
  ChannelView view(int n, int channels, int spatial, boolean channelsLast) {
    return ChannelView.batchNorm(n, channels, spatial, channelsLast);
  }

  @Override
  boolean sharesBatch() {
    return true;
  }

  @Override
  void checkStatistics(int n, int spatial, Shape shape) {
    if (n == 1 && spatial == 1) {
      throw invalid(
          "batch statistics need more than one value per channel: got 1 (batch 1 x spatial 1) of "
              + shape
              + "; use eval mode with running statistics, a larger batch, or GroupNorm");
    }
  }

  /** Options of a {@link BatchNorm}. */
  public static final class Builder extends RunningNormBuilder<Builder> {

    private boolean frozen;
    private Collective collective;

    private Builder(int numFeatures) {
      super("BatchNorm", true, true, 2, "numFeatures", numFeatures);
    }

    /**
     * Makes the layer normalize by its running statistics and never update them, whatever the mode:
     * for fine-tuning with the statistics of a pretrained network.
     *
     * @param frozen true to freeze them; default false
     * @return this builder
     */
    public Builder frozen(boolean frozen) {
      this.frozen = frozen;
      return this;
    }

    /**
     * Makes the layer share its statistics with those of other replicas, each of which has a part
     * of the batch: {@code forward} in training normalizes by mean and variance of all parts, and
     * the {@code backward} after it takes its means over all of them.
     *
     * <p>All replicas must then make the same calls in the same order, one with an empty part too;
     * each such call exchanges arrays once. The running statistics are the same on all. The
     * gradients of weight and bias are those of the replica's own part, to be added up over the
     * replicas by what trains them. Evaluation, {@code infer} and a frozen layer exchange nothing.
     * Where the parts end between {@linkplain ChannelView#blockSamples blocks}, output, gradient of
     * the input and running statistics have the bits of one layer with the whole batch.
     *
     * <p>Forward and backward then also throw {@link IllegalArgumentException} if the replicas
     * differ in the number of channels or have one value per channel together, {@link
     * IllegalStateException} if they do not make the same call, and what the collective throws, all
     * with nothing written.
     *
     * @param collective this replica's end of the group
     * @return this builder
     * @throws IllegalArgumentException if its rank is not one of its world
     */
    public Builder synchronize(Collective collective) {
      int rank = Objects.requireNonNull(collective, "collective").rank();
      if (rank < 0 || rank >= collective.worldSize()) {
        throw new IllegalArgumentException(
            "BatchNorm: the collective's rank must be less than its world size: got rank="
                + rank
                + ", worldSize="
                + collective.worldSize());
      }
      this.collective = collective;
      return this;
    }

    private Replicas replicas() {
      return collective == null ? null : new Replicas(layer(), collective, channels);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public Builder convention(Convention convention) {
      return convention(convention, notNull(convention).batchEpsilon());
    }

    /**
     * Builds the layer, in training mode.
     *
     * @throws IllegalArgumentException if it is frozen but tracks no statistics
     */
    @Override
    public BatchNorm build() {
      if (frozen && !track) {
        throw new IllegalArgumentException(
            "BatchNorm: frozen must have running statistics:"
                + " got frozen=true, trackRunningStatistics=false");
      }
      return new BatchNorm(this);
    }
  }
}
