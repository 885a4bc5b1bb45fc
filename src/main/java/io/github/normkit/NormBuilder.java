package io.github.normkit;

/**
 * The options of layers with ε, weight and bias. Each is checked as it is set; a later call
 * replaces an earlier.
 *
 * @param <B> the builder's own type
 */
public abstract class NormBuilder<B extends NormBuilder<B>> extends LayerBuilder<B> {

  double epsilon;
  boolean weight;
  boolean bias;
  boolean zeroWeight;

  NormBuilder(String layer, double epsilon, boolean weight, boolean bias) {
    super(layer);
    this.epsilon = epsilon;
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Takes over a framework's defaults: ε and, where the layer has running statistics, the momentum
   * and the estimator of the running variance.
   *
   * @param convention the framework
   * @return this builder
   */
  public abstract B convention(Convention convention);

  /**
   * Sets ε, which is added to the variance under the root: {@code 1 / sqrt(variance + epsilon)}.
   *
   * @param epsilon a finite positive number
   * @return this builder
   * @throws IllegalArgumentException if it is not
   */
  public final B epsilon(double epsilon) {
    this.epsilon = Errors.epsilon(layer(), epsilon);
    return self();
  }

  /**
   * Sets whether the layer has a weight γ and a bias β, both or none.
   *
   * @param affine true for both
   * @return this builder
   */
  public final B affine(boolean affine) {
    return weight(affine).bias(affine);
  }

  /**
   * Sets whether the layer has a weight γ.
   *
   * @param weight true for a weight
   * @return this builder
   */
  public final B weight(boolean weight) {
    this.weight = weight;
    return self();
  }

  /**
   * Sets whether the weight γ begins at 0, not 1, so that the output begins as the bias: the last
   * layer of a residual branch then begins the whole block as the identity (Goyal et al., <a
   * href="https://arxiv.org/abs/1706.02677">Accurate, Large Minibatch SGD</a>, 2017). A weight to
   * which 1 is added begins at -1. Without a weight it has no effect.
   *
   * @param zeroWeight true for 0; default false
   * @return this builder
   */
  public final B zeroWeight(boolean zeroWeight) {
    this.zeroWeight = zeroWeight;
    return self();
  }

  /**
   * Sets whether the layer has a bias β.
   *
   * @param bias true for a bias
   * @return this builder
   */
  public final B bias(boolean bias) {
    this.bias = bias;
    return self();
  }
}
