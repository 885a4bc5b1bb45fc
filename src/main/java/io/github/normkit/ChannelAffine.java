package io.github.normkit;

import java.util.Objects;

/**
 * A scale and a shift for each channel: what a normalization by constant statistics amounts to.
 *
 * <pre>{@code
 * y = x * scale + shift
 * scale = weight / sqrt(variance + epsilon)
 * shift = bias - mean * scale
 * }</pre>
 *
 * <p>{@link BatchNorm#toAffine} makes it from the running statistics, {@link
 * io.github.normkit.folding.Folding} takes it into the weights of a layer beside it. The numbers
 * are doubles, so that what is folded is rounded once. Immutable: safe for use by many threads.
 */
public final class ChannelAffine {

  private final double[] scale;
  private final double[] shift;

  private ChannelAffine(double[] scale, double[] shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /**
   * Returns the map of given numbers.
   *
   * @param scale the scale of each channel; copied
   * @param shift the shift of each channel; copied
   * @return the map
   * @throws IllegalArgumentException if there are none, or not as many shifts as scales
   */
  public static ChannelAffine of(double[] scale, double[] shift) {
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(shift, "shift");
    Errors.atLeastOne("ChannelAffine", "channels", scale.length);
    if (shift.length != scale.length) {
      throw new IllegalArgumentException(
          "ChannelAffine: there must be a shift for each scale: expected "
              + scale.length
              + ", got "
              + shift.length);
    }
    return new ChannelAffine(scale.clone(), shift.clone());
  }

  /** The map of statistics and the parameters that there are. */
  static ChannelAffine of(
      double[] mean, double[] variance, double epsilon, AffineParameters affine) {
    double[] scale = new double[mean.length];
    double[] shift = new double[mean.length];
    for (int c = 0; c < mean.length; c++) {
      scale[c] = affine.weight(c) / Math.sqrt(variance[c] + epsilon);
      shift[c] = affine.bias(c) - mean[c] * scale[c];
    }
    return new ChannelAffine(scale, shift);
  }

  /**
   * Returns the number of channels.
   *
   * @return how many scales and shifts there are
   */
  public int channels() {
    return scale.length;
  }

  /**
   * Returns the scale of a channel.
   *
   * @param channel its index
   * @return what its elements are multiplied by
   * @throws IndexOutOfBoundsException if there is no such channel
   */
  public double scale(int channel) {
    return scale[Objects.checkIndex(channel, scale.length)];
  }

  /**
   * Returns the shift of a channel.
   *
   * @param channel its index
   * @return what is added to its elements after scaling
   * @throws IndexOutOfBoundsException if there is no such channel
   */
  public double shift(int channel) {
    return shift[Objects.checkIndex(channel, shift.length)];
  }

  /** Returns the number of channels as in {@code ChannelAffine[64 channels]}. */
  @Override
  public String toString() {
    return "ChannelAffine[" + scale.length + " channels]";
  }
}
