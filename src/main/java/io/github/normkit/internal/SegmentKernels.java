package io.github.normkit.internal;

/**
 * The arithmetic on segments: a segment is one or several runs of {@code len} elements, {@code
 * stride} apart, that share a scalar weight and bias. Sums are in double.
 */
public interface SegmentKernels {

  /**
   * Sums neighbouring segments, each about a shift, in double: {@code Σ (x - shift)} and {@code Σ
   * (x - shift)²}. A segment begins where the one before has its first run's end.
   *
   * @param shifts one for each segment
   * @param sums receives both sums of each in lanes, {@link Lanes#LENGTH} from one to the next.
   *     Modified.
   */
  void moments(
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
  void normalize(
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
  void sums(
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
  void gradient(
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
}
