package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * LayerNorm and RMSNorm of the rows of a matrix, forward and backward.
 *
 * <p>Row {@code r} of {@code cols} elements begins at {@code offset + r * stride}. Its statistics
 * run over the row:
 *
 * <pre>{@code
 * mean = Σ x / cols                   (RMSNorm: 0)
 * rstd = 1 / sqrt(Σ (x - mean)² / cols + epsilon)
 * xhat = (x - mean) * rstd
 * y    = xhat * weight + bias         (zero-centered: xhat * (1 + weight) + bias)
 * }</pre>
 *
 * <p>The variance is the biased one. Backward, with {@code g = dy * weight} and the means over the
 * row:
 *
 * <pre>{@code
 * dx       = (g - mean(g) - xhat * mean(g * xhat)) * rstd     (RMSNorm: without mean(g))
 * dWeight += Σ over rows of dy * xhat
 * dBias   += Σ over rows of dy
 * }</pre>
 *
 * <p>The result is a function of the input alone: the same bits for any kernels, any number of
 * threads, and for a row alone or among others.
 *
 * <p>Where a stride is larger than {@code cols}, what lies between the rows is neither read nor
 * written. An output may be its input, at the same offset and stride, but must not overlap it
 * otherwise. Arguments are checked before anything is written; {@link IllegalArgumentException}
 * names the array and the numbers. Static, without state: many threads may call at once. Papers:
 * Ba, Kiros and Hinton, <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>; Zhang
 * and Sennrich, <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer
 * Normalization</a>.
 */
public final class RowNorm {

  private static final String LAYER_NORM = "layerNorm";
  private static final String RMS_NORM = "rmsNorm";

  /** Rows whose parameter gradients are summed in float before they go to double. */
  private static final int BLOCK = 32;

  /** The most chunks of rows with sums of their own, which are what threads share. */
  private static final int CHUNKS = 16;

  private RowNorm() {}

  /**
   * LayerNorm of dense rows on the caller's thread, without statistics kept.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the variance, finite and positive
   */
  public static void layerNorm(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      Affine affine,
      double epsilon) {
    layerNorm(x, xOffset, cols, y, yOffset, cols, rows, cols, affine, epsilon, null, null, null);
  }

  /**
   * LayerNorm of rows.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param yStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the variance, finite and positive
   * @param mean receives the mean of each row, for backward; may be null. Modified.
   * @param rstd receives 1/σ of each row, for backward; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void layerNorm(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] rstd,
      ForkJoinPool pool) {
    checkForward(LAYER_NORM, x, xOffset, xStride, y, yOffset, yStride, rows, cols, affine, epsilon);
    Checks.statistics(LAYER_NORM, "mean", mean, rows);
    Checks.statistics(LAYER_NORM, "rstd", rstd, rows);
    forward(
        true, x, xOffset, xStride, y, yOffset, yStride, rows, cols, affine, epsilon, mean, rstd,
        pool);
  }

  /**
   * RMSNorm of dense rows on the caller's thread, without statistics kept.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the mean square, finite and positive
   */
  public static void rmsNorm(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      Affine affine,
      double epsilon) {
    rmsNorm(x, xOffset, cols, y, yOffset, cols, rows, cols, affine, epsilon, null, null);
  }

