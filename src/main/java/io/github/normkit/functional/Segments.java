package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;
import java.util.concurrent.ForkJoinPool;

/**
 * Channels first: a set is one or several contiguous runs, each channel a part of a run.
 *
 * <p>Sets do not depend on each other and are what threads share. A set is summed and written while
 * it is in cache.
 */
final class Segments {

  private Segments() {}

  static void forward(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    if (Parallel.pays(pool, view.sets(), view.size())) {
      Parallel.run(
          pool,
          view.sets(),
          (from, to) -> forward(view, from, to, x, xOff, y, yOff, affine, epsilon, mean, variance));
    } else {
      forward(view, 0, view.sets(), x, xOff, y, yOff, affine, epsilon, mean, variance);
    }
  }

  private static void forward(
      ChannelView view,
      int from,
      int to,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance) {
    Scratch scratch = Scratch.take();
    Moments moments = scratch.moments;
    int stride = view.channels() * view.spatial();
    int len = view.groupSize() * view.spatial();
    for (int set = from; set < to; set++) {
      moments.gather(x, xOff + start(view, set), view.pooled(), stride, len, epsilon);
      if (mean != null) {
        mean[set] = moments.mean();
      }
      if (variance != null) {
        variance[set] = moments.variance();
      }
      normalizeSet(
          view, set, x, xOff, y, yOff, affine, epsilon, moments.mean(), moments.variance());
    }
    scratch.give();
  }

  static void normalize(
      ChannelView view,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    if (Parallel.pays(pool, view.sets(), view.size())) {
      Parallel.run(
          pool,
          view.sets(),
          (from, to) ->
              normalize(view, from, to, x, xOff, y, yOff, affine, epsilon, mean, variance));
    } else {
      normalize(view, 0, view.sets(), x, xOff, y, yOff, affine, epsilon, mean, variance);
    }
  }

  private static void normalize(
      ChannelView view,
      int from,
      int to,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance) {
    for (int set = from; set < to; set++) {
      normalizeSet(view, set, x, xOff, y, yOff, affine, epsilon, mean[set], variance[set]);
    }
  }

  private static void normalizeSet(
      ChannelView view,
      int set,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      Affine affine,
      double epsilon,
      double mean,
      double variance) {
    double rstd = Split.rstd(variance, epsilon);
    int stride = view.channels() * view.spatial();
    int firstChannel = firstChannel(view, set);
    int start = start(view, set);
    for (int d = 0; d < view.groupSize(); d++) {
      int c = firstChannel + d;
      int o = start + d * view.spatial();
      double scale = rstd * affine.scale(c);
      KERNELS.segmentNormalize(
          x,
          xOff + o,
          y,
          yOff + o,
          view.pooled(),
          stride,
          view.spatial(),
          Split.head(mean),
          Split.scale(scale),
          Split.bias(mean, scale, affine.shift(c)));
    }
  }

  static void backward(
      ChannelView view,
      boolean constant,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      Affine gradients,
      ForkJoinPool pool) {
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(view.samples() * 2 * view.channels());
    if (Parallel.pays(pool, view.sets(), view.size())) {
      Parallel.run(
          pool,
          view.sets(),
          (from, to) ->
              backward(
                  view, constant, from, to, dy, dyOff, x, xOff, dx, dxOff, affine, epsilon, mean,
                  variance, sums));
    } else {
      backward(
          view,
          constant,
          0,
          view.sets(),
          dy,
          dyOff,
          x,
          xOff,
          dx,
          dxOff,
          affine,
          epsilon,
          mean,
          variance,
          sums);
    }
    Gradients.add(gradients, sums, view.samples(), view.channels());
    scratch.give();
  }

  private static void backward(
      ChannelView view,
      boolean constant,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      double[] sums) {
    Scratch scratch = Scratch.take();
    for (int set = from; set < to; set++) {
      double rstd = Split.rstd(variance[set], epsilon);
      sumSet(view, set, dy, dyOff, x, xOff, mean[set], rstd, sums, scratch.acc);
      if (constant) {
        constantGradient(view, set, dy, dyOff, dx, dxOff, affine, rstd);
      } else {
        gradient(view, set, dy, dyOff, x, xOff, dx, dxOff, affine, mean[set], rstd, sums);
      }
    }
    scratch.give();
  }

  /** Sums dy and dy * xhat of each channel of a set, at the channel's place among the sums. */
  private static void sumSet(
      ChannelView view,
      int set,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      double mean,
      double rstd,
      double[] sums,
      float[] acc) {
    int spatial = view.spatial();
    int stride = view.channels() * spatial;
    int runsPerPart = Moments.runsPerPart(spatial);
    for (int d = 0; d < view.groupSize(); d++) {
      double sum = 0;
      double dot = 0;
      for (int run = 0; run < view.pooled(); run += runsPerPart) {
        int runs = Math.min(runsPerPart, view.pooled() - run);
        int o = start(view, set) + d * spatial + run * stride;
        for (int i = 0; i < spatial; i += Moments.PART) {
          KERNELS.segmentSums(
              dy,
              dyOff + o + i,
              x,
              xOff + o + i,
              runs,
              stride,
              Math.min(Moments.PART, spatial - i),
              Split.head(mean),
              Split.tail(mean, rstd),
              Split.scale(rstd),
              acc);
          sum += Lanes.fold(acc, 0);
          dot += Lanes.fold(acc, Lanes.SECOND);
        }
      }
      int at = sumsAt(view, set) + d;
      sums[at] = sum;
      sums[at + view.channels()] = dot;
    }
  }

  private static void gradient(
      ChannelView view,
      int set,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double mean,
      double rstd,
      double[] sums) {
    int spatial = view.spatial();
    int firstChannel = firstChannel(view, set);
    int at = sumsAt(view, set);
    double sum = 0;
    double dot = 0;
    for (int d = 0; d < view.groupSize(); d++) {
      double w = affine.scale(firstChannel + d);
      sum += w * sums[at + d];
      dot += w * sums[at + view.channels() + d];
    }
    for (int d = 0; d < view.groupSize(); d++) {
      int o = start(view, set) + d * spatial;
      KERNELS.segmentGradient(
          dy,
          dyOff + o,
          x,
          xOff + o,
          dx,
          dxOff + o,
          view.pooled(),
          view.channels() * spatial,
          spatial,
          Split.head(mean),
          Split.tail(mean, rstd),
          Split.scale(rstd),
          affine.scale(firstChannel + d),
          (float) (sum / view.setSize()),
          (float) (dot / view.setSize()));
    }
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantGradient(
      ChannelView view,
      int set,
      float[] dy,
      int dyOff,
      float[] dx,
      int dxOff,
      Affine affine,
      double rstd) {
    for (int d = 0; d < view.groupSize(); d++) {
      int o = start(view, set) + d * view.spatial();
      KERNELS.segmentNormalize(
          dy,
          dyOff + o,
          dx,
          dxOff + o,
          view.pooled(),
          view.channels() * view.spatial(),
          view.spatial(),
          0,
          Split.scale(rstd * affine.scale(firstChannel(view, set) + d)),
          0);
    }
  }

  private static int start(ChannelView view, int set) {
    return set / view.groups() * view.sampleSize() + firstChannel(view, set) * view.spatial();
  }

  private static int firstChannel(ChannelView view, int set) {
    return set % view.groups() * view.groupSize();
  }

  private static int sumsAt(ChannelView view, int set) {
    return set / view.groups() * 2 * view.channels() + firstChannel(view, set);
  }
}
