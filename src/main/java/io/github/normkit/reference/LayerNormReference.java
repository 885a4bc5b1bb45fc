package io.github.normkit.reference;

/**
 * Layer normalization, the textbook form in float64.
 *
 * <p>Ba, Kiros, Hinton: <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a> (2016).
 *
 * <p>Forward, for each row, with epsilon inside the root:
 *
 * <pre>{@code
 * mean = sum(x) / cols
 * variance = sum((x - mean)^2) / cols
 * xhat = (x - mean) / sqrt(variance + epsilon)
 * y = xhat * weight + bias
 * }</pre>
 *
 * <p>Backward, with {@code rstd = 1 / sqrt(variance + epsilon)}, {@code g = dy * weight} and the
 * means over the row:
 *
 * <pre>{@code
 * dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
 * dWeight = sum over rows of dy * xhat
 * dBias = sum over rows of dy
 * }</pre>
 *
 * <p><b>Statistics.</b> The elements of a row share them; a normalized shape of several dimensions
 * is one row of their product. The variance is biased, divided by {@code cols}.
 *
 * <p><b>Shapes.</b> {@code x}, {@code dy}, {@code y} and {@code dx} are {@code [rows, cols]}, the
 * statistics {@code [rows]}, weight, bias and their gradients {@code [cols]}.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} if an array has not the length of its shape,
 * if {@code rows < 0} or {@code cols < 1}, or if epsilon is negative or not finite; {@link
 * NullPointerException} if {@code x} or {@code dy} is null.
 *
 * <p><b>Threads.</b> Static, without state.
 */
public final class LayerNormReference {

  private static final String NAME = "LayerNormReference";

  private LayerNormReference() {}

  /**
   * Normalizes each row.
   *
   * @param x the input, {@code [rows, cols]}. Not modified.
   * @param rows the number of rows
   * @param cols the number of elements in a row
   * @param weight γ, {@code [cols]}, or null for 1. Not modified.
   * @param bias β, {@code [cols]}, or null for 0. Not modified.
   * @param epsilon the number added to the variance
   * @return the output with the mean and the biased variance of each row
   */
  public static Normalized forward(
      double[] x, int rows, int cols, double[] weight, double[] bias, double epsilon) {
    check("x", x, rows, cols, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "cols", cols, 1);
    double[] beta = Arguments.orElse(NAME, "bias", bias, "cols", cols, 0);
    double[] y = new double[x.length];
    double[] mean = new double[rows];
    double[] variance = new double[rows];
    for (int row = 0; row < rows; row++) {
      int start = row * cols;
      double sum = 0;
      for (int col = 0; col < cols; col++) {
        sum += x[start + col];
      }
      mean[row] = sum / cols;
      double squares = 0;
      for (int col = 0; col < cols; col++) {
        double centred = x[start + col] - mean[row];
        squares += centred * centred;
      }
      variance[row] = squares / cols;
      double rstd = 1 / Math.sqrt(variance[row] + epsilon);
      for (int col = 0; col < cols; col++) {
        double xhat = (x[start + col] - mean[row]) * rstd;
        y[start + col] = xhat * gamma[col] + beta[col];
      }
    }
    return new Normalized(y, mean, variance);
  }

  /**
   * Back-propagates through {@link #forward}.
   *
   * @param x the input of forward, {@code [rows, cols]}. Not modified.
   * @param dy the gradient of the loss by the output, {@code [rows, cols]}. Not modified.
   * @param rows the number of rows
   * @param cols the number of elements in a row
   * @param weight γ, {@code [cols]}, or null for 1. Not modified.
   * @param epsilon the number added to the variance
   * @return the gradients by the input, the weight and the bias
   */
  public static Gradients backward(
      double[] x, double[] dy, int rows, int cols, double[] weight, double epsilon) {
    check("x", x, rows, cols, epsilon);
    check("dy", dy, rows, cols, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "cols", cols, 1);
    Normalized plain = forward(x, rows, cols, null, null, epsilon);
    double[] xhat = plain.y();
    double[] dx = new double[x.length];
    double[] dWeight = new double[cols];
    double[] dBias = new double[cols];
    for (int row = 0; row < rows; row++) {
      int start = row * cols;
      double sumG = 0;
      double sumGXhat = 0;
      for (int col = 0; col < cols; col++) {
        int i = start + col;
        double g = dy[i] * gamma[col];
        sumG += g;
        sumGXhat += g * xhat[i];
        dWeight[col] += dy[i] * xhat[i];
        dBias[col] += dy[i];
      }
      double rstd = 1 / Math.sqrt(plain.variance()[row] + epsilon);
      for (int col = 0; col < cols; col++) {
        int i = start + col;
        double g = dy[i] * gamma[col];
        dx[i] = rstd * (g - sumG / cols - xhat[i] * (sumGXhat / cols));
      }
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private static void check(String name, double[] array, int rows, int cols, double epsilon) {
    Arguments.atLeast(NAME, "rows", 0, rows);
    Arguments.atLeast(NAME, "cols", 1, cols);
    Arguments.epsilon(NAME, epsilon);
    Arguments.length(NAME, name, array, "rows * cols", (long) rows * cols);
  }
}
