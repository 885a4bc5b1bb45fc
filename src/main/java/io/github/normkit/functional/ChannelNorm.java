package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * BatchNorm, GroupNorm and InstanceNorm of tensors with channels, forward and backward, channels
 * first or last.
 *
 * <p>A {@link ChannelView} says which elements share statistics. For the n elements of a set
 *
 * <pre>{@code
 * mean     = Σ x / n
 * variance = Σ (x - mean)² / n                  (biased)
 * xhat     = (x - mean) / sqrt(variance + epsilon)
 * y        = xhat * weight + bias               (one weight and bias for each channel;
 *                                                zero-centered: xhat * (1 + weight) + bias)
 * }</pre>
 *
 * <p>Backward, with {@code g = dy * weight}, {@code rstd = 1 / sqrt(variance + epsilon)} and the
 * means over the set:
 *
 * <pre>{@code
 * dx       = (g - mean(g) - xhat * mean(g * xhat)) * rstd
 * dWeight += Σ over the channel of dy * xhat
 * dBias   += Σ over the channel of dy
 * }</pre>
 *
 * <p>Where the statistics are constants, as in evaluation, {@code dx = dy * weight * rstd}.
 *
 * <p>Arrays of statistics hold one value for each set, {@code view.sets()}. An output may be its
 * input, and dx may be dy, at the same offset, but must not overlap it otherwise; dx must not
 * overlap x. Arguments are checked before anything is written; {@link IllegalArgumentException}
 * names the array and the numbers. The result is a function of the input alone: the same bits for
 * any kernels and any number of threads. Static, without state: many threads may call at once.
 * Papers: Ioffe and Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>; Wu
 * and He, <a href="https://arxiv.org/abs/1803.08494">Group Normalization</a>; Ulyanov, Vedaldi and
 * Lempitsky, <a href="https://arxiv.org/abs/1607.08022">Instance Normalization</a>.
 */
public final class ChannelNorm {

  private static final String FORWARD = "ChannelNorm.forward";
  private static final String NORMALIZE = "ChannelNorm.normalize";
  private static final String BACKWARD = "ChannelNorm.backward";

  private ChannelNorm() {}

  /**
   * Normalizes with the statistics of the input.
   *
   * @param view which elements share statistics
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first element
   * @param y the output. Modified.
   * @param yOffset the index of its first element
   * @param affine weight and bias, one for each channel
   * @param epsilon added to the variance, finite and positive
   * @param mean receives the mean of each set; may be null. Modified.
   * @param variance receives the biased variance of each set; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void forward(
      ChannelView view,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    forward(FORWARD, false, view, x, xOffset, y, yOffset, affine, epsilon, mean, variance, pool);
  }

  /** The same, or with means taken as 0 and variances as mean squares if {@code aboutZero}. */
  static void forward(
      String operation,
      boolean aboutZero,
      ChannelView view,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    check(operation, view, affine, epsilon, mean, variance);
    tensor(operation, view, "x", x, xOffset);
    output(operation, view, "y", y, yOffset, "x", x, xOffset);
    if (view.size() == 0) {
      return;
    }
    Scratch scratch = Scratch.take();
    ChannelCall call = scratch.channelCall;
    call.x = x;
    call.xOff = xOffset;
    call.y = y;
    call.yOff = yOffset;
    call.aboutZero = aboutZero;
    call.mean = mean == null ? scratch.doubles(1, view.sets()) : mean;
    call.variance = variance == null ? scratch.doubles(2, view.sets()) : variance;
    begin(scratch, view, affine, epsilon, pool);
    if (view.channelsLast()) {
      Columns.forward(call);
    } else {
      Segments.forward(call);
    }
    call.clear();
    scratch.give();
  }

