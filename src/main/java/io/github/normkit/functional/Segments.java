package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;

/**
 * Channels first: a set is one or several contiguous runs, each channel a part of a run.
 *
 * <p>Sets do not depend on each other and are what threads share. A set is summed and written while
 * it is in cache.
 */
final class Segments {

  private Segments() {}

  static void forward(ChannelCall call) {
    int sets = call.view.sets();
    if (call.parallel(sets)) {
      Parallel.run(call.pool, sets, (from, to) -> forward(call, from, to));
    } else {
      forward(call, 0, sets);
    }
  }

  private static void forward(ChannelCall call, int from, int to) {
    ChannelView view = call.view;
    Scratch scratch = Scratch.take();
    Moments moments = scratch.moments;
    double[] lanes = scratch.lanes;
    int runs = view.pooled();
    int len = view.groupSize() * view.spatial();
    for (int set = from; set < to; set++) {
      int p = call.xOff + view.start(set);
      float shift = call.x[p];
      KERNELS.segmentMoments(call.x, p, runs, view.stride(), len, shift, lanes);
      moments.clear();
      moments.merge(view.setSize(), shift, Lanes.fold(lanes, 0), Lanes.fold(lanes, Lanes.SECOND));
      call.put(set, moments);
      normalizeSet(call, set);
    }
    scratch.give();
  }

  static void normalize(ChannelCall call) {
    int sets = call.view.sets();
    if (call.parallel(sets)) {
      Parallel.run(call.pool, sets, (from, to) -> normalize(call, from, to));
    } else {
      normalize(call, 0, sets);
    }
  }

  private static void normalize(ChannelCall call, int from, int to) {
    for (int set = from; set < to; set++) {
      normalizeSet(call, set);
    }
  }

  private static void normalizeSet(ChannelCall call, int set) {
    ChannelView view = call.view;
    double mean = call.mean[set];
    double rstd = call.rstd[set];
    for (int d = 0; d < view.groupSize(); d++) {
      int c = view.firstChannel(set) + d;
      int p = call.xOff + view.start(set) + d * view.spatial();
      int q = call.yOff + view.start(set) + d * view.spatial();
      double scale = rstd * call.affine.scale(c);
      if (call.fits(set, c)) {
        KERNELS.segmentNormalize(
            call.x,
            p,
            call.y,
            q,
            view.pooled(),
            view.stride(),
            view.spatial(),
            (float) mean,
            (float) scale,
            Split.bias(mean, scale, call.affine.shift(c)));
        continue;
      }
      for (int o = 0; o < view.pooled() * view.stride(); o += view.stride()) {
        Wide.normalize(
            call.x, p + o, call.y, q + o, view.spatial(), 1, mean, rstd, call.affine, c, 0);
      }
    }
  }

  static void backward(ChannelCall call) {
    int groups = call.view.groups();
    if (call.view.samples() > 1) {
      SampleParts.backward(
          call,
          (c, sample, sums, scratch) ->
              backward(
                  c,
                  sample * c.view.groups(),
                  (sample + 1) * c.view.groups(),
                  sums,
                  scratch.lanes));
    } else if (call.parallel(groups)) {
      Parallel.run(call.pool, groups, (from, to) -> backward(call, from, to, call.partSums));
    } else {
      backward(call, 0, groups, call.partSums);
    }
  }

  /** Some sets of one sample. */
  private static void backward(ChannelCall call, int from, int to, double[] sums) {
    Scratch scratch = Scratch.take();
    backward(call, from, to, sums, scratch.lanes);
    scratch.give();
  }

  private static void backward(ChannelCall call, int from, int to, double[] sums, double[] lanes) {
    for (int set = from; set < to; set++) {
      sumSet(call, set, sums, lanes);
      if (call.constant) {
        constantGradient(call, set);
      } else {
        gradient(call, set, sums);
      }
    }
  }

  /** Sums dy, dy * xhat and |dy| of each channel of a set. */
  private static void sumSet(ChannelCall call, int set, double[] sums, double[] lanes) {
    ChannelView view = call.view;
    for (int d = 0; d < view.groupSize(); d++) {
      int start = view.start(set) + d * view.spatial();
      KERNELS.segmentSums(
          call.dy,
          call.dyOff + start,
          call.x,
          call.xOff + start,
          view.pooled(),
          view.stride(),
          view.spatial(),
          call.mean[set],
          lanes);
      int c = view.firstChannel(set) + d;
      sums[c] = Lanes.fold(lanes, 0);
      sums[view.channels() + c] = Lanes.fold(lanes, Lanes.SECOND) * call.rstd[set];
      sums[2 * view.channels() + c] = Lanes.fold(lanes, Lanes.THIRD);
    }
  }

  private static void gradient(ChannelCall call, int set, double[] sums) {
    ChannelView view = call.view;
    double mean = call.mean[set];
    double rstd = call.rstd[set];
    double meanSum = call.meanSum(set, sums);
    double meanDot = call.meanDot(set, sums);
    boolean fits = call.gradientFits(set, sums);
    float slope = Split.slope(meanDot, rstd);
    for (int d = 0; d < view.groupSize(); d++) {
      int c = view.firstChannel(set) + d;
      int start = view.start(set) + d * view.spatial();
      int p = call.dyOff + start;
      int q = call.xOff + start;
      int r = call.dxOff + start;
      if (fits && call.scales(set, c)) {
        KERNELS.segmentGradient(
            call.dy,
            p,
            call.x,
            q,
            call.dx,
            r,
            view.pooled(),
            view.stride(),
            view.spatial(),
            (float) mean,
            (float) call.scale(set, c),
            slope,
            call.offset(set, c, meanSum, meanDot));
        continue;
      }
      for (int o = 0; o < view.pooled() * view.stride(); o += view.stride()) {
        Wide.gradient(
            call.dy,
            p + o,
            call.x,
            q + o,
            call.dx,
            r + o,
            view.spatial(),
            1,
            mean,
            rstd,
            call.affine,
            c,
            0,
            meanSum,
            meanDot);
      }
    }
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantGradient(ChannelCall call, int set) {
    ChannelView view = call.view;
    for (int d = 0; d < view.groupSize(); d++) {
      int c = view.firstChannel(set) + d;
      int p = call.dyOff + view.start(set) + d * view.spatial();
      int q = call.dxOff + view.start(set) + d * view.spatial();
      double scale = call.scale(set, c);
      if (call.scales(set, c)) {
        KERNELS.segmentNormalize(
            call.dy,
            p,
            call.dx,
            q,
            view.pooled(),
            view.stride(),
            view.spatial(),
            0,
            (float) scale,
            0);
        continue;
      }
      for (int o = 0; o < view.pooled() * view.stride(); o += view.stride()) {
        Wide.scale(call.dy, p + o, call.dx, q + o, view.spatial(), 1, scale);
      }
    }
  }
}
