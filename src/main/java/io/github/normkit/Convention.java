package io.github.normkit;

/**
 * The defaults of a framework: ε, momentum and the estimator of the running variance.
 *
 * <table>
 * <caption>What a builder's {@code convention(...)} sets</caption>
 * <tr><th></th><th>ε of BatchNorm</th><th>ε of the others</th><th>ε of RMSNorm</th>
 *     <th>momentum</th><th>running variance</th></tr>
 * <tr><td>PYTORCH</td><td>1e-5</td><td>1e-5</td><td>2^-23</td><td>0.1</td><td>unbiased</td></tr>
 * <tr><td>KERAS</td><td>1e-3</td><td>1e-3</td><td>1e-6</td><td>0.01</td><td>biased</td></tr>
 * <tr><td>FLAX</td><td>1e-5</td><td>1e-6</td><td>1e-6</td><td>0.01</td><td>biased</td></tr>
 * <tr><td>ONNX</td><td>1e-5</td><td>1e-5</td><td>1e-5</td><td>0.1</td><td>biased</td></tr>
 * </table>
 *
 * <p>Momentum is the weight of the <em>new</em> batch value, as in PyTorch. Keras, Flax and ONNX
 * document the weight of the old one: their 0.99, 0.99 and 0.9 are 0.01, 0.01 and 0.1 here.
 */
public enum Convention {
  /** PyTorch, whose RMSNorm takes the machine epsilon of float32; the default but for RMSNorm. */
  PYTORCH(1e-5, 1e-5, 0x1p-23, 0.1, true),
  /** Keras 3. */
  KERAS(1e-3, 1e-3, 1e-6, 0.01, false),
  /** Flax, Linen and NNX. */
  FLAX(1e-5, 1e-6, 1e-6, 0.01, false),
  /** The operators of ONNX. */
  ONNX(1e-5, 1e-5, 1e-5, 0.1, false);

  private final double batchEpsilon;
  private final double epsilon;
  private final double rmsEpsilon;
  private final double momentum;
  private final boolean unbiased;

  Convention(
      double batchEpsilon, double epsilon, double rmsEpsilon, double momentum, boolean unbiased) {
    this.batchEpsilon = batchEpsilon;
    this.epsilon = epsilon;
    this.rmsEpsilon = rmsEpsilon;
    this.momentum = momentum;
    this.unbiased = unbiased;
  }

  /**
   * Returns ε of BatchNorm.
   *
   * @return the number added to the variance
   */
  public double batchEpsilon() {
    return batchEpsilon;
  }

  /**
   * Returns ε of LayerNorm, GroupNorm and InstanceNorm.
   *
   * @return the number added to the variance
   */
  public double epsilon() {
    return epsilon;
  }

  /**
   * Returns ε of RMSNorm.
   *
   * @return the number added to the mean square
   */
  public double rmsEpsilon() {
    return rmsEpsilon;
  }

  /**
   * Returns the momentum of running statistics.
   *
   * @return the weight of the new batch value, in [0, 1]
   */
  public double momentum() {
    return momentum;
  }

  /**
   * Returns whether the running variance takes the unbiased estimate.
   *
   * @return true for a division by n - 1, false for n
   */
  public boolean unbiasedVariance() {
    return unbiased;
  }
}
