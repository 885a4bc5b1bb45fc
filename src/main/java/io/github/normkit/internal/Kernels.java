package io.github.normkit.internal;

/**
 * The arithmetic of normalization over arrays, offsets and lengths; no checks.
 *
 * <p>There are two implementations, {@link ScalarKernels} and {@link VectorKernels}, with the same
 * bits. Three views serve all layers. A <em>row</em> is one run with its own weight and bias for
 * each element. A <em>segment</em> is one or several runs of {@code len} elements, {@code stride}
 * apart, that share a scalar weight and bias. A <em>column</em> view is a dense matrix {@code rows
 * × cols} in which each column has its own of everything.
 *
 * <p>A mean arrives as a float {@code head}, and what the head leaves off is made good by a float
 * that is added or subtracted after scaling: so {@code x - mean} keeps its digits where the mean is
 * large, at the cost of no operation.
 *
 * <p>Sums over runs go to virtual lanes in a fixed order, which {@link Lanes} defines. They are
 * taken in double, but for a row's statistics, which are taken in float a few elements at a time:
 * rows are what a core has in cache, where conversions cost a quarter of the time.
 */
public interface Kernels {

  /**
   * Names the implementation.
   *
   * @return {@code scalar} or {@code vector}
   */
  String name();

  /**
   * Returns the width of the vectors.
   *
   * @return bits, or 0 for the scalar kernels
   */
  int bits();

  /**
   * Sums rows, {@code Σ x} and {@code Σ x²}, up to eight terms in float, these sums in double.
   *
   * @param stride the distance of the rows
   * @param sums receives both sums of each row in lanes, {@link Lanes#LENGTH} from row to row.
   *     Modified.
   */
  void rowMoments(float[] x, int xOff, int stride, int rows, int len, double[] sums);

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
  void rowNormalize(
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
   * @param sums receives the sums of each row in lanes, {@link Lanes#LENGTH} from row to row.
   *     Modified.
   */
  void rowSums(
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
  void rowGradient(
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

  /**
   * Sums neighbouring segments, each about a shift, in double: {@code Σ (x - shift)} and {@code Σ
   * (x - shift)²}. A segment begins where the one before has its first run's end.
   *
   * @param shifts one for each segment
   * @param sums receives both sums of each in lanes, {@link Lanes#LENGTH} from one to the next.
   *     Modified.
   */
  void segmentMoments(
      float[] x,
      int xOff,
      int segments,
      int runs,
      int stride,
      int len,
      float[] shifts,
      double[] sums);

  /**
   * Normalizes the runs of a segment: {@code y = (x - head) * scale + bias}.
   *
   * @param y may be {@code x} at the same offset. Modified.
   * @param params from index {@code at} on the head; the scale, {@code rstd * weight}; and the
   *     bias, less what the head leaves off times the scale. Modified if {@code ahead} is given.
   * @param ahead how far behind a run of {@code x} another begins that a kernel may bring into
   *     cache meanwhile; 0 if there is none
   * @param step how far those of a run are from those of the one before: 3, or 0 if all share them
   */
  void segmentNormalize(
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int runs,
      int stride,
      int len,
      int ahead,
      float[] params,
      int at,
      int step);

  /**
   * Sums what the gradients of neighbouring segments need, in double: {@code Σ dy}, {@code Σ dy *
   * (x - mean)} and {@code Σ |dy|}.
   *
   * @param means one for each segment
   * @param sums receives the sums of each in lanes, {@link Lanes#LENGTH} from one to the next.
   *     Modified.
   */
  void segmentSums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int segments,
      int runs,
      int stride,
      int len,
      double[] means,
      double[] sums);

  /**
   * Writes the gradient of the runs of a segment: {@code dx = dy * scale - ((x - head) * slope +
   * offset)}.
   *
   * @param dx may be {@code dy} at the same offset. Modified.
   * @param params from index {@code at} on the head; the scale, {@code rstd * weight}; the slope
   *     and the offset, as of a row
   * @param step how far those of a run are from those of the one before: 4, or 0 if all share them
   */
  void segmentGradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int runs,
      int stride,
      int len,
      float[] params,
      int at,
      int step);

  /**
   * Sums columns about their shifts, in double and down the rows in order: {@code Σ (x - shift)}
   * and {@code Σ (x - shift)²}.
   *
   * @param from the first column
   * @param shift one for each column
   * @param sums the first sum of column c is added at {@code sumsOff + c}, the second {@code cols}
   *     later. Modified.
   */
  void columnMoments(
      float[] x, int xOff, int rows, int cols, int from, float[] shift, double[] sums, int sumsOff);

  /**
   * Normalizes columns: {@code y = (x - head) * scale + bias}.
   *
   * @param y may be {@code x} at the same offset. Modified.
   * @param from the first column
   * @param params head, scale and bias, each of length {@code cols}, one after the other
   */
  void columnNormalize(
      float[] x, int xOff, float[] y, int yOff, int rows, int cols, int from, float[] params);

  /**
   * Sums what the gradients of columns need, in double and down the rows in order: {@code Σ dy},
   * {@code Σ dy * (x - mean)} and {@code Σ |dy|}.
   *
   * @param from the first column
   * @param mean one for each column
   * @param sums the first sum of column c is added at {@code sumsOff + c}, the others {@code cols}
   *     and {@code 2 * cols} later. Modified.
   */
  void columnSums(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      int rows,
      int cols,
      int from,
      double[] mean,
      double[] sums,
      int sumsOff);

  /**
   * Writes the gradients of columns: {@code dx = dy * scale - ((x - head) * slope + offset)}.
   *
   * @param dx may be {@code dy} at the same offset. Modified.
   * @param from the first column
   * @param params head, scale, slope and offset, each of length {@code cols}, one after the other
   */
  void columnGradient(
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int rows,
      int cols,
      int from,
      float[] params);
}