  /**
   * Normalizes with given statistics, such as the running ones of BatchNorm.
   *
   * @param view which elements share statistics
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first element
   * @param y the output. Modified.
   * @param yOffset the index of its first element
   * @param affine weight and bias, one for each channel
   * @param epsilon added to the variance, finite and positive
   * @param mean the mean of each set. Not modified.
   * @param variance the variance of each set, not negative. Not modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void normalize(
      ChannelView view,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    Checks.notNull(mean, "mean");
    Checks.notNull(variance, "variance");
    check(NORMALIZE, view, affine, epsilon, mean, variance);
    tensor(NORMALIZE, view, "x", x, xOffset);
    output(NORMALIZE, view, "y", y, yOffset, "x", x, xOffset);
    if (view.size() == 0) {
      return;
    }
    Scratch scratch = Scratch.take();
    ChannelCall call = scratch.channelCall;
    call.x = x;
    call.xOff = xOffset;
    call.y = y;
    call.yOff = yOffset;
    call.mean = mean;
    call.variance = variance;
    begin(scratch, view, affine, epsilon, pool);
    call.putRstd();
    if (view.channelsLast()) {
      Columns.normalize(call);
    } else {
      Segments.normalize(call);
    }
    call.clear();
    scratch.give();
  }

  /**
   * Backward of {@link #forward}, or of {@link #normalize} where the statistics are constants.
   *
   * @param view which elements share statistics
   * @param constant whether the statistics are constants and do not depend on the input
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first element
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first element
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first element
   * @param affine weight and bias of forward
   * @param epsilon that of forward
   * @param mean the means of forward. Not modified.
   * @param variance the variances of forward. Not modified.
   * @param gradients added into: those of weight and bias, each one for each channel or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void backward(
      ChannelView view,
      boolean constant,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      Affine gradients,
      ForkJoinPool pool) {
    Checks.notNull(mean, "mean");
    backward(
        BACKWARD, constant, view, dy, dyOffset, x, xOffset, dx, dxOffset, affine, epsilon, mean,
        variance, gradients, pool);
  }

  /** The same, or of forward about 0 if there are no means. */
  static void backward(
      String operation,
      boolean constant,
      ChannelView view,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      Affine gradients,
      ForkJoinPool pool) {
    checkBackward(
        operation, view, dy, dyOffset, x, xOffset, dx, dxOffset, affine, epsilon, mean, variance,
        gradients);
    if (view.size() == 0) {
      return;
    }
    Scratch scratch = Scratch.take();
    ChannelCall call = scratch.channelCall;
    call.dy = dy;
    call.dyOff = dyOffset;
    call.x = x;
    call.xOff = xOffset;
    call.dx = dx;
    call.dxOff = dxOffset;
    call.aboutZero = mean == null;
    call.mean = mean == null ? zeros(scratch, view.sets()) : mean;
    call.variance = variance;
    call.constant = constant;
    int parts = SampleParts.count(view);
    call.partSums = scratch.doubles(0, parts * 3 * view.channels());
    begin(scratch, view, affine, epsilon, pool);
    call.putRstd();
    if (view.channelsLast()) {
      Columns.backward(call);
    } else {
      Segments.backward(call);
    }
    Gradients.total(call.partSums, parts, 3 * view.channels());
    Gradients.add(gradients, call.partSums, view.channels());
    call.clear();
    scratch.give();
  }

  static void checkBackward(
      String operation,
      ChannelView view,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance,
      Affine gradients) {
    Checks.notNull(variance, "variance");
    check(operation, view, affine, epsilon, mean, variance);
    Checks.affine(operation, "gradients", gradients, view.channels());
    tensor(operation, view, "dy", dy, dyOffset);
    tensor(operation, view, "x", x, xOffset);
    output(operation, view, "dx", dx, dxOffset, "dy", dy, dyOffset);
    int n = view.size();
    Checks.apart(operation, "dx", dx, dxOffset, n, "x", x, xOffset, n, 1, n);
  }

  private static double[] zeros(Scratch scratch, int n) {
    double[] zeros = scratch.doubles(1, n);
    Arrays.fill(zeros, 0, n, 0);
    return zeros;
  }

  private static void begin(
      Scratch scratch, ChannelView view, Affine affine, double epsilon, ForkJoinPool pool) {
    ChannelCall call = scratch.channelCall;
    call.rstd = scratch.doubles(3, view.sets());
    call.over(view);
    call.affine = affine;
    call.epsilon = epsilon;
    call.pool = pool;
  }

  private static void check(
      String operation,
      ChannelView view,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] variance) {
    Checks.notNull(view, "view");
    Checks.epsilon(operation, epsilon);
    Checks.affine(operation, "affine", affine, view.channels());
    Checks.statistics(operation, "mean", mean, view.sets());
    Checks.statistics(operation, "variance", variance, view.sets());
  }

  private static void tensor(
      String operation, ChannelView view, String name, float[] array, int offset) {
    Checks.stretch(operation, name, array, offset, view.size());
  }

  private static void output(
      String operation,
      ChannelView view,
      String outName,
      float[] out,
      int outOffset,
      String inName,
      float[] in,
      int inOffset) {
    tensor(operation, view, outName, out, outOffset);
    int n = view.size();
    Checks.sameOrApart(operation, outName, out, outOffset, n, inName, in, inOffset, n, 1, n);
  }
}
