package io.github.normkit;

import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Arrays;

/**
 * A layer that normalizes channels, by the statistics of its input or by running ones.
 *
 * <p>The layers differ in the view of their input, that is, in which elements share statistics.
 */
abstract class ChannelLayer extends BaseLayer {

  private final int channels;
  private final Layout layout;
  private final int[] ranks;
  private final int leastRank;

  /** The views last used, kept so that equal shapes allocate none; replaced as a whole. */
  private ChannelView batchView;

  private ChannelView ownView;

  private boolean constant;
  private ChannelView view;
  private double[] mean = {};
  private double[] variance = {};

  ChannelLayer(ChannelNormBuilder<?> builder, RunningStatistics running) {
    super(
        builder,
        new AffineParameters(Shape.of(builder.channels), builder.weight, builder.bias, false),
        running);
    channels = builder.channels;
    layout = builder.layout;
    ranks = builder.ranks.clone();
    leastRank = builder.leastRank;
  }

  final int channels() {
    return channels;
  }

  /** Whether a call normalizes by the statistics of its input. */
  abstract boolean usesBatch(boolean inferring);

  /** The view in which the layer takes the statistics of its input. */
  abstract ChannelView view(int n, int channels, int spatial, boolean channelsLast);

  /** Whether the samples of a batch share their statistics. */
  abstract boolean sharesBatch();

  /** Throws where the statistics of an input, not empty, would be no use. */
  abstract void checkStatistics(int n, int spatial, Shape shape);

  @Override
  final void checkInput(Tensor x, boolean inferring) {
    Shape shape = x.shape();
    int rank = shape.rank();
    if (!accepts(rank)) {
      throw invalid(
          "the input must have an accepted rank: expected rank "
              + Arrays.toString(ranks)
              + ", got rank "
              + rank
              + " of "
              + shape);
    }
    if (rank < leastRank) {
      throw invalid(
          "the input must have at least "
              + leastRank
              + " dimensions: expected rank >= "
              + leastRank
              + ", got rank "
              + rank
              + " of "
              + shape);
    }
    int axis = layout == Layout.CHANNELS_LAST ? rank - 1 : 1;
    if (shape.dim(axis) != channels) {
      throw invalid(
          "the input must have the layer's channels at axis "
              + axis
              + ": expected "
              + channels
              + ", got "
              + shape.dim(axis)
              + " of "
              + shape);
    }
    if (usesBatch(inferring) && shape.size() > 0) {
      checkStatistics(shape.dim(0), spatial(shape), shape);
    }
  }

  private boolean accepts(int rank) {
    for (int accepted : ranks) {
      if (accepted == rank) {
        return true;
      }
    }
    return ranks.length == 0;
  }

  private int spatial(Shape shape) {
    return layout == Layout.CHANNELS_LAST
        ? shape.size(1, shape.rank() - 1)
        : shape.size(2, shape.rank());
  }

  /** The view for statistics of the input. */
  private ChannelView ownView(Shape shape) {
    ChannelView kept = ownView;
    int n = shape.dim(0);
    int spatial = spatial(shape);
    if (kept == null || kept.samples() * kept.pooled() != n || kept.spatial() != spatial) {
      kept = view(n, channels, spatial, layout == Layout.CHANNELS_LAST);
      ownView = kept;
    }
    return kept;
  }

  /** The view for running statistics, one mean and variance for each channel. */
  private ChannelView batchView(Shape shape) {
    ChannelView kept = batchView;
    int n = shape.dim(0);
    int spatial = spatial(shape);
    if (kept == null || kept.pooled() != n || kept.spatial() != spatial) {
      kept = ChannelView.batchNorm(n, channels, spatial, layout == Layout.CHANNELS_LAST);
      batchView = kept;
    }
    return kept;
  }

  /** The view of a sample by itself. */
  final ChannelView sampleView(int positions) {
    return view(1, channels, positions, layout == Layout.CHANNELS_LAST);
  }

  @Override
  final Samples samples(Shape shape) {
    return new Samples(new ChannelPieces(this), spatial(shape), Shape.of(channels));
  }

  /** The view of a sample in which each channel is for itself. */
  final ChannelView channelsOf(Shape shape) {
    boolean last = layout == Layout.CHANNELS_LAST;
    return ChannelView.groupNorm(1, channels, spatial(shape), channels, last);
  }

