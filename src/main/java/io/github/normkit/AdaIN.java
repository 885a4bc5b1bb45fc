package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Objects;

/**
 * Adaptive instance normalization: gives each channel of a content the mean and the deviation of
 * the same channel of a style.
 *
 * <p>Huang and Belongie, <a href="https://arxiv.org/abs/1703.06868">Arbitrary Style Transfer in
 * Real-time with Adaptive Instance Normalization</a>, 2017.
 *
 * <pre>{@code
 * y = sigma(style) * (content - mean(content)) / sigma(content) + mean(style)
 * sigma = sqrt(variance + epsilon)
 * }</pre>
 *
 * <p>Mean and variance of both run over the spatial positions, for each sample and each channel;
 * the variance is the biased one, as in the paper (its authors' code takes that of the style
 * divided by n - 1, and without ε), and ε stands inside the root. Training and evaluation do not
 * differ, and there are no parameters.
 *
 * <p>{@link #backward} goes to both. The content's gradient is that of {@link InstanceNorm} with
 * the style's sigma as weight. With {@code shat = (style - mean(style)) / sigma(style)} and n
 * positions of the style,
 *
 * <pre>{@code
 * dStyle = (dSigma * shat + dMean) / n
 * dSigma = Σ dy * xhat,  dMean = Σ dy     over the positions of the content
 * }</pre>
 *
 * <h2>Shapes</h2>
 *
 * <p>Content, output {@code (N, C, *)} or, channels last, {@code (N, *, C)}; the style has as many
 * samples and channels, and any spatial positions of its own, more than one.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if content or style have other
 * channels or one spatial position, or their batches differ. Forward keeps references to both until
 * the next one. Infer allocates a copy of the style.
 *
 * <pre>{@code
 * AdaIN adain = new AdaIN(512);
 * Tensor y = adain.forward(content, style);     // (N, 512, 32, 32) and (N, 512, 40, 24)
 * AdaIN.Gradients g = adain.backward(dy);       // g.dContent(), g.dStyle()
 * }</pre>
 */
public final class AdaIN {

  private final InstanceNorm norm;
  private final ModulatedNorm modulated;
  private Tensor content;
  private Style style;

  /**
   * What backward gives.
   *
   * @param dContent the gradient by the content, of its shape
   * @param dStyle the gradient by the style, of its shape
   */
  public record Gradients(Tensor dContent, Tensor dStyle) {}

  /** A style with the mean and variance of each channel, and what they make of the content. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Style(
      Tensor tensor, double[] mean, double[] variance, Tensor sigma, Tensor shift) {}

  /**
   * Makes an operation with the channels first, ε 1e-5, on the caller's thread.
   *
   * @param channels the number of channels, at least 1
   * @throws IllegalArgumentException if it is less
   */
  public AdaIN(int channels) {
    this(new InstanceNorm(channels));
  }

  /**
   * Makes an operation with the options of a layer: ε, layout, ranks, pool.
   *
   * @param norm a layer without weight and bias and without running statistics
   * @throws IllegalArgumentException if it has any
   */
  public AdaIN(InstanceNorm norm) {
    this.norm = Objects.requireNonNull(norm, "norm");
    if (norm.running() != null) {
      throw new IllegalArgumentException(
          "AdaIN: the layer must have no running statistics: got those of "
              + norm.running().mean().length
              + " channels");
    }
    modulated = new ModulatedNorm(norm);
  }

  /**
   * Gives a content the statistics of a style and remembers what backward needs.
   *
   * @param content the content. Not modified, but kept until the next forward.
   * @param style the style. Not modified, but kept until the next forward.
   * @return a new tensor of the content's shape
   */
  public Tensor forward(Tensor content, Tensor style) {
    check(content, style);
    return checkedForward(content, style, Tensor.zeros(content.shape()));
  }

  /**
   * Gives a content the statistics of a style, into another tensor, and remembers what backward
   * needs.
   *
   * @param content the content. Not modified, but kept until the next forward.
   * @param style the style. Not modified, but kept until the next forward.
   * @param out the output, of the content's shape; must overlap neither. Modified.
   * @return {@code out}
   */
  public Tensor forward(Tensor content, Tensor style, Tensor out) {
    check(content, style);
    norm.checkForwardOutput(content, out);
    checkApart(out, style);
    return checkedForward(content, style, out);
  }

  private Tensor checkedForward(Tensor content, Tensor style, Tensor out) {
    // Until the statistics are kept as a whole there is nothing to go back to.
    this.content = null;
    this.style = statistics(style);
    modulated.forward(content, this.style.sigma(), this.style.shift(), out);
    this.content = content;
    return out;
  }

