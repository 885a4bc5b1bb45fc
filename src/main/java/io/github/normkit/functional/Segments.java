package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.SEGMENTS;

/**
 * Channels first: a set is one or several contiguous runs, each channel a part of a run.
 *
 * <p>Sets do not depend on each other and are what threads share. A set is summed and written while
 * it is in cache.
 */
final class Segments {

  /** About the number of elements of sets that are summed together. */
  private static final int SOME = 1 << 13;

  /** Pooled sets only if their runs are shorter; with longer ones it costs more than it gains. */
  private static final int SHORT = 128;

  private Segments() {}

  /** The work on units from {@code from} to {@code to}, exclusive. */
  private interface Pass {
    void run(ChannelCall call, int from, int to, Scratch scratch);
  }

  /** Shares units over the pool if that pays. A pass holds nothing: no pool, no allocation. */
  private static void split(ChannelCall call, int units, Pass pass) {
    if (call.parallel(units)) {
      Parallel.run(call.pool, units, (from, to) -> run(call, from, to, pass));
    } else {
      run(call, 0, units, pass);
    }
  }

  private static void run(ChannelCall call, int from, int to, Pass pass) {
    Scratch scratch = Scratch.take();
    pass.run(call, from, to, scratch);
    scratch.give();
  }

  static void forward(ChannelCall call) {
    split(call, call.view.sets(), Segments::forward);
  }

  private static void forward(ChannelCall call, int from, int to, Scratch scratch) {
    if (call.view.pooled() == 1) {
      // A few sets at a time, which are neighbours.
      int few = few(Cache.SOME, call.view);
      for (int set = from; set < to; set += few) {
        int end = Math.min(to, set + few);
        statistics(call, set, end, scratch);
        boolean next = to - end >= few && !Cache.holds(call.view.size());
        int ahead = next ? few * call.view.setSize() : 0;
        int planes = call.view.groupSize();
        normalizePlanes(call, set * planes, end * planes, ahead, scratch);
      }
    } else {
      int few = few(call.view);
      for (int first = from; first < to; first += few) {
        int end = Math.min(to, first + few);
        statistics(call, first, end, scratch);
        for (int set = first; set < end; set++) {
          normalizeSet(call, set, scratch);
        }
      }
    }
  }

  /** How many sets are summed together before they are written. */
  private static int few(ChannelView view) {
    return view.pooled() == 1 || view.spatial() < SHORT ? few(SOME, view) : 1;
  }

  /** How many sets have that many elements, at least one. */
  private static int few(int elements, ChannelView view) {
    return Math.max(1, elements / Math.max(1, view.setSize()));
  }

  /** The statistics alone. */
  static void statistics(ChannelCall call) {
    split(call, call.view.sets(), Segments::statistics);
  }

  private static void statistics(ChannelCall call, int from, int to, Scratch scratch) {
    ChannelView view = call.view;
    int n;
    for (int set = from; set < to; set += n) {
      // Only those of one sample are neighbours, unless each sample is alone.
      int neighbours = view.pooled() == 1 ? to - set : view.groups() - set % view.groups();
      n = Math.min(SegmentMoments.SETS, Math.min(neighbours, to - set));
      scratch.segmentMoments.take(call, set, n);
    }
  }

  /** Normalizes the parts of a set, each a channel: strided, while the set is in cache. */
  private static void normalizeSet(ChannelCall call, int set, Scratch scratch) {
    ChannelView view = call.view;
    int first = view.firstChannel(set);
    int start = view.start(set);
    for (int d = 0; d < view.groupSize(); d++) {
      int c = first + d;
      int o = start + d * view.spatial();
      if (call.fits(set, c)) {
        putParams(call, set, c, scratch.segmentParams, 0);
        SEGMENTS.normalize(
            call.x,
            call.xOff + o,
            call.y,
            call.yOff + o,
            view.pooled(),
            view.stride(),
            view.spatial(),
            0,
            scratch.segmentParams,
            0,
            0);
      } else {
        for (int i = 0; i < view.pooled(); i++) {
          wideNormalize(call, set, c, o + i * view.stride());
        }
      }
    }
  }

