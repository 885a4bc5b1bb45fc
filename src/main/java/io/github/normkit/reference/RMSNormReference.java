package io.github.normkit.reference;

/**
 * Root mean square normalization, the textbook form in float64.
 *
 * <p>Zhang, Sennrich: <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer
 * Normalization</a> (2019).
 *
 * <p>Forward, for each row, with epsilon inside the root:
 *
 * <pre>{@code
 * meanSquare = sum(x^2) / cols
 * xhat = x / sqrt(meanSquare + epsilon)
 * y = xhat * weight + bias
 * }</pre>
 *
 * <p>Backward, with {@code rstd = 1 / sqrt(meanSquare + epsilon)}, {@code g = dy * weight} and the
 * mean over the row:
 *
 * <pre>{@code
 * dx = rstd * (g - xhat * mean(g * xhat))
 * dWeight = sum over rows of dy * xhat
 * dBias = sum over rows of dy
 * }</pre>
 *
 * <p><b>Statistics.</b> The elements of a row share them; a normalized shape of several dimensions
 * is one row of their product. {@link Normalized#mean} is 0 and {@link Normalized#variance} the
 * mean square, divided by {@code cols}.
 *
 * <p><b>Shapes.</b> {@code x}, {@code dy}, {@code y} and {@code dx} are {@code [rows, cols]}, the
 * statistics {@code [rows]}, weight, bias and their gradients {@code [cols]}. The paper has no
 * bias.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} if an array has not the length of its shape,
 * if {@code rows < 0} or {@code cols < 1}, or if epsilon is negative or not finite; {@link
 * NullPointerException} if {@code x} or {@code dy} is null.
 *
 * <p><b>Threads.</b> Static, without state.
 */
public final class RMSNormReference {

  private static final String NAME = "RMSNormReference";

  private RMSNormReference() {}

  /**
   * Normalizes each row.
   *
   * @param x the input, {@code [rows, cols]}. Not modified.
   * @param rows the number of rows
   * @param cols the number of elements in a row
   * @param weight γ, {@code [cols]}, or null for 1. Not modified.
   * @param bias β, {@code [cols]}, or null for 0. Not modified.
   * @param epsilon the number added to the mean square
   * @return the output with zeros for the mean and the mean square of each row
   */
  public static Normalized forward(
      double[] x, int rows, int cols, double[] weight, double[] bias, double epsilon) {
    check("x", x, rows, cols, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "cols", cols, 1);
    double[] beta = Arguments.orElse(NAME, "bias", bias, "cols", cols, 0);
    double[] y = new double[x.length];
    double[] meanSquare = new double[rows];
    for (int row = 0; row < rows; row++) {
      int start = row * cols;
      double squares = 0;
      for (int col = 0; col < cols; col++) {
        squares += x[start + col] * x[start + col];
      }
      meanSquare[row] = squares / cols;
      double rstd = 1 / Math.sqrt(meanSquare[row] + epsilon);
      for (int col = 0; col < cols; col++) {
        double xhat = x[start + col] * rstd;
        y[start + col] = xhat * gamma[col] + beta[col];
      }
    }
    return new Normalized(y, new double[rows], meanSquare);
  }

  /**
   * Back-propagates through {@link #forward}.
   *
   * @param x the input of forward, {@code [rows, cols]}. Not modified.
   * @param dy the gradient of the loss by the output, {@code [rows, cols]}. Not modified.
   * @param rows the number of rows
   * @param cols the number of elements in a row
   * @param weight γ, {@code [cols]}, or null for 1. Not modified.
   * @param epsilon the number added to the mean square
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
      double sumGXhat = 0;
      for (int col = 0; col < cols; col++) {
        int i = start + col;
        sumGXhat += dy[i] * gamma[col] * xhat[i];
        dWeight[col] += dy[i] * xhat[i];
        dBias[col] += dy[i];
      }
      double rstd = 1 / Math.sqrt(plain.variance()[row] + epsilon);
      for (int col = 0; col < cols; col++) {
        int i = start + col;
        double g = dy[i] * gamma[col];
        dx[i] = rstd * (g - xhat[i] * (sumGXhat / cols));
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
