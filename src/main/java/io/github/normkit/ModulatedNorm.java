package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.Objects;

/**
 * A normalization whose weight and bias are given with each call, other ones for each sample.
 *
 * <pre>{@code
 * y = xhat * weight[n] + bias[n]          for sample n; or, zero-centered,
 * y = xhat * (1 + weight[n]) + bias[n]    the sum 1 + weight taken in float
 * }</pre>
 *
 * <p>{@code xhat} is what a {@link MaskedNormLayer} of this package without weight and bias gives:
 * its statistics and its options are those of that layer. With LayerNorm this is the adaptive layer
 * normalization of diffusion transformers ({@link #adaLayerNorm}), Peebles and Xie, <a
 * href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2022;
 * with GroupNorm the adaptive group normalization of Dhariwal and Nichol, <a
 * href="https://arxiv.org/abs/2105.05233">Diffusion Models Beat GANs on Image Synthesis</a>, 2021;
 * with InstanceNorm the conditional instance normalization of Dumoulin, Shlens and Kudlur, <a
 * href="https://arxiv.org/abs/1610.07629">A Learned Representation For Artistic Style</a>, 2016.
 *
 * <p>{@link #backward} goes through xhat as the layer does, with {@code g = dy * weight[n]} in
 * sample n, and gives the gradients of weight and bias of each sample:
 *
 * <pre>{@code
 * dWeight[n] = Σ over the positions of sample n of dy * xhat
 * dBias[n]   = Σ over the positions of sample n of dy
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>The input is that of the layer, and its first dimension N counts the samples. Weight and bias
 * are {@code (N, C)} for layers with channels, and for LayerNorm and RMSNorm {@code (N,
 * normalizedShape)}; all positions of a sample share them.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if weight or bias have another
 * shape. Forward keeps references to input and weight until the next one. An output that shares
 * storage with weight or bias is not looked for. Every call allocates a little, also one that is
 * given its output; backward the gradients of weight and bias.
 *
 * <pre>{@code
 * ModulatedNorm norm = ModulatedNorm.adaLayerNorm(1152);
 * Tensor y = norm.forward(x, scale, shift);          // x: (N, tokens, 1152); the others (N, 1152)
 * ModulatedNorm.Gradients g = norm.backward(dy);     // g.dx(), and by scale and shift g.dWeight(),
 *                                                    // g.dBias()
 * }</pre>
 */
public final class ModulatedNorm {

  private final BaseLayer layer;
  private final Masking masking;
  private final boolean zeroCentered;
  private final Modulation modulation;
  private Tensor input;
  private Tensor weight;

  /**
   * What backward gives.
   *
   * @param dx the gradient by the input, of its shape
   * @param dWeight the gradient by the weight, of its shape
   * @param dBias the gradient by the bias, of its shape
   */
  public record Gradients(Tensor dx, Tensor dWeight, Tensor dBias) {}

  /**
   * Makes a normalization that scales by the weight.
   *
   * @param layer the layer that normalizes, a {@link MaskedNormLayer} of this package without
   *     weight and bias, {@code affine(false)}; shared, so that its mode, state and running
   *     statistics are those of this
   * @throws IllegalArgumentException if it has a weight or a bias, or is another layer
   */
  public ModulatedNorm(NormLayer layer) {
    this(layer, false);
  }

  /**
   * Makes a normalization.
   *
   * @param layer the layer that normalizes, a {@link MaskedNormLayer} of this package without
   *     weight and bias, {@code affine(false)}; shared, so that its mode, state and running
   *     statistics are those of this
   * @param zeroCentered true to scale by 1 + weight, false by weight
   * @throws IllegalArgumentException if it has a weight or a bias, or is another layer
   */
  public ModulatedNorm(NormLayer layer, boolean zeroCentered) {
    Objects.requireNonNull(layer, "layer");
    if (!(layer instanceof BaseLayer base) || base.masking() == null) {
      throw new IllegalArgumentException(
          "ModulatedNorm: the layer must be a BatchNorm, GroupNorm, InstanceNorm, LayerNorm or"
              + " RMSNorm: got "
              + layer.getClass().getName());
    }
    if (!layer.parameters().isEmpty()) {
      throw base.invalid(
          "a modulated layer must have no weight and bias of its own: expected 0 parameters, got "
              + layer.parameters().size());
    }
    this.layer = base;
    this.zeroCentered = zeroCentered;
    masking = base.masking();
    modulation = masking.modulation();
  }

  /**
   * Makes the adaptive layer normalization of diffusion transformers: LayerNorm with {@code xhat *
   * (1 + scale) + shift} and ε 1e-6.
   *
   * @param normalizedShape the trailing dimensions to normalize over, each at least 1
   * @return the normalization
   * @throws IllegalArgumentException if there are none or one is less than 1
   */
  public static ModulatedNorm adaLayerNorm(int... normalizedShape) {
    NormLayer norm = LayerNorm.builder(normalizedShape).affine(false).epsilon(1e-6).build();
    return new ModulatedNorm(norm, true);
  }

  /**
   * Returns the layer that normalizes.
   *
   * @return the layer given
   */
  public NormLayer layer() {
    return layer;
  }

