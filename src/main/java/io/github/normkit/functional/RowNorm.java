package io.github.normkit.functional;

import java.util.concurrent.ForkJoinPool;

/**
 * LayerNorm and RMSNorm of the rows of a matrix, and their division by norms, forward and backward.
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
 * <p>The operations with {@code add} do the same to {@code sum = x + scale * residual}, which they
 * write as well; the product and the sum are rounded once each. Their backward gives the gradient
 * of the sum, to which it adds {@code dsum}, what has come to the sum another way. That is the
 * gradient of x, and, times the scale, of the residual. Rows are added while they are in cache: the
 * sum costs no trip to memory but its own.
 *
 * <p>Where a stride is larger than {@code cols}, what lies between the rows is neither read nor
 * written. An output may be its input, and dx may be dy, at the same offset and stride, but must
 * not overlap it otherwise; dx must not overlap x. Arguments are checked before anything is
 * written; {@link IllegalArgumentException} names the array and the numbers. Static, without state:
 * many threads may call at once. Papers: Ba, Kiros and Hinton, <a
 * href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>; Zhang and Sennrich, <a
 * href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer Normalization</a>.
 */
public final class RowNorm {

  private static final String LAYER_NORM = "RowNorm.layerNorm";
  private static final String RMS_NORM = "RowNorm.rmsNorm";
  private static final String PARTIAL_RMS_NORM = "RowNorm.partialRmsNorm";
  private static final String UNIT_NORM = "RowNorm.unitNorm";
  private static final String LAYER_NORM_BACKWARD = "RowNorm.layerNormBackward";
  private static final String RMS_NORM_BACKWARD = "RowNorm.rmsNormBackward";
  private static final String PARTIAL_RMS_NORM_BACKWARD = "RowNorm.partialRmsNormBackward";
  private static final String UNIT_NORM_BACKWARD = "RowNorm.unitNormBackward";