  /**
   * RMSNorm of rows.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param yStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the mean square, finite and positive
   * @param rstd receives 1/rms of each row, for backward; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void rmsNorm(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      Affine affine,
      double epsilon,
      double[] rstd,
      ForkJoinPool pool) {
    checkForward(RMS_NORM, x, xOffset, xStride, y, yOffset, yStride, rows, cols, affine, epsilon);
    Checks.statistics(RMS_NORM, "rstd", rstd, rows);
    forward(
        false, x, xOffset, xStride, y, yOffset, yStride, rows, cols, affine, epsilon, null, rstd,
        pool);
  }

  /**
   * Backward of {@link #layerNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first row
   * @param dyStride the distance of its rows
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first row
   * @param dxStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of forward
   * @param mean the means that forward gave. Not modified.
   * @param rstd the 1/σ that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code cols} or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void layerNormBackward(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] x,
      int xOffset,
      int xStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    Checks.notNull(mean, "mean");
    Checks.statistics(LAYER_NORM, "mean", mean, rows);
    checkBackward(
        LAYER_NORM,
        dy,
        dyOffset,
        dyStride,
        x,
        xOffset,
        xStride,
        dx,
        dxOffset,
        dxStride,
        rows,
        cols,
        affine,
        rstd,
        gradients);
    backward(
        dy, dyOffset, dyStride, x, xOffset, xStride, dx, dxOffset, dxStride, rows, cols, affine,
        mean, rstd, gradients, pool);
  }

  /**
   * Backward of {@link #rmsNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first row
   * @param dyStride the distance of its rows
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first row
   * @param dxStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of forward
   * @param rstd the 1/rms that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code cols} or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void rmsNormBackward(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] x,
      int xOffset,
      int xStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    checkBackward(
        RMS_NORM, dy, dyOffset, dyStride, x, xOffset, xStride, dx, dxOffset, dxStride, rows, cols,
        affine, rstd, gradients);
    backward(
        dy, dyOffset, dyStride, x, xOffset, xStride, dx, dxOffset, dxStride, rows, cols, affine,
        null, rstd, gradients, pool);
  }

  private static void checkForward(
      String operation,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      Affine affine,
      double epsilon) {
    Checks.epsilon(operation, epsilon);
    Checks.rows(operation, "x", x, xOffset, xStride, rows, cols);
    Checks.rows(operation, "y", y, yOffset, yStride, rows, cols);
    Checks.overlap(operation, "y", y, yOffset, yStride, "x", x, xOffset, xStride, rows, cols);
    Checks.affine(operation, "affine", affine, cols);
  }

  private static void checkBackward(
      String operation,
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] x,
      int xOffset,
      int xStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] rstd,
      Affine gradients) {
    Checks.notNull(rstd, "rstd");
    Checks.statistics(operation, "rstd", rstd, rows);
    Checks.rows(operation, "dy", dy, dyOffset, dyStride, rows, cols);
    Checks.rows(operation, "x", x, xOffset, xStride, rows, cols);
    Checks.rows(operation, "dx", dx, dxOffset, dxStride, rows, cols);
    Checks.overlap(
        operation, "dx", dx, dxOffset, dxStride, "dy", dy, dyOffset, dyStride, rows, cols);
    Checks.overlap(operation, "dx", dx, dxOffset, dxStride, "x", x, xOffset, xStride, rows, cols);
    Checks.affine(operation, "affine", affine, cols);
    Checks.affine(operation, "gradients", gradients, cols);
  }

  private static void forward(
      boolean centered,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] rstd,
      ForkJoinPool pool) {
    if (Parallel.pays(pool, rows, rows * cols)) {
      Parallel.run(
          pool,
          rows,
          (from, to) ->
              forwardRows(
                  centered, x, xOffset, xStride, y, yOffset, yStride, from, to, cols, affine,
                  epsilon, mean, rstd));
    } else {
      forwardRows(
          centered, x, xOffset, xStride, y, yOffset, yStride, 0, rows, cols, affine, epsilon, mean,
          rstd);
    }
  }

  private static void forwardRows(
      boolean centered,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int from,
      int to,
      int cols,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] rstd) {
    Scratch scratch = Scratch.take();
    Moments moments = scratch.moments;
    float[] weight = weight(affine, cols, scratch);
    int weightOffset = weightOffset(affine);
    for (int r = from; r < to; r++) {
      int p = xOffset + r * xStride;
      if (centered) {
        moments.gather(x, p, 1, 0, cols, epsilon);
      } else {
        moments.gatherAboutZero(x, p, cols, epsilon);
      }
      double m = moments.mean();
      double s = Split.rstd(moments.variance(), epsilon);
      if (mean != null) {
        mean[r] = m;
      }
      if (rstd != null) {
        rstd[r] = s;
      }
      int q = yOffset + r * yStride;
      if (Split.ordinary(s)) {
        KERNELS.rowNormalize(
            x,
            p,
            y,
            q,
            cols,
            Split.head(m),
            (float) s,
            Split.tail(m, s),
            weight,
            weightOffset,
            affine.bias(),
            affine.biasOffset());
      } else {
        Wide.normalize(x, p, y, q, cols, 1, m, s, affine, 0, 1);
      }
    }
    scratch.give();
  }

  private static void backward(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] x,
      int xOffset,
      int xStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    int blocks = (rows + BLOCK - 1) / BLOCK;
    int chunkRows = Math.max(1, (blocks + CHUNKS - 1) / CHUNKS) * BLOCK;
    int chunks = (rows + chunkRows - 1) / chunkRows;
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(0, chunks * 2 * cols);
    if (Parallel.pays(pool, chunks, rows * cols)) {
      Parallel.run(
          pool,
          chunks,
          (from, to) ->
              backwardChunks(
                  dy, dyOffset, dyStride, x, xOffset, xStride, dx, dxOffset, dxStride, rows, cols,
                  affine, mean, rstd, chunkRows, from, to, sums));
    } else {
      backwardChunks(
          dy, dyOffset, dyStride, x, xOffset, xStride, dx, dxOffset, dxStride, rows, cols, affine,
          mean, rstd, chunkRows, 0, chunks, sums);
    }
    Gradients.add(gradients, sums, chunks, cols);
    scratch.give();
  }

  /** Backward of some chunks, each of which sums the parameters' gradients at its own place. */
  private static void backwardChunks(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] x,
      int xOffset,
      int xStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd,
      int chunkRows,
      int fromChunk,
      int toChunk,
      double[] sums) {
    Scratch scratch = Scratch.take();
    float[] weight = weight(affine, cols, scratch);
    int weightOffset = weightOffset(affine);
    float[] dWeight = scratch.floats(0, cols);
    float[] dBias = scratch.floats(1, cols);
    for (int chunk = fromChunk; chunk < toChunk; chunk++) {
      int at = chunk * 2 * cols;
      int first = chunk * chunkRows;
      int end = Math.min(rows, first + chunkRows);
      Arrays.fill(sums, at, at + 2 * cols, 0);
      for (int block = first; block < end; block += BLOCK) {
        Arrays.fill(dWeight, 0, cols, 0);
        Arrays.fill(dBias, 0, cols, 0);
        for (int r = block; r < Math.min(end, block + BLOCK); r++) {
          backwardRow(
              dy,
              dyOffset + r * dyStride,
              x,
              xOffset + r * xStride,
              dx,
              dxOffset + r * dxStride,
              cols,
              affine,
              weight,
              weightOffset,
              mean != null,
              mean == null ? 0 : mean[r],
              rstd[r],
              dWeight,
              dBias,
              scratch.acc);
        }
        for (int j = 0; j < cols; j++) {
          sums[at + j] += dBias[j];
          sums[at + cols + j] += dWeight[j];
        }
      }
    }
    scratch.give();
  }

  private static void backwardRow(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int cols,
      Affine affine,
      float[] weight,
      int weightOff,
      boolean centered,
      double mean,
      double rstd,
      float[] dWeight,
      float[] dBias,
      float[] acc) {
    if (Split.ordinary(rstd, cols)) {
      float head = Split.head(mean);
      float tail = Split.tail(mean, rstd);
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < cols; i += Moments.PART) {
        int n = Math.min(Moments.PART, cols - i);
        KERNELS.rowSums(
            dy,
            dyOff + i,
            x,
            xOff + i,
            n,
            head,
            (float) rstd,
            tail,
            weight,
            weightOff + i,
            dWeight,
            dBias,
            i,
            acc);
        sum += Lanes.fold(acc, 0);
        dot += Lanes.fold(acc, Lanes.SECOND);
      }
      double meanSum = centered ? sum / cols : 0;
      double meanDot = Split.dot(dot, sum, mean, rstd) / cols;
      float slope = Split.slope(meanDot, rstd);
      float offset = Split.offset(meanSum, meanDot, mean, rstd);
      if (Float.isFinite(slope) && Float.isFinite(offset)) {
        KERNELS.rowGradient(
            dy,
            dyOff,
            x,
            xOff,
            dx,
            dxOff,
            cols,
            head,
            (float) rstd,
            weight,
            weightOff,
            slope,
            offset);
        return;
      }
    } else {
      Wide.addGradients(dy, dyOff, x, xOff, cols, mean, rstd, dWeight, dBias);
    }
    double sum = centered ? Wide.sum(dy, dyOff, cols, 1, affine, 0, 1) : 0;
    double dot = Wide.dot(dy, dyOff, x, xOff, cols, 1, mean, rstd, affine, 0, 1);
    Wide.gradient(
        dy, dyOff, x, xOff, dx, dxOff, cols, 1, mean, rstd, affine, 0, 1, sum / cols, dot / cols);
  }

  /** The weight as the kernels take it: with 1 added where it is zero-centered. */
  private static float[] weight(Affine affine, int cols, Scratch scratch) {
    if (affine.weight() == null || !affine.zeroCentered()) {
      return affine.weight();
    }
    float[] weight = scratch.floats(2, cols);
    for (int i = 0; i < cols; i++) {
      weight[i] = affine.scale(i);
    }
    return weight;
  }

  private static int weightOffset(Affine affine) {
    return affine.zeroCentered() ? 0 : affine.weightOffset();
  }
}
