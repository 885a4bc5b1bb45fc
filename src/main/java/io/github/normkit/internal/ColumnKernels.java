package io.github.normkit.internal;

/**
 * The arithmetic on columns of a dense matrix {@code rows × cols}, each with its own of everything.
 * Sums are in double.
 */
public interface ColumnKernels {

  /**
   * Sums columns about their shifts, in double and down the rows in order: {@code Σ (x - shift)}
   * and {@code Σ (x - shift)²}.
   *
   * @param from the first column
   * @param shift one for each column
   * @param sums the first sum of column c is added at {@code sumsOff + c}, the second {@code cols}
   *     later. Modified.
   */
  void moments(
      float[] x, int xOff, int rows, int cols, int from, float[] shift, double[] sums, int sumsOff);

  /**
   * Normalizes columns: {@code y = (x - head) * scale + bias}.
   *
   * @param y may be {@code x} at the same offset. Modified.
   * @param from the first column
   * @param params head, scale and bias, each of length {@code cols}, one after the other
   */
  void normalize(
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
  void sums(
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
  void gradient(
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
