package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;

/**
 * LayerNorm and RMSNorm of each attention head, in one call for all heads of all rows.
 *
 * <p>Row {@code r} begins at {@code offset + r * stride} and holds {@code heads} heads of {@code
 * headSize} elements, one after the other; head {@code h} of it has the statistics of index {@code
 * r * heads + h}. What a larger row holds besides, such as the values of a packed projection, is
 * neither read nor written. Formulas, bits, aliasing, errors and threads are those of {@link
 * RowNorm}, each head being a row of it.
 */
public final class HeadNorm {

  private static final String LAYER_NORM = "HeadNorm.layerNorm";
  private static final String RMS_NORM = "HeadNorm.rmsNorm";
  private static final String LAYER_NORM_BACKWARD = "HeadNorm.layerNormBackward";
  private static final String RMS_NORM_BACKWARD = "HeadNorm.rmsNormBackward";

  private HeadNorm() {}

  /**
   * LayerNorm of each head.
   *
   * @param x the rows that hold the heads. Not modified unless it is {@code y}.
   * @param xOffset the index of the first row's first head
   * @param xStride the distance of the rows
   * @param y the output, may be {@code x}. Modified where it has heads.
   * @param yOffset the index of the first row's first head
   * @param yStride the distance of the rows
   * @param rows the number of rows
   * @param heads the number of heads in a row, one after the other
   * @param headSize the length of a head
   * @param affine weight and bias of length {@code headSize}, which all heads share
   * @param epsilon added to the variance, finite and positive
   * @param mean receives the mean of each head, for backward; may be null. Modified.
   * @param rstd receives 1/σ of each head, for backward; may be null. Modified.
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
      int heads,
      int headSize,
      Affine affine,
      double epsilon,
      double[] mean,
      double[] rstd,
      ForkJoinPool pool) {
    checkHeads(LAYER_NORM, heads, headSize);
    RowCall call = RowCall.take(rows, headSize, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.heads = heads;
    call.center(mean);
    call.forward(LAYER_NORM, epsilon);
  }

  /**
   * RMSNorm of each head.
   *
   * @param x the rows that hold the heads. Not modified unless it is {@code y}.
   * @param xOffset the index of the first row's first head
   * @param xStride the distance of the rows
   * @param y the output, may be {@code x}. Modified where it has heads.
   * @param yOffset the index of the first row's first head
   * @param yStride the distance of the rows
   * @param rows the number of rows
   * @param heads the number of heads in a row, one after the other
   * @param headSize the length of a head
   * @param affine weight and bias of length {@code headSize}, which all heads share
   * @param epsilon added to the mean square, finite and positive
   * @param rstd receives 1/rms of each head, for backward; may be null. Modified.
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
      int heads,
      int headSize,
      Affine affine,
      double epsilon,
      double[] rstd,
      ForkJoinPool pool) {
    checkHeads(RMS_NORM, heads, headSize);
    RowCall call = RowCall.take(rows, headSize, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.heads = heads;
    call.forward(RMS_NORM, epsilon);
  }

  /**
   * Backward of {@link #layerNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of the first row's first head
   * @param dyStride the distance of the rows
   * @param x the input of forward. Not modified.
   * @param xOffset the index of the first row's first head
   * @param xStride the distance of the rows
   * @param dx receives the gradient of the input; may be {@code dy}. Modified where it has heads.
   * @param dxOffset the index of the first row's first head
   * @param dxStride the distance of the rows
   * @param rows the number of rows
   * @param heads the number of heads in a row, one after the other
   * @param headSize the length of a head
   * @param affine weight and bias of forward
   * @param mean the means that forward gave. Not modified.
   * @param rstd the 1/σ that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code headSize} or null.
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
      int heads,
      int headSize,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    checkHeads(LAYER_NORM_BACKWARD, heads, headSize);
    RowCall call = RowCall.take(rows, headSize, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.heads = heads;
    call.center(mean);
    call.backward(LAYER_NORM_BACKWARD, gradients);
  }

  /**
   * Backward of {@link #rmsNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of the first row's first head
   * @param dyStride the distance of the rows
   * @param x the input of forward. Not modified.
   * @param xOffset the index of the first row's first head
   * @param xStride the distance of the rows
   * @param dx receives the gradient of the input; may be {@code dy}. Modified where it has heads.
   * @param dxOffset the index of the first row's first head
   * @param dxStride the distance of the rows
   * @param rows the number of rows
   * @param heads the number of heads in a row, one after the other
   * @param headSize the length of a head
   * @param affine weight and bias of forward
   * @param rstd the 1/rms that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code headSize} or null.
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
      int heads,
      int headSize,
      Affine affine,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    checkHeads(RMS_NORM_BACKWARD, heads, headSize);
    RowCall call = RowCall.take(rows, headSize, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.heads = heads;
    call.backward(RMS_NORM_BACKWARD, gradients);
  }

  private static void checkHeads(String operation, int heads, int headSize) {
    if (heads < 1 || headSize < 1 || (long) heads * headSize > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          operation
              + ": heads and headSize must be at least 1 and their product fit an int: got heads="
              + heads
              + ", headSize="
              + headSize);
    }
  }
}