  @Override
  final Modulation modulation() {
    boolean own = !sharesBatch() && running() == null;
    return own ? new SampleModulation(this) : new BatchModulation(this);
  }

  @Override
  final Packing packing(Shape shape, Mask mask, boolean inferring) {
    checkMask(shape, mask.shape());
    int n = shape.dim(0);
    int spatial = spatial(shape);
    boolean own = usesBatch(inferring);
    if (own && sharesBatch() && mask.count() == 1) {
      throw invalid(
          "batch statistics need more than one value per channel: got 1 counted position of mask "
              + mask.shape()
              + "; use eval mode with running statistics, a larger batch, or GroupNorm");
    }
    // Without positions of its own a sample is a row, and those that are left are a batch.
    boolean together = !own || sharesBatch() || spatial == 1;
    if (layout == Layout.CHANNELS_LAST || spatial == 1) {
      return together
          ? Packing.together(mask, 1, 1, n * spatial, channels, Shape.of(mask.count(), channels))
          : Packing.apart(mask, n, 1, spatial, channels);
    }
    return together
        ? Packing.together(mask, n, channels, spatial, 1, Shape.of(1, channels, mask.count()))
        : Packing.apart(mask, n, channels, spatial, 1);
  }

  private void checkMask(Shape shape, Shape mask) {
    int axis = layout == Layout.CHANNELS_LAST ? shape.rank() - 1 : 1;
    int[] positions = new int[shape.rank() - 1];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = shape.dim(i < axis ? i : i + 1);
    }
    if (!mask.equals(Shape.of(positions))) {
      throw invalid(
          "the mask must have the input's shape without the channels: expected "
              + Arrays.toString(positions)
              + " for "
              + shape
              + ", got "
              + mask);
    }
  }

  @Override
  final PieceNorm pieces(Packing packing) {
    return new ChannelPieces(this);
  }

  @Override
  final void keepRunning(Packing packing, double[] mean, double[] variance) {
    if (running() != null && isTraining()) {
      running().update(mean, variance, packing::count, packing.samples());
    }
  }

  @Override
  final void normalizeAndKeep(Tensor x, Tensor out) {
    constant = !usesBatch(false);
    view = constant ? batchView(x.shape()) : ownView(x.shape());
    if (mean.length < view.sets()) {
      mean = new double[view.sets()];
      variance = new double[view.sets()];
    }
    if (constant) {
      System.arraycopy(running().mean(), 0, mean, 0, channels);
      System.arraycopy(running().variance(), 0, variance, 0, channels);
      normalizeBy(x, out, mean, variance);
      return;
    }
    normalizeByInput(x, out, mean, variance);
    if (running() != null && isTraining()) {
      running().update(mean, variance, view.samples(), view.setSize());
    }
  }

  @Override
  final void normalize(Tensor x, Tensor out) {
    if (usesBatch(true)) {
      normalizeByInput(x, out, null, null);
    } else {
      normalizeBy(x, out, running().mean(), running().variance());
    }
  }

  /** Normalizes by the statistics of the input, which go to the arrays unless these are null. */
  private void normalizeByInput(Tensor x, Tensor out, double[] mean, double[] variance) {
    ChannelNorm.forward(
        ownView(x.shape()),
        x.array(),
        x.offset(),
        out.array(),
        out.offset(),
        affine().values(),
        epsilon,
        mean,
        variance,
        pool);
  }

  /** Normalizes by given statistics, a mean and variance for each channel. */
  private void normalizeBy(Tensor x, Tensor out, double[] mean, double[] variance) {
    ChannelNorm.normalize(
        batchView(x.shape()),
        x.array(),
        x.offset(),
        out.array(),
        out.offset(),
        affine().values(),
        epsilon,
        mean,
        variance,
        pool);
  }

  @Override
  final void gradient(Tensor dy, Tensor x, Tensor dx) {
    ChannelNorm.backward(
        view,
        constant,
        dy.array(),
        dy.offset(),
        x.array(),
        x.offset(),
        dx.array(),
        dx.offset(),
        affine().values(),
        epsilon,
        mean,
        variance,
        affine().gradients(),
        pool);
  }
}
