package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * Filter response normalization of tensors with channels, with its threshold, forward and backward.
 *
 * <p>For the n spatial positions of each channel of each sample
 *
 * <pre>{@code
 * meanSquare = Σ x² / n
 * xhat       = x / sqrt(meanSquare + epsilon)
 * z          = xhat * weight + bias
 * y          = max(z, tau)                       (one weight, bias and tau for each channel)
 * }</pre>
 *
 * <p>Backward takes {@code dz = dy} where z is at least tau, else 0, and with {@code g = dz *
 * weight}, {@code rstd = 1 / sqrt(meanSquare + epsilon)} and the mean over the positions
 *
 * <pre>{@code
 * dx       = (g - xhat * mean(g * xhat)) * rstd
 * dWeight += Σ over the channel of dz * xhat
 * dBias   += Σ over the channel of dz
 * dTau    += Σ over the channel of dy where z is less than tau
 * dEpsilon = Σ over all of g * xhat * rstd² / -2
 * }</pre>
 *
 * <p>The views are those of {@link ChannelView#groupNorm} with a group for each channel. Arguments
 * are checked before anything is written; {@link IllegalArgumentException} names the array and the
 * numbers. The result is a function of the input alone: the same bits for any kernels and any
 * number of threads. Static, without state: many threads may call at once. Paper: Singh and
 * Krishnan, <a href="https://arxiv.org/abs/1911.09737">Filter Response Normalization Layer</a>.
 */
public final class FilterResponse {

  private static final String FORWARD = "FilterResponse.forward";
  private static final String BACKWARD = "FilterResponse.backward";

  private FilterResponse() {}

  /**
   * Normalizes, and applies the threshold if there is one.
   *
   * @param view a set for each channel of each sample
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first element
   * @param y the output. Modified.
   * @param yOffset the index of its first element
   * @param affine weight and bias, one for each channel
   * @param tau the threshold of each channel; null for none
   * @param epsilon added to the mean square, finite and positive
   * @param meanSquare receives the mean square of each set, for backward; may be null. Modified.
   * @param passed receives for each element whether it is at least its threshold, for backward; may
   *     be null, and is not written without a threshold. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void forward(
      ChannelView view,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Affine affine,
      float[] tau,
      double epsilon,
      double[] meanSquare,
      boolean[] passed,
      ForkJoinPool pool) {
    check(FORWARD, view, meanSquare, "tau", tau, passed);
    ChannelNorm.forward(
        FORWARD, true, view, x, xOffset, y, yOffset, affine, epsilon, null, meanSquare, pool);
    if (tau == null) {
      return;
    }
    if (Parallel.pays(pool, view.samples(), view.size())) {
      Parallel.run(
          pool, view.samples(), (from, to) -> raise(view, from, to, y, yOffset, tau, passed));
    } else {
      raise(view, 0, view.samples(), y, yOffset, tau, passed);
    }
  }

  /** Raises the elements of some samples to their thresholds. */
  private static void raise(
      ChannelView view, int from, int to, float[] y, int yOff, float[] tau, boolean[] passed) {
    int runs = runs(view);
    int len = view.sampleSize() / Math.max(1, runs);
    for (int i = from * view.sampleSize(), run = 0; i < to * view.sampleSize(); run++) {
      int first = i;
      // Two loops: one that asks for the layout at each element takes three times as long.
      if (view.channelsLast()) {
        for (; i < first + len; i++) {
          raise(y, yOff + i, tau[i - first], passed, i);
        }
      } else {
        float threshold = tau[run % runs];
        for (; i < first + len; i++) {
          raise(y, yOff + i, threshold, passed, i);
        }
      }
    }
  }

  private static void raise(float[] y, int p, float threshold, boolean[] passed, int i) {
    float z = y[p];
    if (passed != null) {
      // As max(z, tau) of the paper's code, which passes the gradient on where both are equal.
      passed[i] = !(z < threshold);
    }
    y[p] = Math.max(z, threshold);
  }

  /**
   * Backward of {@link #forward}.
   *
   * @param view that of forward
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first element
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first element
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first element
   * @param affine weight and bias of forward
   * @param epsilon that of forward
   * @param meanSquare the mean squares of forward. Not modified.
   * @param passed which elements were at least their threshold; null without one. Not modified.
   * @param gradients added into: those of weight and bias, each one for each channel or null.
   *     Modified.
   * @param dTau added into: that of each threshold; may be null, and is not written without a
   *     threshold. Modified.
   * @param pool splits large inputs; null for the caller's thread
   * @return the gradient of ε
   */
  public static double backward(
      ChannelView view,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      Affine affine,
      double epsilon,
      double[] meanSquare,
      boolean[] passed,
      Affine gradients,
      float[] dTau,
      ForkJoinPool pool) {
    Checks.notNull(meanSquare, "meanSquare");
    check(BACKWARD, view, meanSquare, "dTau", dTau, passed);
    ChannelNorm.checkBackward(
        BACKWARD,
        view,
        dy,
        dyOffset,
        x,
        xOffset,
        dx,
        dxOffset,
        affine,
        epsilon,
        null,
        meanSquare,
        gradients);
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(0, 2 * view.sets());
    if (Parallel.pays(pool, view.samples(), view.size())) {
      Parallel.run(
          pool,
          view.samples(),
          (from, to) -> stop(view, from, to, dy, dyOffset, x, xOffset, dx, dxOffset, passed, sums));
    } else {
      stop(view, 0, view.samples(), dy, dyOffset, x, xOffset, dx, dxOffset, passed, sums);
    }
    double dEpsilon = 0;
    for (int set = 0; set < view.sets(); set++) {
      double rstd = Split.rstd(meanSquare[set], epsilon);
      double dot = sums[2 * set + 1] * affine.scale(set % view.channels());
      dEpsilon += dot * rstd * rstd * rstd / -2;
    }
    if (passed != null && dTau != null) {
      for (int c = 0; c < view.channels(); c++) {
        double sum = 0;
        for (int set = c; set < view.sets(); set += view.channels()) {
          sum += sums[2 * set];
        }
        dTau[c] = (float) (dTau[c] + sum);
      }
    }
    scratch.give();
    ChannelNorm.backward(
        BACKWARD,
        false,
        view,
        dx,
        dxOffset,
        x,
        xOffset,
        dx,
        dxOffset,
        affine,
        epsilon,
        null,
        meanSquare,
        gradients,
        pool);
    return dEpsilon;
  }

  /**
   * Copies dy to dx where the threshold was passed, 0 where not, and sums for each set of some
   * samples what was stopped and {@code Σ dx * x}, in order.
   */
  private static void stop(
      ChannelView view,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      boolean[] passed,
      double[] sums) {
    int runs = runs(view);
    int len = view.sampleSize() / Math.max(1, runs);
    int step = view.channelsLast() ? 2 : 0;
    Arrays.fill(sums, 2 * from * view.channels(), 2 * to * view.channels(), 0);
    for (int i = from * view.sampleSize(), run = from * runs; i < to * view.sampleSize(); run++) {
      int at = 2 * (view.channelsLast() ? run / runs * view.channels() : run);
      for (int j = 0; j < len; j++, i++, at += step) {
        float g = dy[dyOff + i];
        // By a mask, not a jump, which nobody can foresee: an eighth of the time.
        int keep = passed == null || passed[i] ? -1 : 0;
        float kept = Float.intBitsToFloat(Float.floatToRawIntBits(g) & keep);
        dx[dxOff + i] = kept;
        sums[at] += Float.intBitsToFloat(Float.floatToRawIntBits(g) & ~keep);
        sums[at + 1] += (double) kept * x[xOff + i];
      }
    }
  }

  /** The number of contiguous runs of a sample: planes or, with the channels last, positions. */
  private static int runs(ChannelView view) {
    return view.channelsLast() ? view.spatial() : view.channels();
  }

  private static void check(
      String operation,
      ChannelView view,
      double[] meanSquare,
      String tauName,
      float[] tau,
      boolean[] passed) {
    Checks.notNull(view, "view");
    if (view.groups() != view.channels() || view.pooled() != 1) {
      throw new IllegalArgumentException(
          operation
              + ": the view must have a set for each channel of each sample: got groups="
              + view.groups()
              + " of "
              + view.channels()
              + " channels, pooled="
              + view.pooled());
    }
    Checks.statistics(operation, "meanSquare", meanSquare, view.sets());
    if (tau != null) {
      Checks.stretch(operation, tauName, tau, 0, view.channels());
    }
    if (passed != null && passed.length < view.size()) {
      throw new IllegalArgumentException(
          operation
              + ": passed must hold a value for each element: expected at least "
              + view.size()
              + ", got "
              + passed.length);
    }
  }
}
