package io.github.normkit.folding;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelAffine;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * Takes the scale and shift of a BatchNorm into the linear or convolution layer before or after it.
 *
 * <p>With constant statistics a BatchNorm is {@code scale * x + shift} ({@link
 * BatchNorm#toAffine}). A layer <em>before</em> it, {@code x = W u + b}, takes it in with each
 * output channel {@code o},
 *
 * <pre>{@code
 * scale * (W u + b) + shift = W' u + b'
 * W'[o] = scale[o] * W[o]
 * b'[o] = scale[o] * b[o] + shift[o]
 * }</pre>
 *
 * <p>whatever its stride, padding and dilation. A layer <em>after</em> it takes it in with each
 * input channel {@code i}, the sum over all weights of an output,
 *
 * <pre>{@code
 * W (scale * x + shift) + b = W' x + b'
 * W'[o, i] = W[o, i] * scale[i]
 * b'[o] = b[o] + Σ W[o, i] * shift[i]
 * }</pre>
 *
 * <p>if it does not pad: zeros that it adds around the normalized input are not zeros before
 * normalization.
 *
 * <h2>Shapes</h2>
 *
 * <p>Weights are as in PyTorch: linear {@code (out, in)}, convolution {@code (out, in / groups, k,
 * ...)}, transposed convolution {@code (in, out / groups, k, ...)}, with any number of kernel
 * dimensions; biases {@code (out)}. A weight with the outputs innermost, {@code (in, out)} or
 * {@code (kh, kw, in, out)}, is a transposed one without groups, reshaped to {@code (size / out,
 * out)}.
 *
 * <h2>Exactness</h2>
 *
 * <p>Products and sums are taken in double, in the order of memory, and rounded to float once. The
 * folded layer differs from the two by the rounding of its weights and of what it computes.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>Arguments are checked before anything is written; {@link IllegalArgumentException} says which
 * numbers do not fit. The methods with tensors leave their arguments as they are, those with arrays
 * work in place. Static, without state: many threads may call at once. Jacob et al., <a
 * href="https://arxiv.org/abs/1712.05877">Quantization and Training of Neural Networks for
 * Efficient Integer-Arithmetic-Only Inference</a>, 2018, section 3.2.
 */
public final class Folding {

  private Folding() {}

  /**
   * Takes an affine map into the linear or convolution layer before it.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, {@code (out, in)} or {@code (out, in / groups, k, ...)}. Not
   *     modified.
   * @param bias the bias, {@code (out)}, or null if there is none. Not modified.
   * @return the weight and bias of a layer that does both
   * @throws IllegalArgumentException if the outputs are not the map's channels, the weight has less
   *     than 2 dimensions or the bias another shape
   */
  public static Folded intoPrevious(ChannelAffine affine, Tensor weight, Tensor bias) {
    rank(weight);
    outputs(affine, weight.shape().dim(0), "of weight " + weight.shape());
    Folded folded = copy(weight, bias, weight.shape().dim(0));
    intoPrevious(affine, folded.weight().array(), folded.bias().array());
    return folded;
  }

  /**
   * Takes an affine map into the linear or convolution layer before it, in place.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, row-major with the outputs outermost. Modified.
   * @param bias the bias, one element for each output; zeros if there was none. Modified.
   * @throws IllegalArgumentException if the outputs are not the map's channels or the weight does
   *     not divide into them
   */
  public static void intoPrevious(ChannelAffine affine, float[] weight, float[] bias) {
    notNull(affine, weight, bias);
    outputs(affine, bias.length, "of the bias");
    divides(weight, bias.length, "outputs");
    scaleOutputs(affine, weight, 1, bias.length, weight.length / bias.length);
    shiftOutputs(affine, bias);
  }

  /**
   * Takes an affine map into the transposed convolution before it.
   *
   * <p>With {@code groups}, input {@code i} belongs to group {@code g = i / (in / groups)}, and
   * {@code weight[i, j]} leads to output {@code g * (out / groups) + j}.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, {@code (in, out / groups, k, ...)}. Not modified.
   * @param bias the bias, {@code (out)}, or null if there is none. Not modified.
   * @param groups the number of groups, at least 1
   * @return the weight and bias of a layer that does both
   * @throws IllegalArgumentException if the outputs are not the map's channels, the inputs do not
   *     divide into the groups, the weight has less than 2 dimensions or the bias another shape
   */
  public static Folded intoPreviousTransposed(
      ChannelAffine affine, Tensor weight, Tensor bias, int groups) {
    rank(weight);
    groups(groups, "inputs", weight.shape().dim(0));
    long outputs = (long) weight.shape().dim(1) * groups;
    outputs(affine, outputs, "of weight " + weight.shape() + " in " + groups + " groups");
    Folded folded = copy(weight, bias, affine.channels());
    int inputs = weight.shape().dim(0);
    intoPreviousTransposed(affine, folded.weight().array(), folded.bias().array(), inputs, groups);
    return folded;
  }

  /**
   * Takes an affine map into the transposed convolution before it, in place.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, row-major {@code (in, out / groups, k, ...)}. Modified.
   * @param bias the bias, one element for each output; zeros if there was none. Modified.
   * @param inputs the number of input channels, at least 1
   * @param groups the number of groups, at least 1
   * @throws IllegalArgumentException if the outputs are not the map's channels, inputs or outputs
   *     do not divide into the groups, or the weight not into them
   */
  public static void intoPreviousTransposed(
      ChannelAffine affine, float[] weight, float[] bias, int inputs, int groups) {
    notNull(affine, weight, bias);
    outputs(affine, bias.length, "of the bias");
    groups(groups, "inputs", inputs);
    groups(groups, "outputs", bias.length);
    int perGroup = bias.length / groups;
    divides(weight, (long) inputs * perGroup, "inputs x outputs / groups");
    int kernel = weight.length / (inputs * perGroup);
    scaleOutputs(affine, weight, inputs / groups, perGroup, kernel);
    shiftOutputs(affine, bias);
  }

  /**
   * Takes an affine map into the linear layer, or the convolution without groups and padding, after
   * it.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, {@code (out, in)} or {@code (out, in, k, ...)}. Not modified.
   * @param bias the bias, {@code (out)}, or null if there is none. Not modified.
   * @return the weight and bias of a layer that does both
   * @throws IllegalArgumentException if the inputs are not the map's channels, the weight has less
   *     than 2 dimensions or the bias another shape
   */
  public static Folded intoNext(ChannelAffine affine, Tensor weight, Tensor bias) {
    return intoNext(affine, weight, bias, 1);
  }

  /**
   * Takes an affine map into the convolution after it, which must not pad.
   *
   * @param affine the map. Not modified.
   * @param weight the weight, {@code (out, in / groups, k, ...)}. Not modified.
   * @param bias the bias, {@code (out)}, or null if there is none. Not modified.
   * @param groups the number of groups, at least 1
   * @return the weight and bias of a layer that does both
   * @throws IllegalArgumentException if the inputs are not the map's channels, the outputs do not
   *     divide into the groups, the weight has less than 2 dimensions or the bias another shape
   */
  public static Folded intoNext(ChannelAffine affine, Tensor weight, Tensor bias, int groups) {
    Objects.requireNonNull(affine, "affine");
    rank(weight);
    int outputs = weight.shape().dim(0);
    groups(groups, "outputs", outputs);
    long inputs = (long) weight.shape().dim(1) * groups;
    if (inputs != affine.channels()) {
      throw invalid(
          "the inputs must be the channels of the affine map: expected "
              + affine.channels()
              + ", got "
              + inputs
              + " of weight "
              + weight.shape()
              + " in "
              + groups
              + " groups");
    }
    Folded folded = copy(weight, bias, outputs);
    intoNext(affine, folded.weight().array(), folded.bias().array(), groups);
    return folded;
  }

  /**
   * Takes an affine map into the linear layer or convolution after it, which must not pad, in
   * place.
   *
   * @param affine the map, of as many channels as the layer has inputs. Not modified.
   * @param weight the weight, row-major {@code (out, in / groups, k, ...)}. Modified.
   * @param bias the bias, one element for each output; zeros if there was none. Modified.
   * @param groups the number of groups, 1 for a linear layer
   * @throws IllegalArgumentException if inputs or outputs do not divide into the groups, or the
   *     weight not into them
   */
  public static void intoNext(ChannelAffine affine, float[] weight, float[] bias, int groups) {
    notNull(affine, weight, bias);
    groups(groups, "outputs", bias.length);
    groups(groups, "inputs", affine.channels());
    int perGroup = affine.channels() / groups;
    divides(weight, (long) bias.length * perGroup, "outputs x inputs / groups");
    int kernel = weight.length / (bias.length * perGroup);
    int at = 0;
    for (int o = 0; o < bias.length; o++) {
      int first = o / (bias.length / groups) * perGroup;
      double sum = bias[o];
      for (int i = first; i < first + perGroup; i++) {
        for (int end = at + kernel; at < end; at++) {
          sum += weight[at] * affine.shift(i);
          weight[at] = (float) (weight[at] * affine.scale(i));
        }
      }
      bias[o] = (float) sum;
    }
  }

  /**
   * Takes the bias of the layer before a BatchNorm into its running mean, so that the layer needs
   * none.
   *
   * <pre>{@code
   * running_mean = running_mean - bias
   * }</pre>
   *
   * <p>A bias before a BatchNorm is of no use: what it adds to a channel, the mean takes off.
   * Without it, the running mean that was taken with it is too large by it. After this call the
   * layer without its bias, followed by the norm, is what both were before: to rounding in
   * evaluation, and in training, where the running mean goes on as it would have, less the bias. Of
   * a norm without running statistics nothing changes: there the bias can just be left out.
   *
   * @param norm the norm. Its running mean is modified.
   * @param bias the bias, one finite element for each channel. Not modified.
   * @throws IllegalArgumentException if the bias has not the norm's channels, or the new running
   *     mean would not be finite
   */
  public static void absorbBias(BatchNorm norm, Tensor bias) {
    Objects.requireNonNull(norm, "norm");
    Objects.requireNonNull(bias, "bias");
    biasShape(bias, norm.numFeatures());
    Map<String, Tensor> state = norm.state();
    Tensor mean = state.get("running_mean");
    if (mean == null) {
      return;
    }
    Tensor residual = state.get("running_residual");
    float[] b = bias.toArray();
    for (int c = 0; c < b.length; c++) {
      double less = (double) mean.get(c) + residual.get(0, c) - b[c];
      mean.set((float) less, c);
      residual.set(Float.isFinite((float) less) ? (float) (less - (float) less) : 0, 0, c);
    }
    norm.loadState(state);
  }

  /**
   * Takes the bias of the layer before an affine map into its shift, so that the layer needs none:
   * for engines that keep scale and shift apart from the weights.
   *
   * <pre>{@code
   * scale * (W u + b) + shift = scale * (W u) + (scale * b + shift)
   * }</pre>
   *
   * @param affine the map. Not modified.
   * @param bias the bias, one element for each channel. Not modified.
   * @return the map that follows the layer without its bias
   * @throws IllegalArgumentException if the bias has not the map's channels
   */
  public static ChannelAffine absorbBias(ChannelAffine affine, Tensor bias) {
    Objects.requireNonNull(affine, "affine");
    Objects.requireNonNull(bias, "bias");
    biasShape(bias, affine.channels());
    float[] b = bias.toArray();
    double[] scale = new double[b.length];
    double[] shift = new double[b.length];
    for (int c = 0; c < b.length; c++) {
      scale[c] = affine.scale(c);
      shift[c] = shifted(affine, c, b[c]);
    }
    return ChannelAffine.of(scale, shift);
  }

  /** Scales a weight of {@code groups × repeats × perGroup × kernel} elements by its outputs. */
  private static void scaleOutputs(
      ChannelAffine affine, float[] weight, int repeats, int perGroup, int kernel) {
    int groups = affine.channels() / perGroup;
    int at = 0;
    for (int i = 0; i < groups * repeats; i++) {
      for (int j = 0; j < perGroup; j++) {
        double scale = affine.scale(i / repeats * perGroup + j);
        for (int end = at + kernel; at < end; at++) {
          weight[at] = (float) (weight[at] * scale);
        }
      }
    }
  }

  private static void shiftOutputs(ChannelAffine affine, float[] bias) {
    for (int o = 0; o < bias.length; o++) {
      bias[o] = (float) shifted(affine, o, bias[o]);
    }
  }

  private static double shifted(ChannelAffine affine, int channel, double bias) {
    return affine.scale(channel) * bias + affine.shift(channel);
  }

  /** Copies to fold in place; a missing bias becomes zeros. */
  private static Folded copy(Tensor weight, Tensor bias, int outputs) {
    if (bias != null) {
      biasShape(bias, outputs);
    }
    Shape shape = Shape.of(outputs);
    return new Folded(
        Tensor.of(weight.shape(), weight.toArray()),
        bias == null ? Tensor.zeros(shape) : Tensor.of(shape, bias.toArray()));
  }

  private static void notNull(ChannelAffine affine, float[] weight, float[] bias) {
    Objects.requireNonNull(affine, "affine");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(bias, "bias");
  }

  private static void rank(Tensor weight) {
    if (Objects.requireNonNull(weight, "weight").shape().rank() < 2) {
      throw invalid(
          "the weight must have at least 2 dimensions: expected rank >= 2, got rank "
              + weight.shape().rank()
              + " of "
              + weight.shape());
    }
  }

  private static void outputs(ChannelAffine affine, long outputs, String of) {
    if (outputs != Objects.requireNonNull(affine, "affine").channels()) {
      throw invalid(
          "the outputs must be the channels of the affine map: expected "
              + affine.channels()
              + ", got "
              + outputs
              + " "
              + of);
    }
  }

  private static void biasShape(Tensor bias, int channels) {
    if (!bias.shape().equals(Shape.of(channels))) {
      throw invalid(
          "the bias must have one element for each channel: expected ["
              + channels
              + "], got "
              + bias.shape());
    }
  }

  private static void groups(int groups, String what, int channels) {
    if (groups < 1 || channels < 1 || channels % groups != 0) {
      throw invalid(
          what
              + " must be divisible by groups: got "
              + what
              + "="
              + channels
              + ", groups="
              + groups);
    }
  }

  private static void divides(float[] weight, long parts, String what) {
    if (weight.length % parts != 0) {
      throw invalid(
          "the weight must divide into its "
              + what
              + ": got length "
              + weight.length
              + " for "
              + parts);
    }
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException("Folding: " + message);
  }
}
