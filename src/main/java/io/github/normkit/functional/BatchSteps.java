package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * BatchNorm in steps, for engines that hold parts of a batch in several places and share its
 * statistics by a collective of their own.
 *
 * <p>Forward is {@link #moments} of each part, {@link #merge} of those of all parts, and {@link
 * ChannelNorm#normalize}:
 *
 * <pre>{@code
 * count    = Σ n_b                              (b: the blocks of all parts, in order)
 * mean     = that of all blocks, merged as Chan, Golub and LeVeque (1979) do
 * variance = M2 / count                         (biased)
 * }</pre>
 *
 * <p>Backward is {@link #sums} of each part, {@link #total} of all, and {@link #gradient}:
 *
 * <pre>{@code
 * dx = (dy - Σ dy / count - xhat * Σ dy * xhat / count) * weight * rstd
 * }</pre>
 *
 * <p>The statistics of a channel run over the batch and all spatial positions. A part is a {@link
 * ChannelView#batchNorm} view of some samples, and consists of {@link ChannelView#blocks blocks}.
 * <em>Where all parts but the last have whole blocks, the result has the bits of {@link
 * ChannelNorm#forward} and {@link ChannelNorm#backward} of the batch in one place</em>; else it
 * equals them to rounding.
 *
 * <p>Arguments are checked before anything is written; {@link IllegalArgumentException} names the
 * array and the numbers. Static, without state: many threads may call at once. Paper: Ioffe and
 * Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>.
 */
public final class BatchSteps {

  private static final String MOMENTS = "BatchSteps.moments";
  private static final String MERGE = "BatchSteps.merge";
  private static final String SUMS = "BatchSteps.sums";
  private static final String TOTAL = "BatchSteps.total";
  private static final String GRADIENT = "BatchSteps.gradient";
  private static final String ADD = "BatchSteps.addGradients";

  /** The steps on some blocks, each through a view and a call of its own. */
  private interface Blocks {
    void run(int from, int to, ForkJoinPool pool);
  }

  private BatchSteps() {}

  /**
   * Returns the length of a block's moments.
   *
   * @param channels the number of channels
   * @return {@code 1 + 2 * channels}: the count, the means, the sums of squares about them
   */
  public static int momentsLength(int channels) {
    return 1 + 2 * channels;
  }

  /**
   * Returns the length of a block's sums.
   *
   * @param channels the number of channels
   * @return {@code 3 * channels}: {@code Σ dy}, {@code Σ dy * xhat} and {@code Σ |dy|} of each
   */
  public static int sumsLength(int channels) {
    return 3 * channels;
  }

  /**
   * Takes the moments of the blocks of a part.
   *
   * @param view the part, which may be empty
   * @param x the input. Not modified.
   * @param xOffset the index of its first element
   * @param moments receives {@code view.blocks()} times {@link #momentsLength}. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void moments(
      ChannelView view, float[] x, int xOffset, double[] moments, ForkJoinPool pool) {
    part(MOMENTS, view);
    Checks.stretch(MOMENTS, "x", x, xOffset, view.size());
    int length = momentsLength(view.channels());
    doubles(MOMENTS, "moments", moments, (long) view.blocks() * length);
    run(
        view,
        pool,
        (from, to, inner) -> {
          Scratch scratch = Scratch.take();
          ChannelCall call = scratch.channelCall;
          for (int block = from; block < to; block++) {
            begin(scratch, view, block, inner);
            call.x = x;
            call.xOff = xOffset + start(view, block);
            call.mean = scratch.doubles(1, view.channels());
            call.variance = scratch.doubles(2, view.channels());
            call.m2 = scratch.doubles(0, view.channels());
            if (view.channelsLast()) {
              Columns.statistics(call);
            } else {
              Segments.statistics(call);
            }
            int at = block * length;
            moments[at] = call.count;
            System.arraycopy(call.mean, 0, moments, at + 1, view.channels());
            System.arraycopy(call.m2, 0, moments, at + 1 + view.channels(), view.channels());
          }
          call.clear();
          scratch.give();
        });
  }

  /**
   * Merges the moments of blocks in order.
   *
   * @param channels the number of channels, at least 1
   * @param moments those of all blocks; a block may have the count 0. Not modified.
   * @param blocks how many there are
   * @param mean receives the mean of each channel, unless the total count is 0. Modified.
   * @param variance receives the biased variance of each channel, likewise. Modified.
   * @return the total count
   */
  public static long merge(
      int channels, double[] moments, int blocks, double[] mean, double[] variance) {
    atLeast(MERGE, "channels", channels, 1);
    atLeast(MERGE, "blocks", blocks, 0);
    int length = momentsLength(channels);
    doubles(MERGE, "moments", moments, (long) blocks * length);
    doubles(MERGE, "mean", mean, channels);
    doubles(MERGE, "variance", variance, channels);
    long count = 0;
    for (int block = 0; block < blocks; block++) {
      count += (long) moments[block * length];
    }
    Moments merged = new Moments();
    for (int c = 0; c < channels && count > 0; c++) {
      merged.clear();
      for (int at = 0; at < blocks * length; at += length) {
        if (moments[at] > 0) {
          merged.merge(moments[at], moments[at + 1 + c], moments[at + 1 + channels + c]);
        }
      }
      mean[c] = merged.mean();
      variance[c] = merged.variance();
    }
    return count;
  }

  /**
   * Takes the sums of the blocks of a part for the gradient.
   *
   * @param view the part, which may be empty
   * @param dy the gradient of the output. Not modified.
   * @param dyOffset the index of its first element
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first element
   * @param epsilon that of forward
   * @param mean the mean of each channel, of all parts. Not modified.
   * @param variance the variance of each channel, of all parts. Not modified.
   * @param sums receives {@code view.blocks()} times {@link #sumsLength}. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void sums(
      ChannelView view,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      double epsilon,
      double[] mean,
      double[] variance,
      double[] sums,
      ForkJoinPool pool) {
    part(SUMS, view);
    Checks.epsilon(SUMS, epsilon);
    doubles(SUMS, "mean", mean, view.channels());
    doubles(SUMS, "variance", variance, view.channels());
    Checks.stretch(SUMS, "dy", dy, dyOffset, view.size());
    Checks.stretch(SUMS, "x", x, xOffset, view.size());
    int length = sumsLength(view.channels());
    doubles(SUMS, "sums", sums, (long) view.blocks() * length);
    run(
        view,
        pool,
        (from, to, inner) -> {
          Scratch scratch = Scratch.take();
          ChannelCall call = scratch.channelCall;
          for (int block = from; block < to; block++) {
            begin(scratch, view, block, inner);
            call.dy = dy;
            call.dyOff = dyOffset + start(view, block);
            call.x = x;
            call.xOff = xOffset + start(view, block);
            call.epsilon = epsilon;
            call.mean = mean;
            call.variance = variance;
            call.putRstd();
            call.partSums = scratch.doubles(0, length);
            if (view.channelsLast()) {
              Columns.sums(call);
            } else {
              Segments.sums(call);
            }
            System.arraycopy(call.partSums, 0, sums, block * length, length);
          }
          call.clear();
          scratch.give();
        });
  }

  /**
   * Adds up the sums of blocks in order.
   *
   * @param channels the number of channels, at least 1
   * @param sums those of all blocks. Not modified.
   * @param blocks how many there are
   * @param total receives one block's worth of sums, 0 where there are no blocks. Modified.
   */
  public static void total(int channels, double[] sums, int blocks, double[] total) {
    atLeast(TOTAL, "channels", channels, 1);
    atLeast(TOTAL, "blocks", blocks, 0);
    int length = sumsLength(channels);
    doubles(TOTAL, "sums", sums, (long) blocks * length);
    doubles(TOTAL, "total", total, length);
    if (blocks == 0) {
      Arrays.fill(total, 0, length, 0);
    }
    for (int block = 0; block < blocks; block++) {
      Gradients.put(sums, block * length, total, length, block == 0);
    }
  }

  /**
   * Writes the gradient of a part by the statistics and sums of all.
   *
   * @param view the part, which may be empty
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first element
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first element
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first element
   * @param affine weight and bias of forward
   * @param epsilon that of forward
   * @param mean the mean of each channel, of all parts. Not modified.
   * @param variance the variance of each channel, of all parts. Not modified.
   * @param count the number of elements of a channel in all parts
   * @param total the sums of all parts. Not modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void gradient(
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
      long count,
      double[] total,
      ForkJoinPool pool) {
    part(GRADIENT, view);
    Checks.epsilon(GRADIENT, epsilon);
    Checks.affine(GRADIENT, "affine", affine, view.channels());
    doubles(GRADIENT, "mean", mean, view.channels());
    doubles(GRADIENT, "variance", variance, view.channels());
    doubles(GRADIENT, "total", total, sumsLength(view.channels()));
    int n = view.size();
    Checks.stretch(GRADIENT, "dy", dy, dyOffset, n);
    Checks.stretch(GRADIENT, "x", x, xOffset, n);
    Checks.stretch(GRADIENT, "dx", dx, dxOffset, n);
    Checks.sameOrApart(GRADIENT, "dx", dx, dxOffset, n, "dy", dy, dyOffset, n, 1, n);
    Checks.apart(GRADIENT, "dx", dx, dxOffset, n, "x", x, xOffset, n, 1, n);
    if (count < view.setSize()) {
      throw new IllegalArgumentException(
          GRADIENT
              + ": count must be at least that of the part: expected at least "
              + view.setSize()
              + ", got "
              + count);
    }
    if (n == 0) {
      return;
    }
    Scratch scratch = Scratch.take();
    ChannelCall call = scratch.channelCall;
    call.over(view);
    call.pool = pool;
    call.rstd = scratch.doubles(3, view.channels());
    call.dy = dy;
    call.dyOff = dyOffset;
    call.x = x;
    call.xOff = xOffset;
    call.dx = dx;
    call.dxOff = dxOffset;
    call.affine = affine;
    call.epsilon = epsilon;
    call.mean = mean;
    call.variance = variance;
    call.count = count;
    call.partSums = total;
    call.putRstd();
    if (view.channelsLast()) {
      Columns.gradient(call);
    } else {
      Segments.gradient(call);
    }
    call.clear();
    scratch.give();
  }

  /**
   * Adds the sums of a part, or of all, to the gradients of weight and bias.
   *
   * @param channels the number of channels, at least 1
   * @param total the {@link #total} of the blocks. Not modified.
   * @param gradients added into: those of weight and bias, each one for each channel or null.
   *     Modified.
   */
  public static void addGradients(int channels, double[] total, Affine gradients) {
    atLeast(ADD, "channels", channels, 1);
    doubles(ADD, "total", total, sumsLength(channels));
    Checks.affine(ADD, "gradients", gradients, channels);
    Gradients.add(gradients, total, channels);
  }

  /** Takes blocks over the pool, or, where there are too few, what is in a block. */
  private static void run(ChannelView view, ForkJoinPool pool, Blocks blocks) {
    int n = view.blocks();
    if (Parallel.pays(pool, n, view.size())) {
      Parallel.run(pool, n, (from, to) -> blocks.run(from, to, null));
    } else {
      blocks.run(0, n, pool);
    }
  }

  private static int start(ChannelView view, int block) {
    return block * view.blockSamples() * view.channels() * view.spatial();
  }

  /** Begins a call on one block; its view has no other. */
  private static void begin(Scratch scratch, ChannelView view, int block, ForkJoinPool pool) {
    ChannelCall call = scratch.channelCall;
    call.over(
        ChannelView.batchNorm(
            view.samplesOf(block), view.channels(), view.spatial(), view.channelsLast()));
    call.pool = pool;
    call.rstd = scratch.doubles(3, view.channels());
  }

  private static void part(String operation, ChannelView view) {
    Checks.notNull(view, "view");
    if (view.samples() != 1 || view.groups() != view.channels()) {
      throw new IllegalArgumentException(
          operation
              + ": the view must be one of BatchNorm, with 1 sample and a group for each channel:"
              + " got samples="
              + view.samples()
              + ", channels="
              + view.channels()
              + ", groups="
              + view.groups());
    }
  }

  private static void atLeast(String operation, String name, int size, int least) {
    if (size < least) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be at least " + least + ": got " + size);
    }
  }

  private static void doubles(String operation, String name, double[] array, long length) {
    Checks.notNull(array, name);
    if (array.length < length) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must hold " + length + " numbers: got " + array.length);
    }
  }
}
