package io.github.normkit;

import java.util.Objects;

/**
 * The options of layers that may keep running statistics, {@link BatchNorm} and {@link
 * InstanceNorm}.
 *
 * @param <B> the builder's own type
 */
public abstract class RunningNormBuilder<B extends RunningNormBuilder<B>>
    extends ChannelNormBuilder<B> {

  private double momentum = Convention.PYTORCH.momentum();
  private boolean cumulative;
  private boolean unbiased = Convention.PYTORCH.unbiasedVariance();

  boolean track;

  RunningNormBuilder(
      String layer, boolean affine, boolean track, int leastRank, String what, int channels) {
    super(layer, Convention.PYTORCH.epsilon(), affine, leastRank, what, channels);
    this.track = track;
  }

  final B convention(Convention convention, double epsilon) {
    unbiased = convention.unbiasedVariance();
    return epsilon(epsilon).momentum(convention.momentum());
  }

  final RunningStatistics runningStatistics() {
    return track ? new RunningStatistics(channels, cumulative, momentum, unbiased) : null;
  }

  /**
   * Sets the weight of the new batch: {@code running = (1 - momentum) * running + momentum *
   * batch}. Keras, Flax, ONNX and DJL give the weight of the old value: their 0.9 is 0.1 here.
   *
   * @param momentum a number in [0, 1]; default 0.1
   * @return this builder
   * @throws IllegalArgumentException if it is not
   */
  public final B momentum(double momentum) {
    this.momentum = Errors.momentum(layer(), momentum);
    this.cumulative = false;
    return self();
  }

  /**
   * Makes the running statistics the plain average of those of all batches, as PyTorch does with
   * {@code momentum=None}.
   *
   * @return this builder
   */
  public final B cumulativeAverage() {
    this.cumulative = true;
    return self();
  }

  /**
   * Sets the estimator that the running variance takes in: divided by n - 1 as in PyTorch, or by n
   * as in Keras, Flax and ONNX. The variance that normalizes a batch is always divided by n.
   *
   * @param unbiased true for n - 1, the default
   * @return this builder
   */
  public final B unbiasedVariance(boolean unbiased) {
    this.unbiased = unbiased;
    return self();
  }

  /**
   * Sets whether the layer keeps running statistics. Without them it normalizes by the statistics
   * of its input in evaluation too.
   *
   * @param track true to keep them; default true for BatchNorm, false for InstanceNorm
   * @return this builder
   */
  public final B trackRunningStatistics(boolean track) {
    this.track = track;
    return self();
  }

  static Convention notNull(Convention convention) {
    return Objects.requireNonNull(convention, "convention");
  }
}