  /**
   * Normalizes a tensor and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @param weight the weight of each sample, or what is added to 1. Not modified, but kept.
   * @param bias the bias of each sample. Not modified.
   * @return a new tensor of the input's shape
   */
  public Tensor forward(Tensor x, Tensor weight, Tensor bias) {
    check(x, weight, bias, false);
    return checkedForward(x, weight, bias, Tensor.zeros(x.shape()));
  }

  /**
   * Normalizes a tensor into another and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @param weight the weight of each sample, or what is added to 1. Not modified, but kept.
   * @param bias the bias of each sample. Not modified.
   * @param out the output, of the input's shape; must not overlap the input. Modified.
   * @return {@code out}
   */
  public Tensor forward(Tensor x, Tensor weight, Tensor bias, Tensor out) {
    check(x, weight, bias, false);
    layer.checkForwardOutput(x, out);
    return checkedForward(x, weight, bias, out);
  }

  private Tensor checkedForward(Tensor x, Tensor weight, Tensor bias, Tensor out) {
    // Until the statistics are kept as a whole there is nothing to go back to.
    input = null;
    if (x.shape().size() > 0 || layer.takesEmpty()) {
      modulation.forward(x, affine(weight, bias, zeroCentered), out);
    }
    this.weight = weight;
    input = x;
    return out;
  }

  /**
   * Normalizes a tensor as the layer's infer does; remembers and changes nothing.
   *
   * @param x the input. Not modified.
   * @param weight the weight of each sample, or what is added to 1. Not modified.
   * @param bias the bias of each sample. Not modified.
   * @return a new tensor of the input's shape
   */
  public Tensor infer(Tensor x, Tensor weight, Tensor bias) {
    check(x, weight, bias, true);
    return checkedInfer(x, weight, bias, Tensor.zeros(x.shape()));
  }

  /**
   * Normalizes a tensor into another as the layer's infer does; remembers and changes nothing else.
   *
   * @param x the input. Not modified unless it is {@code out}.
   * @param weight the weight of each sample, or what is added to 1. Not modified.
   * @param bias the bias of each sample. Not modified.
   * @param out the output, of the input's shape; may be {@code x} itself. Modified.
   * @return {@code out}
   */
  public Tensor infer(Tensor x, Tensor weight, Tensor bias, Tensor out) {
    check(x, weight, bias, true);
    layer.checkInferOutput(x, out);
    return checkedInfer(x, weight, bias, out);
  }

  private Tensor checkedInfer(Tensor x, Tensor weight, Tensor bias, Tensor out) {
    if (x.shape().size() > 0) {
      modulation.infer(x, affine(weight, bias, zeroCentered), out);
    }
    return out;
  }

  /**
   * Back-propagates through the last forward.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradients, new tensors
   * @throws IllegalStateException if there was no forward before it; with a layer whose samples
   *     share statistics, also if the layer had another since
   */
  public Gradients backward(Tensor dy) {
    layer.checkGradient(dy, input);
    return checkedBackward(dy, Tensor.zeros(dy.shape()));
  }

  /**
   * Back-propagates through the last forward.
   *
   * @param dy the gradient of the loss by the output. Not modified unless it is {@code dx}.
   * @param dx receives the gradient of the loss by the input; may be {@code dy} itself, but not the
   *     input of forward. Modified.
   * @return the gradients: {@code dx}, and new tensors for weight and bias
   * @throws IllegalStateException if there was no forward before it; with a layer whose samples
   *     share statistics, also if the layer had another since
   */
  public Gradients backward(Tensor dy, Tensor dx) {
    layer.checkGradient(dy, input);
    layer.checkGradientOutput(dy, input, dx);
    return checkedBackward(dy, dx);
  }

  private Gradients checkedBackward(Tensor dy, Tensor dx) {
    Tensor dWeight = Tensor.zeros(weight.shape());
    Tensor dBias = Tensor.zeros(weight.shape());
    if (dy.shape().size() > 0 || layer.takesEmpty()) {
      Affine gradients = affine(dWeight, dBias, false);
      modulation.backward(dy, input, affine(weight, null, zeroCentered), dx, gradients);
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private static Affine affine(Tensor weight, Tensor bias, boolean zeroCentered) {
    return new Affine(
        weight.array(),
        weight.offset(),
        bias == null ? null : bias.array(),
        bias == null ? 0 : bias.offset(),
        zeroCentered);
  }

  private void check(Tensor x, Tensor weight, Tensor bias, boolean inferring) {
    layer.checkInput(Objects.requireNonNull(x, "x"), inferring);
    int[] parameters = masking.samples(x.shape()).parameters().toArray();
    int[] dims = new int[parameters.length + 1];
    dims[0] = x.shape().dim(0);
    System.arraycopy(parameters, 0, dims, 1, parameters.length);
    checkParameter("weight", weight, Shape.of(dims), x);
    checkParameter("bias", bias, Shape.of(dims), x);
  }

  private void checkParameter(String name, Tensor parameter, Shape expected, Tensor x) {
    Objects.requireNonNull(parameter, name);
    if (!parameter.shape().equals(expected)) {
      throw layer.invalid(
          "the modulating "
              + name
              + " must have one row for each sample: expected "
              + expected
              + " for "
              + x.shape()
              + ", got "
              + parameter.shape());
    }
  }
}
