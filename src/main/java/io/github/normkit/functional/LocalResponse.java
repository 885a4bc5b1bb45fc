package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * Local response normalization of tensors with channels, forward and backward: each element is
 * divided by a power of the squares at its position in the channels around it.
 *
 * <p>The window of channel c are the channels from {@code c - size / 2} to {@code c + (size - 1) /
 * 2}, as far as they exist:
 *
 * <pre>{@code
 * d_c  = k + alpha / size * Σ over the window of c of x²
 * y_c  = x_c * d_c^-beta
 * dx_c = dy_c * d_c^-beta
 *        - 2 * alpha * beta / size * x_c * Σ over those j whose window has c of dy_j * y_j / d_j
 * }</pre>
 *
 * <p>All in double, the windows summed in the order of the channels; the power by two roots if β is
 * 0.75, else by {@link StrictMath#pow}, which takes several times as long. So the result is a
 * function of the input alone: the same bits on any machine and any number of threads. Immutable:
 * many threads may call at once. Paper: Krizhevsky, Sutskever and Hinton, ImageNet Classification
 * with Deep Convolutional Neural Networks, 2012, section 3.3, whose α is {@code alpha / size} here.
 *
 * @param size the number of channels of a window
 * @param alpha the factor of the mean of the squares, those that do not exist counted as 0
 * @param beta the exponent
 * @param k the least that is raised to it
 */
public record LocalResponse(int size, double alpha, double beta, double k) {

  private static final String FORWARD = "LocalResponse.forward";
  private static final String BACKWARD = "LocalResponse.backward";

  /** The usual exponent, whose power is made of two roots. */
  private static final double THREE_QUARTERS = 0.75;

  /**
   * Checks the constants.
   *
   * @param size at least 1
   * @param alpha finite, at least 0
   * @param beta finite, at least 0
   * @param k finite and positive
   * @throws IllegalArgumentException if one is not
   */
  public LocalResponse {
    if (size < 1) {
      throw new IllegalArgumentException("LocalResponse: size must be at least 1: got " + size);
    }
    atLeastZero("alpha", alpha);
    atLeastZero("beta", beta);
    if (!(k > 0 && k < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("LocalResponse: k must be finite and positive: got " + k);
    }
  }

  private static void atLeastZero(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "LocalResponse: " + name + " must be finite and at least 0: got " + value);
    }
  }

  /**
   * Normalizes.
   *
   * @param view the sizes of the tensor; its groups have no meaning here
   * @param x the input. Not modified unless it is {@code y}.
   * @param xOffset the index of its first element
   * @param y the output. Modified.
   * @param yOffset the index of its first element
   * @param pool splits large inputs; null for the caller's thread
   */
  public void forward(
      ChannelView view, float[] x, int xOffset, float[] y, int yOffset, ForkJoinPool pool) {
    Checks.notNull(view, "view");
    int n = view.size();
    Checks.stretch(FORWARD, "x", x, xOffset, n);
    Checks.stretch(FORWARD, "y", y, yOffset, n);
    Checks.sameOrApart(FORWARD, "y", y, yOffset, n, "x", x, xOffset, n, 1, n);
    int positions = view.samples() * view.positions();
    if (Parallel.pays(pool, positions, n)) {
      Parallel.run(pool, positions, (from, to) -> forward(view, from, to, x, xOffset, y, yOffset));
    } else {
      forward(view, 0, positions, x, xOffset, y, yOffset);
    }
  }

  private void forward(
      ChannelView view, int from, int to, float[] x, int xOff, float[] y, int yOff) {
    Scratch scratch = Scratch.take();
    int channels = view.channels();
    int stride = stride(view);
    int before = Math.min(before(), channels);
    int after = Math.min(after(), channels);
    double[] squares = between(scratch, 0, before, channels, after);
    double[] divisors = scratch.doubles(1, channels);
    double[] powers = scratch.doubles(2, channels);
    for (int position = from; position < to; position++) {
      int o = first(view, position);
      squares(x, xOff + o, stride, channels, squares, before);
      powers(squares, before + 1 + after, channels, divisors, powers);
      for (int c = 0; c < channels; c++) {
        int i = o + c * stride;
        y[yOff + i] = (float) (x[xOff + i] * powers[c]);
      }
    }
    scratch.give();
  }

  /**
   * Backward of {@link #forward}.
   *
   * @param view that of forward
   * @param dy the gradient of the output. Not modified unless it is {@code dx}.
   * @param dyOffset the index of its first element
   * @param x the input of forward. Not modified.
   * @param xOffset the index of its first element
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param dxOffset the index of its first element
   * @param pool splits large inputs; null for the caller's thread
   */
  public void backward(
      ChannelView view,
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      ForkJoinPool pool) {
    Checks.notNull(view, "view");
    int n = view.size();
    Checks.stretch(BACKWARD, "dy", dy, dyOffset, n);
    Checks.stretch(BACKWARD, "x", x, xOffset, n);
    Checks.stretch(BACKWARD, "dx", dx, dxOffset, n);
    Checks.sameOrApart(BACKWARD, "dx", dx, dxOffset, n, "dy", dy, dyOffset, n, 1, n);
    Checks.apart(BACKWARD, "dx", dx, dxOffset, n, "x", x, xOffset, n, 1, n);
    int positions = view.samples() * view.positions();
    if (Parallel.pays(pool, positions, n)) {
      Parallel.run(
          pool,
          positions,
          (from, to) -> backward(view, from, to, dy, dyOffset, x, xOffset, dx, dxOffset));
    } else {
      backward(view, 0, positions, dy, dyOffset, x, xOffset, dx, dxOffset);
    }
  }

  private void backward(
      ChannelView view,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] dx,
      int dxOff) {
    Scratch scratch = Scratch.take();
    int channels = view.channels();
    int stride = stride(view);
    int before = Math.min(before(), channels);
    int after = Math.min(after(), channels);
    double[] squares = between(scratch, 0, before, channels, after);
    double[] divisors = scratch.doubles(1, channels);
    double[] powers = scratch.doubles(2, channels);
    // Seen from a channel, those whose windows have it lie the other way round.
    double[] terms = between(scratch, 3, after, channels, before);
    double factor = 2 * alpha * beta / size;
    for (int position = from; position < to; position++) {
      int o = first(view, position);
      squares(x, xOff + o, stride, channels, squares, before);
      powers(squares, before + 1 + after, channels, divisors, powers);
      for (int c = 0; c < channels; c++) {
        int i = o + c * stride;
        terms[after + c] = dy[dyOff + i] * (x[xOff + i] * powers[c] / divisors[c]);
      }
      for (int c = 0; c < channels; c++) {
        int i = o + c * stride;
        double through = sum(terms, c, before + 1 + after);
        dx[dxOff + i] = (float) (dy[dyOff + i] * powers[c] - factor * x[xOff + i] * through);
      }
    }
    scratch.give();
  }

  private int before() {
    return size / 2;
  }

  private int after() {
    return (size - 1) / 2;
  }

  private static int stride(ChannelView view) {
    return view.channelsLast() ? 1 : view.spatial();
  }

  /** The index of a position's first channel. */
  private static int first(ChannelView view, int position) {
    int spatial = view.spatial();
    return view.channelsLast()
        ? position * view.channels()
        : position / spatial * view.channels() * spatial + position % spatial;
  }

  /** An array for n numbers between zeros, which the windows at the borders may sum as well. */
  private static double[] between(Scratch scratch, int slot, int before, int n, int after) {
    double[] array = scratch.doubles(slot, before + n + after);
    Arrays.fill(array, 0, before, 0);
    Arrays.fill(array, before + n, before + n + after, 0);
    return array;
  }

  private static void squares(
      float[] x, int off, int stride, int channels, double[] squares, int at) {
    for (int c = 0; c < channels; c++) {
      double value = x[off + c * stride];
      squares[at + c] = value * value;
    }
  }

  /** Takes the divisors {@code d} of a position, and their powers {@code d^-beta}. */
  private void powers(
      double[] squares, int window, int channels, double[] divisors, double[] powers) {
    double share = alpha / size;
    for (int c = 0; c < channels; c++) {
      divisors[c] = k + share * sum(squares, c, window);
    }
    if (beta == THREE_QUARTERS) {
      for (int c = 0; c < channels; c++) {
        double root = Math.sqrt(divisors[c]);
        powers[c] = 1 / (root * Math.sqrt(root));
      }
    } else {
      for (int c = 0; c < channels; c++) {
        powers[c] = StrictMath.pow(divisors[c], -beta);
      }
    }
  }

  private static double sum(double[] terms, int from, int window) {
    double sum = 0;
    for (int j = from; j < from + window; j++) {
      sum += terms[j];
    }
    return sum;
  }
}
