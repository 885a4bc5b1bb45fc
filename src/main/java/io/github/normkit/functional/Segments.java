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
      int p = xOff + start + d * view.spatial();
      int q = yOff + start + d * view.spatial();
      double scale = rstd * affine.scale(c);
      if (Split.fits(rstd, scale)) {
        float bias = Split.bias(mean, scale, affine.shift(c));
        KERNELS.segmentNormalize(
            x,
            p,
            y,
            q,
            view.pooled(),
            stride,
            view.spatial(),
            Split.head(mean),
            (float) scale,
            bias);
        continue;
      }
      for (int run = 0; run < view.pooled(); run++) {
        int o = run * stride;
        Wide.normalize(x, p + o, y, q + o, view.spatial(), 1, mean, rstd, affine, c, 0);
      }
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
    double[] sums = scratch.doubles(0, view.samples() * 2 * view.channels());
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
      int start = start(view, set) + d * spatial;
      double sum = 0;
      double dotHead = 0;
      for (int run = 0; run < view.pooled(); run += runsPerPart) {
        int runs = Math.min(runsPerPart, view.pooled() - run);
        int o = start + run * stride;
        for (int i = 0; i < spatial; i += Moments.PART) {
          int n = Math.min(Moments.PART, spatial - i);
          KERNELS.segmentSums(
              dy, dyOff + o + i, x, xOff + o + i, runs, stride, n, Split.head(mean), acc);
          sum += Lanes.fold(acc, 0);
          dotHead += Lanes.fold(acc, Lanes.SECOND);
        }
      }
      double dot = Split.dot(dotHead, sum, mean, rstd);
      if (!Split.ordinary(rstd, view.setSize()) || !Double.isFinite(dot)) {
        sum = 0;
        dot = 0;
        for (int run = 0; run < view.pooled(); run++) {
          int p = dyOff + start + run * stride;
          int q = xOff + start + run * stride;
          sum += Wide.sum(dy, p, spatial, 1);
          dot += Wide.dot(dy, p, x, q, spatial, 1, mean, rstd, Affine.NONE, 0, 0);
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
    int stride = view.channels() * spatial;
    int firstChannel = firstChannel(view, set);
    int at = sumsAt(view, set);
    double sum = 0;
    double dot = 0;
    for (int d = 0; d < view.groupSize(); d++) {
      double w = affine.scale(firstChannel + d);
      sum += w * sums[at + d];
      dot += w * sums[at + view.channels() + d];
    }
    double meanSum = sum / view.setSize();
    double meanDot = dot / view.setSize();
    float slope = Split.slope(meanDot, rstd);
    float offset = Split.offset(meanSum, meanDot, mean, rstd);
    boolean ordinary =
        Split.ordinary(rstd, view.setSize()) && Float.isFinite(slope) && Float.isFinite(offset);
    for (int d = 0; d < view.groupSize(); d++) {
      int c = firstChannel + d;
      int start = start(view, set) + d * spatial;
      int p = dyOff + start;
      int q = xOff + start;
      int r = dxOff + start;
      double scale = rstd * affine.scale(c);
      if (ordinary && Split.fits(rstd, scale)) {
        KERNELS.segmentGradient(
            dy,
            p,
            x,
            q,
            dx,
            r,
            view.pooled(),
            stride,
            spatial,
            Split.head(mean),
            (float) scale,
            slope,
            offset);
        continue;
      }
      for (int run = 0; run < view.pooled(); run++) {
        int o = run * stride;
        Wide.gradient(
            dy, p + o, x, q + o, dx, r + o, spatial, 1, mean, rstd, affine, c, 0, meanSum, meanDot);
      }
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
    int stride = view.channels() * view.spatial();
    for (int d = 0; d < view.groupSize(); d++) {
      int p = dyOff + start(view, set) + d * view.spatial();
      int q = dxOff + start(view, set) + d * view.spatial();
      double scale = rstd * affine.scale(firstChannel(view, set) + d);
      if (Split.fits(rstd, scale)) {
        KERNELS.segmentNormalize(
            dy, p, dx, q, view.pooled(), stride, view.spatial(), 0, (float) scale, 0);
        continue;
      }
      for (int run = 0; run < view.pooled(); run++) {
        int o = run * stride;
        Wide.scale(dy, p + o, dx, q + o, view.spatial(), 1, scale);
      }
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
