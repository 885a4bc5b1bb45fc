package io.github.normkit;

import java.util.Arrays;

/** How layers of channels take masks: a position counts for all channels. */
final class ChannelMasking implements Masking {

  private final MaskedChannelLayer layer;

  ChannelMasking(MaskedChannelLayer layer) {
    this.layer = layer;
  }

  @Override
  public Packing packing(Shape shape, Mask mask, boolean inferring) {
    checkMask(shape, mask.shape());
    int n = shape.dim(0);
    int channels = layer.channels;
    int spatial = layer.spatial(shape);
    boolean own = layer.usesBatch(inferring);
    boolean batch = own && layer.sharesBatch();
    if (batch && !layer.shares(inferring) && mask.count() == 1) {
      throw layer.invalid(
          "batch statistics need more than one value per channel: got 1 counted position of mask "
              + mask.shape()
              + "; use eval mode with running statistics, a larger batch, or GroupNorm");
    }
    // Without positions of its own a sample is a row, and those that are left are a batch.
    boolean together = !own || batch || spatial == 1;
    if (layer.layout == Layout.CHANNELS_LAST || spatial == 1) {
      return together
          ? Packing.together(mask, 1, 1, n * spatial, channels, Shape.of(mask.count(), channels))
          : Packing.apart(mask, n, 1, spatial, channels);
    }
    return together
        ? Packing.together(mask, n, channels, spatial, 1, Shape.of(1, channels, mask.count()))
        : Packing.apart(mask, n, channels, spatial, 1);
  }

  private void checkMask(Shape shape, Shape mask) {
    int axis = layer.layout == Layout.CHANNELS_LAST ? shape.rank() - 1 : 1;
    int[] positions = new int[shape.rank() - 1];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = shape.dim(i < axis ? i : i + 1);
    }
    if (!mask.equals(Shape.of(positions))) {
      throw layer.invalid(
          "the mask must have the input's shape without the channels: expected "
              + Arrays.toString(positions)
              + " for "
              + shape
              + ", got "
              + mask);
    }
  }

  @Override
  public PieceNorm pieces(Packing packing) {
    return new ChannelPieces(layer);
  }

  @Override
  public void keepRunning(Packing packing, double[] mean, double[] variance) {
    RunningStatistics running = layer.running();
    if (running != null && layer.isTraining()) {
      running.update(mean, variance, packing::count, packing.samples());
    }
  }

  @Override
  public Samples samples(Shape shape) {
    return new Samples(new ChannelPieces(layer), layer.spatial(shape), Shape.of(layer.channels));
  }

  @Override
  public Modulation modulation() {
    boolean own = !layer.sharesBatch() && layer.running() == null;
    return own ? new SampleModulation(this) : new BatchModulation(layer);
  }
}