  static void normalize(ChannelCall call) {
    split(call, call.view.sets() * call.view.groupSize() * call.view.pooled(), Segments::normalize);
  }

  private static void normalize(ChannelCall call, int from, int to, Scratch scratch) {
    if (call.view.samples() > 1 || !normalizeBatch(call, from, to, scratch)) {
      normalizePlanes(call, from, to, 0, scratch);
    }
  }

  /** The same where statistics are those of the whole batch, if kernels may take all channels. */
  private static boolean normalizeBatch(ChannelCall call, int from, int to, Scratch scratch) {
    ChannelView view = call.view;
    int channels = view.channels();
    int len = view.spatial();
    float[] params = scratch.floats(0, 3 * channels);
    for (int c = 0; c < channels; c++) {
      if (!call.fits(call.set(0, c), c)) {
        return false;
      }
      putParams(call, call.set(0, c), c, params, 3 * c);
    }
    for (int plane = from; plane < to; ) {
      int c = plane % channels;
      int n = Math.min(channels - c, to - plane);
      int o = plane * len;
      SEGMENTS.normalize(
          call.x, call.xOff + o, call.y, call.yOff + o, n, len, len, 0, params, 3 * c, 3);
      plane += n;
    }
    return true;
  }

  /**
   * Normalizes planes, each a channel of a sample, in the order in which they stand in memory: as
   * many as may go to the kernels at a time, and one by one those between.
   */
  private static void normalizePlanes(
      ChannelCall call, int from, int to, int ahead, Scratch scratch) {
    ChannelView view = call.view;
    int ready = 0;
    int c = from % view.channels();
    int sample = from / (view.channels() * view.pooled());
    for (int plane = from; plane < to; plane++, c++) {
      if (c == view.channels()) {
        c = 0;
        sample = plane / (view.channels() * view.pooled());
      }
      int set = call.set(sample, c);
      boolean fits = call.fits(set, c);
      if (fits) {
        putParams(call, set, c, scratch.segmentParams, 3 * ready++);
      }
      if (!fits || ready == Scratch.PLANES) {
        int end = fits ? plane + 1 : plane;
        normalizePlanes(call, end - ready, ready, ahead, scratch.segmentParams);
        ready = 0;
      }
      if (!fits) {
        wideNormalize(call, set, c, plane * view.spatial());
      }
    }
    normalizePlanes(call, to - ready, ready, ahead, scratch.segmentParams);
  }

  private static void normalizePlanes(
      ChannelCall call, int first, int n, int ahead, float[] params) {
    int len = call.view.spatial();
    int o = first * len;
    SEGMENTS.normalize(
        call.x, call.xOff + o, call.y, call.yOff + o, n, len, len, ahead, params, 0, 3);
  }

  private static void putParams(ChannelCall call, int set, int c, float[] params, int at) {
    double mean = call.mean[set];
    double scale = call.scale(set, c);
    params[at] = (float) mean;
    params[at + 1] = (float) scale;
    params[at + 2] = Split.bias(mean, scale, call.affine.shift(c));
  }

  private static void wideNormalize(ChannelCall call, int set, int c, int o) {
    Wide.normalize(
        call.x,
        call.xOff + o,
        call.y,
        call.yOff + o,
        call.view.spatial(),
        1,
        call.mean[set],
        call.rstd[set],
        call.affine,
        c,
        0);
  }

  static void backward(ChannelCall call) {
    if (call.view.samples() > 1) {
      SampleParts.backward(
          call,
          (c, sample, sums, scratch) ->
              backward(c, sample * c.view.groups(), (sample + 1) * c.view.groups(), sums, scratch));
    } else {
      split(
          call,
          call.view.groups(),
          (c, from, to, scratch) -> backward(c, from, to, c.partSums, scratch));
    }
  }

