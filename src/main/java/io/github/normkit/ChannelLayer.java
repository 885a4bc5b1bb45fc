package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Arrays;

/**
 * A layer that normalizes channels, by the statistics of its input or by running ones.
 *
 * <p>The layers differ in the view of their input, that is, in which elements share statistics.
 */
abstract class ChannelLayer extends BaseLayer {

  final Layout layout;
  private final int[] ranks;
  private final int leastRank;

  /** The views last used, kept so that equal shapes allocate none; replaced as a whole. */
  private ChannelView batchView;

  private ChannelView ownView;

  /** Those that share the statistics of training, or null. */
  private final Replicas replicas;

  final int channels;

  /** What the last forward kept: the view, and the statistics, whether they are constants. */
  boolean constant;

  /** Whether they are those of all replicas. */
  private boolean shared;

  ChannelView view;
  double[] mean = {};
  double[] variance = {};

  ChannelLayer(ChannelNormBuilder<?> builder, RunningStatistics running, Parameter... others) {
    this(builder, running, null, others);
  }

  /** Without others to share statistics with {@code replicas} is null. */
  ChannelLayer(
      ChannelNormBuilder<?> builder,
      RunningStatistics running,
      Replicas replicas,
      Parameter... others) {
    super(
        builder,
        new AffineParameters(
            Shape.of(builder.channels), builder.weight, builder.bias, false, others),
        running);
    channels = builder.channels;
    layout = builder.layout;
    ranks = builder.ranks.clone();
    leastRank = builder.leastRank;
    this.replicas = replicas;
  }

  /** Whether a call normalizes by the statistics of its input. */
  abstract boolean usesBatch(boolean inferring);

  /** The view in which the layer takes the statistics of its input. */
  abstract ChannelView view(int n, int channels, int spatial, boolean channelsLast);

  /** How many of n samples that view has. */
  int viewed(int n) {
    return n;
  }

  /** Throws where the statistics of an input, not empty, would be no use. */
  abstract void checkStatistics(int n, int spatial, Shape shape);

  /** What evaluation by the running statistics amounts to. */
  final ChannelAffine affineOfRunning() {
    if (running() == null) {
      throw new IllegalStateException(
          name()
              + ": toAffine must have running statistics, for only constants make an affine map:"
              + " got trackRunningStatistics=false");
    }
    return ChannelAffine.of(running().mean(), running().variance(), epsilon, affine());
  }

  @Override
  final void checkInput(Tensor x, boolean inferring) {
    Shape shape = x.shape();
    checkShape(shape);
    if (usesBatch(inferring) && !shares(inferring) && shape.size() > 0) {
      checkStatistics(shape.dim(0), spatial(shape), shape);
    }
  }

  /** Throws unless the layer takes inputs of this shape, whatever their statistics. */
  final void checkShape(Shape shape) {
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
  }

  /** Whether the statistics are those of all replicas. */
  final boolean shares(boolean inferring) {
    return replicas != null && isTraining() && !inferring && usesBatch(false);
  }

  @Override
  final boolean takesEmpty() {
    return replicas != null;
  }

  private boolean accepts(int rank) {
    for (int accepted : ranks) {
      if (accepted == rank) {
        return true;
      }
    }
    return ranks.length == 0;
  }

  final int spatial(Shape shape) {
    return layout == Layout.CHANNELS_LAST
        ? shape.size(1, shape.rank() - 1)
        : shape.size(2, shape.rank());
  }

  /** The view for statistics of the input. */
  final ChannelView ownView(Shape shape) {
    ChannelView kept = ownView;
    int n = shape.dim(0);
    int spatial = spatial(shape);
    if (kept == null || kept.samples() * kept.pooled() != viewed(n) || kept.spatial() != spatial) {
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

  @Override
  final void normalizeAndKeep(Tensor x, Tensor out) {
    constant = !usesBatch(false);
    shared = shares(false);
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
    long count = view.setSize();
    if (shared) {
      count = replicas.statistics(view, x, mean, variance, pool);
      normalizeBy(x, out, mean, variance);
    } else {
      normalizeByInput(x, out, mean, variance);
    }
    if (running() != null && isTraining() && count > 0) {
      updateRunning(count);
    }
  }

  /** Takes the statistics of a forward, each of so many elements, into the running ones. */
  void updateRunning(long count) {
    running().update(mean, variance, view.samples(), count);
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
  void normalizeByInput(Tensor x, Tensor out, double[] mean, double[] variance) {
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
    normalizeBy(x, out, mean, variance, affine().values());
  }

  /** The same with another affine map. */
  final void normalizeBy(Tensor x, Tensor out, double[] mean, double[] variance, Affine affine) {
    ChannelNorm.normalize(
        batchView(x.shape()),
        x.array(),
        x.offset(),
        out.array(),
        out.offset(),
        affine,
        epsilon,
        mean,
        variance,
        pool);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    if (shared) {
      replicas.gradient(view, dy, x, dx, affine(), epsilon, mean, variance, pool);
      return;
    }
    gradient(dy, x, dx, affine().values(), affine().gradients());
  }

  /** Back-propagates through the statistics kept and an affine map. */
  final void gradient(Tensor dy, Tensor x, Tensor dx, Affine affine, Affine gradients) {
    ChannelNorm.backward(
        view,
        constant,
        dy.array(),
        dy.offset(),
        x.array(),
        x.offset(),
        dx.array(),
        dx.offset(),
        affine,
        epsilon,
        mean,
        variance,
        gradients,
        pool);
  }
}