  /**
   * Gives a content the statistics of a style; remembers nothing.
   *
   * @param content the content. Not modified.
   * @param style the style. Not modified.
   * @return a new tensor of the content's shape
   */
  public Tensor infer(Tensor content, Tensor style) {
    check(content, style);
    Style taken = statistics(style);
    return modulated.infer(content, taken.sigma(), taken.shift());
  }

  /**
   * Gives a content the statistics of a style, into another tensor; remembers nothing.
   *
   * @param content the content. Not modified unless it is {@code out}.
   * @param style the style. Not modified unless it is {@code out}.
   * @param out the output, of the content's shape; may be the content itself. Modified.
   * @return {@code out}
   */
  public Tensor infer(Tensor content, Tensor style, Tensor out) {
    check(content, style);
    norm.checkInferOutput(content, out);
    Style taken = statistics(style);
    return modulated.infer(content, taken.sigma(), taken.shift(), out);
  }

  /** Takes the statistics of a style; what the normalization gives besides is left. */
  private Style statistics(Tensor style) {
    int n = style.shape().dim(0);
    ChannelView view = norm.channelsOf(style.shape());
    int c = view.channels();
    Tensor sigma = Tensor.zeros(Shape.of(n, c));
    Tensor shift = Tensor.zeros(Shape.of(n, c));
    double[] mean = new double[n * c];
    double[] variance = new double[n * c];
    ChannelNorm.forward(
        new ChannelView(n, 1, c, view.spatial(), c, view.channelsLast()),
        style.array(),
        style.offset(),
        new float[style.shape().size()],
        0,
        Affine.NONE,
        norm.epsilon,
        mean,
        variance,
        norm.pool);
    for (int i = 0; i < n * c; i++) {
      sigma.array()[i] = (float) Math.sqrt(variance[i] + norm.epsilon);
      shift.array()[i] = (float) mean[i];
    }
    return new Style(style, mean, variance, sigma, shift);
  }

  /**
   * Back-propagates through the last forward.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradients by content and style, new tensors
   * @throws IllegalStateException if there was no forward before it
   */
  public Gradients backward(Tensor dy) {
    norm.checkGradient(dy, content);
    ModulatedNorm.Gradients gradients = modulated.backward(dy);
    Tensor dStyle = Tensor.zeros(style.tensor().shape());
    if (dStyle.shape().size() > 0) {
      styleGradient(gradients, dStyle);
    }
    return new Gradients(gradients.dx(), dStyle);
  }

  /** The style's gradient is an affine map of what its normalization gives. */
  private void styleGradient(ModulatedNorm.Gradients gradients, Tensor dStyle) {
    Tensor tensor = style.tensor();
    ChannelView view = norm.channelsOf(tensor.shape());
    int c = view.channels();
    int size = view.size();
    float[] slope = gradients.dWeight().array();
    float[] shift = gradients.dBias().array();
    for (int i = 0; i < slope.length; i++) {
      slope[i] /= view.spatial();
      shift[i] /= view.spatial();
    }
    double[] mean = new double[c];
    double[] variance = new double[c];
    for (int i = 0; i < tensor.shape().dim(0); i++) {
      System.arraycopy(style.mean(), i * c, mean, 0, c);
      System.arraycopy(style.variance(), i * c, variance, 0, c);
      ChannelNorm.normalize(
          view,
          tensor.array(),
          tensor.offset() + i * size,
          dStyle.array(),
          i * size,
          Modulation.of(i, Affine.of(slope, shift), c),
          norm.epsilon,
          mean,
          variance,
          norm.pool);
    }
  }

  private void check(Tensor content, Tensor style) {
    norm.checkInput(Objects.requireNonNull(content, "content"), false);
    norm.checkInput(Objects.requireNonNull(style, "style"), false);
    if (content.shape().dim(0) != style.shape().dim(0)) {
      throw new IllegalArgumentException(
          "AdaIN: the style must have as many samples as the content: expected "
              + content.shape().dim(0)
              + " of "
              + content.shape()
              + ", got "
              + style.shape().dim(0)
              + " of "
              + style.shape());
    }
    if (style.shape().size() == 0 && content.shape().size() > 0) {
      throw new IllegalArgumentException(
          "AdaIN: the style must not be empty where the content is not: expected at least 2 spatial"
              + " positions, got 0 of "
              + style.shape());
    }
  }

  private static void checkApart(Tensor out, Tensor style) {
    if (out.overlaps(style)) {
      throw new IllegalArgumentException(
          "AdaIN: out must not overlap the style, which backward needs: got offsets "
              + out.offset()
              + " and "
              + style.offset()
              + " of one array, "
              + out.shape().size()
              + " and "
              + style.shape().size()
              + " elements");
    }
  }
}
