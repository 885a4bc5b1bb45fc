package io.github.normkit.internal;

/**
 * The arithmetic on rows: a row is one run with its own weight and bias for each element.
 *
 * <p>Its statistics are summed in float, a few elements at a time: rows are what a core has in
 * cache, where conversions cost a quarter of the time. The sums for its gradient are in double.
 */
public interface RowKernels {

  /**
   * Sums rows, {@code Σ x} and {@code Σ x²}, up to eight terms in float, these sums in double.
   *
   * @param stride the distance of the rows
   * @param sums receives both sums of each row in lanes, {@link Lanes#ROW} from row to row, and has
   *     {@link Lanes#ofRows} elements. Modified.
   */
  void moments(float[] x, int xOff, int stride, int rows, int len, double[] sums);

  /**
   * Folds a sum of each row.
   *
   * @param sums the lanes as another kernel left them
   * @param sum 0 for the first sum, {@link Lanes#SECOND}, {@link Lanes#THIRD}
   * @param folded receives the sum of each row. Modified.
   */
  void fold(double[] sums, int sum, int rows, double[] folded);

  /**
   * Normalizes rows: {@code c = x - head}, {@code xhat = c * rstd + (c * rstdTail - tail)}, {@code
   * y = xhat * weight + bias}.
   *
   * @param y may be {@code x} with the same rows. Modified.
   * @param params for each row its head; its rstd as a float; {@code rstdTail}, what that leaves
   *     off; and its tail, {@code (mean - head) * rstd}. Modified if {@code ahead} is given.
   * @param ahead how far behind a row of {@code x} another begins that a kernel may bring into
   *     cache meanwhile; 0 if there is none
   * @param bias may be null for 0
   */
  void normalize(
      float[] x,
      int xOff,
      int xStride,
      float[] y,
      int yOff,
      int yStride,
      int rows,
      int len,
      int ahead,
      float[] params,
      float[] weight,
      int weightOff,
      float[] bias,
      int biasOff);

  /**
   * Sums what the gradients of rows need, in double: {@code Σ g}, {@code Σ g * (x - mean)} and
   * {@code Σ |g|} with {@code g = dy * weight}; and adds to the parameters' gradients, {@code dy}
   * to that of the bias and {@code dy * (x - mean) * rstd} to that of the weight.
   *
   * @param params mean and rstd of each row
   * @param gradients that of the bias from index {@code at} on, then, {@code len} later, that of
   *     the weight. Modified.
   * @param sums receives the sums of each row in lanes, {@link Lanes#ROW} from row to row.
   *     Modified.
   */
  void sums(
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      int rows,
      int len,
      double[] params,
      float[] weight,
      int weightOff,
      double[] gradients,
      int at,
      double[] sums);

  /**
   * Writes the gradients of rows: {@code dx = (dy * weight) * rstd - ((x - head) * slope +
   * offset)}.
   *
   * @param dx may be {@code dy} with the same rows. Modified.
   * @param params for each row its head; its rstd; its slope, {@code mean(g * xhat) * rstd²}; and
   *     its offset, {@code mean(g) * rstd} less what the head leaves off times the slope
   */
  void gradient(
      float[] dy,
      int dyOff,
      int dyStride,
      float[] x,
      int xOff,
      int xStride,
      float[] dx,
      int dxOff,
      int dxStride,
      int rows,
      int len,
      float[] params,
      float[] weight,
      int weightOff);

  /**
   * Adds rows: {@code sum = x + residual * scale}, the product and the sum rounded once each.
   *
   * @param sum may be {@code x} or {@code residual} with the same rows. Modified.
   */
  void add(
      float[] x,
      int xOff,
      int xStride,
      float[] residual,
      int residualOff,
      int residualStride,
      float scale,
      float[] sum,
      int sumOff,
      int sumStride,
      int rows,
      int len);
}