  /** Some sets of one sample. */
  private static void backward(ChannelCall call, int from, int to, double[] sums, Scratch scratch) {
    int few = few(call.view);
    for (int first = from; first < to; first += few) {
      int end = Math.min(to, first + few);
      sums(call, first, end, sums, scratch);
      for (int set = first; set < end; set++) {
        if (call.constant) {
          constantGradient(call, set, scratch.segmentParams);
        } else {
          gradient(call, set, sums, scratch.segmentParams);
        }
      }
    }
  }

  /** The sums of one sample alone. */
  static void sums(ChannelCall call) {
    split(call, call.view.sets(), Segments::sums);
  }

  private static void sums(ChannelCall call, int from, int to, Scratch scratch) {
    int few = few(call.view);
    for (int set = from; set < to; set += few) {
      sums(call, set, Math.min(to, set + few), call.partSums, scratch);
    }
  }

  /** The gradient of one sample by sums that are there. */
  static void gradient(ChannelCall call) {
    split(call, call.view.sets(), Segments::gradient);
  }

  private static void gradient(ChannelCall call, int from, int to, Scratch scratch) {
    for (int set = from; set < to; set++) {
      gradient(call, set, call.partSums, scratch.segmentParams);
    }
  }

  /** Sums dy, dy * xhat and |dy| of each channel of some sets of a sample. */
  private static void sums(ChannelCall call, int from, int to, double[] sums, Scratch scratch) {
    ChannelView view = call.view;
    int channels = (to - from) * view.groupSize();
    int first = view.firstChannel(from);
    scratch.segmentSums.take(call, from / view.groups(), first, first + channels, sums);
  }

  private static void gradient(ChannelCall call, int set, double[] sums, float[] params) {
    ChannelView view = call.view;
    int first = view.firstChannel(set);
    int start = view.start(set);
    double meanSum = call.meanSum(first, sums);
    double meanDot = call.meanDot(first, sums);
    boolean fits = call.gradientFits(set, first, sums);
    params[0] = (float) call.mean[set];
    params[2] = Split.slope(meanDot, call.rstd[set]);
    int channels = view.groupSize();
    for (int d = 0; d < channels; d++) {
      int c = first + d;
      int o = start + d * view.spatial();
      if (fits && call.scales(set, c)) {
        params[1] = (float) call.scale(set, c);
        params[3] = call.offset(set, c, meanSum, meanDot);
        SEGMENTS.gradient(
            call.dy,
            call.dyOff + o,
            call.x,
            call.xOff + o,
            call.dx,
            call.dxOff + o,
            view.pooled(),
            view.stride(),
            view.spatial(),
            params,
            0,
            0);
      } else {
        for (int i = 0; i < view.pooled(); i++) {
          wideGradient(call, set, c, o + i * view.stride(), meanSum, meanDot);
        }
      }
    }
  }

  private static void wideGradient(
      ChannelCall call, int set, int c, int o, double meanSum, double meanDot) {
    Wide.gradient(
        call.dy,
        call.dyOff + o,
        call.x,
        call.xOff + o,
        call.dx,
        call.dxOff + o,
        call.view.spatial(),
        1,
        call.mean[set],
        call.rstd[set],
        call.affine,
        c,
        0,
        meanSum,
        meanDot);
  }

  /** With constant statistics the layer is a linear map, which takes the gradient back as well. */
  private static void constantGradient(ChannelCall call, int set, float[] params) {
    ChannelView view = call.view;
    params[0] = 0;
    params[2] = 0;
    for (int d = 0; d < view.groupSize(); d++) {
      int c = view.firstChannel(set) + d;
      int p = call.dyOff + view.start(set) + d * view.spatial();
      int q = call.dxOff + view.start(set) + d * view.spatial();
      double scale = call.scale(set, c);
      if (call.scales(set, c)) {
        params[1] = (float) scale;
        SEGMENTS.normalize(
            call.dy, p, call.dx, q, view.pooled(), view.stride(), view.spatial(), 0, params, 0, 0);
        continue;
      }
      for (int o = 0; o < view.pooled() * view.stride(); o += view.stride()) {
        Wide.scale(call.dy, p + o, call.dx, q + o, view.spatial(), 1, scale);
      }
    }
  }
}