  private static final String ADD_LAYER_NORM = "RowNorm.addLayerNorm";
  private static final String ADD_RMS_NORM = "RowNorm.addRmsNorm";
  private static final String ADD_LAYER_NORM_BACKWARD = "RowNorm.addLayerNormBackward";
  private static final String ADD_RMS_NORM_BACKWARD = "RowNorm.addRmsNormBackward";

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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.center(mean);
    call.forward(LAYER_NORM, epsilon);
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.forward(RMS_NORM, epsilon);
  }

  /**
   * RMSNorm of rows by the mean square of the first elements of each: {@code rstd = 1 / sqrt(Σ x² /
   * part + epsilon)}, the sum over {@code part} elements.
   *
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param y the output. Modified.
   * @param yOffset the index of its first row
   * @param yStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param part how many elements of a row its mean square runs over, from the first on
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the mean square, finite and positive
   * @param rstd receives 1/rms of each row, for backward; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void partialRmsNorm(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      int part,
      Affine affine,
      double epsilon,
      double[] rstd,
      ForkJoinPool pool) {
    Checks.part(PARTIAL_RMS_NORM, part, cols);
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.rest = cols - part;
    call.forward(PARTIAL_RMS_NORM, epsilon);
  }

  /**
   * Division of rows by their Euclidean norm: {@code rstd = 1 / max(sqrt(Σ x²), epsilon)}, {@code y
   * = x * rstd * weight + bias}.
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
   * @param epsilon the least number that a row is divided by, finite and positive
   * @param rstd receives the factor of each row, for backward; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void unitNorm(
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.x.set("x", x, xOffset, xStride);
    call.y.set("y", y, yOffset, yStride);
    call.unit = true;
    call.forward(UNIT_NORM, epsilon);
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.center(mean);
    call.backward(LAYER_NORM_BACKWARD, gradients);
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.backward(RMS_NORM_BACKWARD, gradients);
  }

  /**
   * Backward of {@link #partialRmsNorm}: {@code dx = (g - xhat * Σ (g * xhat) / part) * rstd} for
   * the first {@code part} elements of a row, the sum over all, and {@code dx = g * rstd} beyond.
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
   * @param part that of forward
   * @param affine weight and bias of forward
   * @param rstd the 1/rms that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code cols} or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void partialRmsNormBackward(
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
      int part,
      Affine affine,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    Checks.part(PARTIAL_RMS_NORM_BACKWARD, part, cols);
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.rest = cols - part;
    call.backward(PARTIAL_RMS_NORM_BACKWARD, gradients);
  }

  /**
   * Backward of {@link #unitNorm}: {@code dx = (g - xhat * Σ g * xhat) * rstd} with {@code xhat = x
   * * rstd}, and {@code dx = g * rstd} for rows that were divided by ε.
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
   * @param epsilon that of forward
   * @param rstd the factor that forward gave. Not modified.
   * @param gradients added into: those of weight and bias, each of length {@code cols} or null.
   *     Modified.
   * @param pool splits large inputs; null for the caller's thread
   * @return the sum of the gradient of the weight over all columns, in double: the gradient of a
   *     weight that all elements share
   */
  public static double unitNormBackward(
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
      double epsilon,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    Checks.epsilon(UNIT_NORM_BACKWARD, epsilon);
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.x.set("x", x, xOffset, xStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.unit = true;
    call.epsilon = epsilon;
    return call.backward(UNIT_NORM_BACKWARD, gradients);
  }

  /**
   * LayerNorm of the sums of dense rows on the caller's thread, without statistics kept.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param xOffset the index of its first row
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param residualOffset the index of its first row
   * @param sum receives {@code x + residual}; may be either of them. Modified.
   * @param sumOffset the index of its first row
   * @param y the output; may be {@code x}, {@code residual} or, if the sum is not wanted, {@code
   *     sum}. Modified.
   * @param yOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the variance, finite and positive
   */
  public static void addLayerNorm(
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float[] sum,
      int sumOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      Affine affine,
      double epsilon) {
    addLayerNorm(
        x,
        xOffset,
        cols,
        residual,
        residualOffset,
        cols,
        1,
        sum,
        sumOffset,
        cols,
        y,
        yOffset,
        cols,
        rows,
        cols,
        affine,
        epsilon,
        null,
        null,
        null);
  }

  /**
   * LayerNorm of the sums of rows.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param residualOffset the index of its first row
   * @param residualStride the distance of its rows
   * @param scale multiplies the residual: 1, or α of a scaled residual
   * @param sum receives {@code x + scale * residual}; may be either of them. Modified.
   * @param sumOffset the index of its first row
   * @param sumStride the distance of its rows
   * @param y the output; may be {@code x}, {@code residual} or, if the sum is not wanted, {@code
   *     sum}. Modified.
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
  public static void addLayerNorm(
      float[] x,
      int xOffset,
      int xStride,
      float[] residual,
      int residualOffset,
      int residualStride,
      float scale,
      float[] sum,
      int sumOffset,
      int sumStride,
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.addend.set("x", x, xOffset, xStride);
    call.residual.set("residual", residual, residualOffset, residualStride);
    call.x.set("sum", sum, sumOffset, sumStride);
    call.y.set("y", y, yOffset, yStride);
    call.scale = scale;
    call.center(mean);
    call.forward(ADD_LAYER_NORM, epsilon);
  }

  /**
   * RMSNorm of the sums of dense rows on the caller's thread, without statistics kept.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param xOffset the index of its first row
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param residualOffset the index of its first row
   * @param sum receives {@code x + residual}; may be either of them. Modified.
   * @param sumOffset the index of its first row
   * @param y the output; may be {@code x}, {@code residual} or, if the sum is not wanted, {@code
   *     sum}. Modified.
   * @param yOffset the index of its first row
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the mean square, finite and positive
   */
  public static void addRmsNorm(
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float[] sum,
      int sumOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      Affine affine,
      double epsilon) {
    addRmsNorm(
        x,
        xOffset,
        cols,
        residual,
        residualOffset,
        cols,
        1,
        sum,
        sumOffset,
        cols,
        y,
        yOffset,
        cols,
        rows,
        cols,
        affine,
        epsilon,
        null,
        null);
  }

  /**
   * RMSNorm of the sums of rows.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param xOffset the index of its first row
   * @param xStride the distance of its rows
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param residualOffset the index of its first row
   * @param residualStride the distance of its rows
   * @param scale multiplies the residual: 1, or α of a scaled residual
   * @param sum receives {@code x + scale * residual}; may be either of them. Modified.
   * @param sumOffset the index of its first row
   * @param sumStride the distance of its rows
   * @param y the output; may be {@code x}, {@code residual} or, if the sum is not wanted, {@code
   *     sum}. Modified.
   * @param yOffset the index of its first row
   * @param yStride the distance of its rows
   * @param rows the number of rows
   * @param cols the length of a row
   * @param affine weight and bias of length {@code cols}
   * @param epsilon added to the mean square, finite and positive
   * @param rstd receives 1/rms of each row, for backward; may be null. Modified.
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void addRmsNorm(
      float[] x,
      int xOffset,
      int xStride,
      float[] residual,
      int residualOffset,
      int residualStride,
      float scale,
      float[] sum,
      int sumOffset,
      int sumStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int cols,
      Affine affine,
      double epsilon,
      double[] rstd,
      ForkJoinPool pool) {
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.addend.set("x", x, xOffset, xStride);
    call.residual.set("residual", residual, residualOffset, residualStride);
    call.x.set("sum", sum, sumOffset, sumStride);
    call.y.set("y", y, yOffset, yStride);
    call.scale = scale;
    call.forward(ADD_RMS_NORM, epsilon);
  }

  /**
   * Backward of {@link #addLayerNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first row
   * @param dyStride the distance of its rows
   * @param dsum the gradient of the sum by what else it went into, or null for 0. Not modified
   *     unless it is {@code dx}.
   * @param dsumOffset the index of its first row
   * @param dsumStride the distance of its rows
   * @param sum the sum that forward gave. Not modified.
   * @param sumOffset the index of its first row
   * @param sumStride the distance of its rows
   * @param dx receives the whole gradient of the sum, which is that of the input, and times the
   *     scale that of the residual; may be {@code dy} or {@code dsum}. Modified.
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
  public static void addLayerNormBackward(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] dsum,
      int dsumOffset,
      int dsumStride,
      float[] sum,
      int sumOffset,
      int sumStride,
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
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.dsum.set("dsum", dsum, dsumOffset, dsumStride);
    call.x.set("sum", sum, sumOffset, sumStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.center(mean);
    call.backward(ADD_LAYER_NORM_BACKWARD, gradients);
  }

  /**
   * Backward of {@link #addRmsNorm}.
   *
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first row
   * @param dyStride the distance of its rows
   * @param dsum the gradient of the sum by what else it went into, or null for 0. Not modified
   *     unless it is {@code dx}.
   * @param dsumOffset the index of its first row
   * @param dsumStride the distance of its rows
   * @param sum the sum that forward gave. Not modified.
   * @param sumOffset the index of its first row
   * @param sumStride the distance of its rows
   * @param dx receives the whole gradient of the sum, which is that of the input, and times the
   *     scale that of the residual; may be {@code dy} or {@code dsum}. Modified.
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
  public static void addRmsNormBackward(
      float[] dy,
      int dyOffset,
      int dyStride,
      float[] dsum,
      int dsumOffset,
      int dsumStride,
      float[] sum,
      int sumOffset,
      int sumStride,
      float[] dx,
      int dxOffset,
      int dxStride,
      int rows,
      int cols,
      Affine affine,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    RowCall call = RowCall.take(rows, cols, affine, rstd, pool);
    call.dy.set("dy", dy, dyOffset, dyStride);
    call.dsum.set("dsum", dsum, dsumOffset, dsumStride);
    call.x.set("sum", sum, sumOffset, sumStride);
    call.dx.set("dx", dx, dxOffset, dxStride);
    call.backward(ADD_RMS_NORM_BACKWARD, gradients);
  }
}
