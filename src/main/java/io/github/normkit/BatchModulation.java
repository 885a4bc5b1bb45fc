package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Arrays;

/**
 * A layer whose samples share statistics, or that has running ones: it normalizes the batch, and
 * each sample is then mapped.
 *
 * <p>The map is a normalization with the mean 0 and the 1/σ 1, whose backward gives the gradients
 * of weight and bias and that of the normalized input.
 */
final class BatchModulation implements Modulation {

  /** Positive, as it must be, and too small to change a variance of 1. */
  private static final double EPSILON = Double.MIN_VALUE;

  private final MaskedChannelLayer layer;
  private float[] xhat = {};

  /** The input of the last forward as the layer has it, a view of that forward's own. */
  private Tensor kept;

  BatchModulation(MaskedChannelLayer layer) {
    this.layer = layer;
  }

  @Override
  public void forward(Tensor x, Affine affine, Tensor out) {
    if (xhat.length < x.shape().size()) {
      xhat = new float[x.shape().size()];
    }
    Tensor normalized = Tensor.wrap(xhat, 0, x.shape());
    kept = Tensor.wrap(x.array(), x.offset(), x.shape());
    layer.forward(kept, normalized);
    map(normalized, affine, out);
  }

  @Override
  public void infer(Tensor x, Affine affine, Tensor out) {
    layer.infer(x, out);
    map(out, affine, out);
  }

  private void map(Tensor from, Affine affine, Tensor to) {
    ChannelView view = layer.channelsOf(from.shape());
    int length = view.channels();
    int size = view.size();
    double[] zeros = new double[length];
    double[] ones = ones(length);
    for (int i = 0; i < from.shape().dim(0); i++) {
      ChannelNorm.normalize(
          view,
          from.array(),
          from.offset() + i * size,
          to.array(),
          to.offset() + i * size,
          Modulation.of(i, affine, length),
          EPSILON,
          zeros,
          ones,
          layer.pool);
    }
  }

  @Override
  public void backward(Tensor dy, Tensor x, Affine affine, Tensor dx, Affine gradients) {
    if (layer.input() != kept) {
      throw new IllegalStateException(
          layer.name()
              + ": backward must follow the forward of the same ModulatedNorm: got another forward"
              + " of the layer in between");
    }
    // An exchange may fail, and dx must then be what it was.
    Tensor dNormalized = layer.takesEmpty() ? Tensor.zeros(dx.shape()) : dx;
    ChannelView view = layer.channelsOf(dy.shape());
    int length = view.channels();
    int size = view.size();
    double[] zeros = new double[length];
    double[] ones = ones(length);
    for (int i = 0; i < dy.shape().dim(0); i++) {
      ChannelNorm.backward(
          view,
          true,
          dy.array(),
          dy.offset() + i * size,
          xhat,
          i * size,
          dNormalized.array(),
          dNormalized.offset() + i * size,
          Modulation.of(i, affine, length),
          EPSILON,
          zeros,
          ones,
          Modulation.of(i, gradients, length),
          layer.pool);
    }
    layer.backward(dNormalized, dx);
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
