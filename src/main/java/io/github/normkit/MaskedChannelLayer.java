package io.github.normkit;

import io.github.normkit.functional.ChannelView;

/** A layer of channels that takes masks. */
abstract class MaskedChannelLayer extends ChannelLayer implements MaskedNormLayer {

  MaskedChannelLayer(ChannelNormBuilder<?> builder, RunningStatistics running, Replicas replicas) {
    super(builder, running, replicas);
  }

  /** Whether the samples of a batch share their statistics. */
  abstract boolean sharesBatch();

  @Override
  final void checkInput(Tensor x, Mask mask, boolean inferring) {
    if (mask.count() == 0) {
      checkShape(x.shape());
    } else {
      checkInput(x, inferring);
    }
  }

  @Override
  final Masking masking() {
    return new ChannelMasking(this);
  }

  /** The view of a sample by itself. */
  final ChannelView sampleView(int positions) {
    return view(1, channels, positions, layout == Layout.CHANNELS_LAST);
  }

  /** The view of a sample in which each channel is for itself. */
  final ChannelView channelsOf(Shape shape) {
    boolean last = layout == Layout.CHANNELS_LAST;
    return ChannelView.groupNorm(1, channels, spatial(shape), channels, last);
  }

  @Override
  public final Tensor forward(Tensor x, Mask mask) {
    return maskedForward(x, mask);
  }

  @Override
  public final Tensor forward(Tensor x, Mask mask, Tensor out) {
    return maskedForward(x, mask, out);
  }

  @Override
  public final Tensor infer(Tensor x, Mask mask) {
    return maskedInfer(x, mask);
  }

  @Override
  public final Tensor infer(Tensor x, Mask mask, Tensor out) {
    return maskedInfer(x, mask, out);
  }
}
