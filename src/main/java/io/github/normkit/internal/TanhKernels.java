package io.github.normkit.internal;

/**
 * The hyperbolic tangent of a row, forward and backward, in two steps: the exponentials, which go
 * through an array of doubles, and what is made of them.
 *
 * <p>There are two implementations, {@link ScalarTanh} and {@link VectorTanh}, with the same bits.
 * {@link Tanh} says how the tangent is computed; {@code expm1} is its {@code e = exp(2 |alpha * x|)
 * - 1}.
 */
public interface TanhKernels {

  /**
   * Takes the exponentials of a row.
   *
   * @param expm1 receives those of the {@code len} elements from index 0 on; as many more are
   *     working memory. Modified.
   */
  void exponentials(float[] x, int xOff, int len, float alpha, double[] expm1);

  /**
   * Normalizes a row: {@code y = tanh(alpha * x) * weight + bias}, rounded once.
   *
   * @param expm1 its exponentials
   * @param y may be {@code x} at the same offset. Modified.
   */
  void normalize(
      double[] expm1,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int len,
      float alpha,
      float[] weight,
      float[] bias);

  /**
   * Takes a row back: {@code g = dy * weight * (1 - t²)}, with {@code t = tanh(alpha * x)}, and
   * {@code dx = g * alpha}, rounded once.
   *
   * @param expm1 its exponentials; receives the terms {@code g * x} of alpha's gradient. Modified.
   * @param dx may be {@code dy} at the same offset. Modified.
   * @param sums from {@code at} on {@code len} sums, to which dy is added, and {@code len} more, to
   *     which {@code dy * t} is. Modified.
   */
  void gradient(
      double[] expm1,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff,
      int len,
      float alpha,
      float[] weight,
      double[] sums,
      int at);
}
