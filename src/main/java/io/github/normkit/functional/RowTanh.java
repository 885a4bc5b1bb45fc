package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * The hyperbolic tangent of the rows of a matrix with a weight and a bias for each column, forward
 * and backward: what stands in for a normalizer in a network without statistics.
 *
 * <pre>{@code
 * t = tanh(alpha * x)
 * y = t * weight + bias
 * }</pre>
 *
 * <p>Backward, with {@code g = dy * weight * (1 - t²)}:
 *
 * <pre>{@code
 * dx       = g * alpha
 * dAlpha   = Σ over all of g * x
 * dWeight += Σ over rows of dy * t
 * dBias   += Σ over rows of dy
 * }</pre>
 *
 * <p>All in double and rounded once, with a tangent whose operations are fixed. So the result is a
 * function of the input alone: the same bits on any machine and any number of threads. Rows are
 * dense. An output may be its input, and dx may be dy, at the same offset, but must not overlap it
 * otherwise; dx must not overlap x. Arguments are checked before anything is written; {@link
 * IllegalArgumentException} names the array and the numbers. Static, without state: many threads
 * may call at once. Paper: Zhu, Chen, He, LeCun and Liu, <a
 * href="https://arxiv.org/abs/2503.10622">Transformers without Normalization</a>, 2025.
 */
public final class RowTanh {

  private static final String FORWARD = "RowTanh.forward";
  private static final String BACKWARD = "RowTanh.backward";

  private static final int LEAST_ROWS = 64;

  private static final int MOST_CHUNKS = 16;

  private RowTanh() {}

  /**
   * Takes the tangent.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param alpha the factor of x
   * @param affine weight and bias of length {@code cols}
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void forward(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      float alpha,
      Affine affine,
      ForkJoinPool pool) {
    Checks.rows(FORWARD, "x", x, xOffset, cols, rows, cols);
    Checks.rows(FORWARD, "y", y, yOffset, cols, rows, cols);
    Checks.sameOrApart(FORWARD, "y", y, yOffset, cols, "x", x, xOffset, cols, rows, cols);
    Checks.affine(FORWARD, "affine", affine, cols);
    if (Parallel.pays(pool, rows, rows * cols)) {
      Parallel.run(
          pool, rows, (from, to) -> forward(x, xOffset, y, yOffset, from, to, cols, alpha, affine));
    } else {
      forward(x, xOffset, y, yOffset, 0, rows, cols, alpha, affine);
    }
  }

  private static void forward(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int from,
      int to,
      int cols,
      float alpha,
      Affine affine) {
    Scratch scratch = Scratch.take();
    double[] expm1 = scratch.doubles(0, cols);
    double[] work = scratch.doubles(1, cols);
    float[] weight = scratch.floats(0, cols);
    float[] bias = scratch.floats(1, cols);
    for (int c = 0; c < cols; c++) {
      weight[c] = affine.scale(c);
      bias[c] = affine.shift(c);
    }
    for (int i = from * cols; i < to * cols; i += cols) {
      for (int c = 0; c < cols; c++) {
        expm1[c] = (double) alpha * x[xOff + i + c];
      }
      Tanh.exponentials(cols, expm1, work);
      Tanh.values(cols, expm1, expm1);
      for (int c = 0; c < cols; c++) {
        double t = Math.copySign(expm1[c], (double) alpha * x[xOff + i + c]);
        y[yOff + i + c] = (float) (t * weight[c] + bias[c]);
      }
    }
    scratch.give();
  }

  /**
   * Backward of {@link #forward}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first row
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first row
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param alpha that of forward
   * @param affine weight and bias of forward
   * @param gradients added into: those of weight and bias, each of length {@code cols} or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   * @return the gradient of α
   */
  public static double backward(
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      int rows,
      int cols,
      float alpha,
      Affine affine,
      Affine gradients,
      ForkJoinPool pool) {
    Checks.rows(BACKWARD, "dy", dy, dyOffset, cols, rows, cols);
    Checks.rows(BACKWARD, "x", x, xOffset, cols, rows, cols);
    Checks.rows(BACKWARD, "dx", dx, dxOffset, cols, rows, cols);
    Checks.sameOrApart(BACKWARD, "dx", dx, dxOffset, cols, "dy", dy, dyOffset, cols, rows, cols);
    Checks.apart(BACKWARD, "dx", dx, dxOffset, cols, "x", x, xOffset, cols, rows, cols);
    Checks.affine(BACKWARD, "affine", affine, cols);
    Checks.affine(BACKWARD, "gradients", gradients, cols);
    if (rows == 0) {
      return 0;
    }
    // The shape alone says where the chunks are cut, which threads share.
    int size = Math.max(LEAST_ROWS, (rows + MOST_CHUNKS - 1) / MOST_CHUNKS);
    int chunks = (rows + size - 1) / size;
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(0, chunks * 2 * cols);
    double[] alphaSums = scratch.doubles(1, chunks);
    Arrays.fill(sums, 0, chunks * 2 * cols, 0);
    if (Parallel.pays(pool, chunks, rows * cols)) {
      Parallel.run(
          pool,
          chunks,
          (from, to) ->
              backward(
                  dy, dyOffset, x, xOffset, dx, dxOffset, rows, size, from, to, cols, alpha, affine,
                  sums, alphaSums));
    } else {
      backward(
          dy, dyOffset, x, xOffset, dx, dxOffset, rows, size, 0, chunks, cols, alpha, affine, sums,
          alphaSums);
    }
    Gradients.total(sums, chunks, 2 * cols);
    Gradients.total(alphaSums, chunks, 1);
    Gradients.add(gradients, sums, cols);
    double dAlpha = alphaSums[0];
    scratch.give();
    return dAlpha;
  }

  /** Takes back some chunks of {@code size} rows; each has its own sums. */
  private static void backward(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int rows,
      int size,
      int from,
      int to,
      int cols,
      float alpha,
      Affine affine,
      double[] sums,
      double[] alphaSums) {
    Scratch scratch = Scratch.take();
    double[] expm1 = scratch.doubles(0, cols);
    double[] work = scratch.doubles(1, cols);
    float[] weight = scratch.floats(0, cols);
    for (int c = 0; c < cols; c++) {
      weight[c] = affine.scale(c);
    }
    for (int chunk = from; chunk < to; chunk++) {
      int end = Math.min(rows, (chunk + 1) * size) * cols;
      int at = chunk * 2 * cols;
      double alphaSum = 0;
      for (int i = chunk * size * cols; i < end; i += cols) {
        for (int c = 0; c < cols; c++) {
          expm1[c] = (double) alpha * x[xOff + i + c];
        }
        Tanh.exponentials(cols, expm1, work);
        Tanh.slopes(cols, expm1, work);
        Tanh.values(cols, expm1, expm1);
        for (int c = 0; c < cols; c++) {
          double d = dy[dyOff + i + c];
          double value = x[xOff + i + c];
          double g = d * weight[c] * work[c];
          dx[dxOff + i + c] = (float) (g * alpha);
          alphaSum += g * value;
          sums[at + c] += d;
          sums[at + cols + c] += d * Math.copySign(expm1[c], alpha * value);
        }
      }
      alphaSums[chunk] = alphaSum;
    }
    scratch.give();
  }
}
