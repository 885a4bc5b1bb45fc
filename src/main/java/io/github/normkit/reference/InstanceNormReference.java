package io.github.normkit.reference;

import io.github.normkit.Layout;

/**
 * Instance normalization, the textbook form in float64.
 *
 * <p>Ulyanov, Vedaldi, Lempitsky: <a href="https://arxiv.org/abs/1607.08022">Instance
 * Normalization: The Missing Ingredient for Fast Stylization</a> (2016).
 *
 * <p>Forward, for each sample and each channel, with epsilon inside the root:
 *
 * <pre>{@code
 * mean = sum(x) / s
 * variance = sum((x - mean)^2) / s
 * xhat = (x - mean) / sqrt(variance + epsilon)
 * y = xhat * weight[channel] + bias[channel]
 * }</pre>
 *
 * <p>Backward, with {@code rstd = 1 / sqrt(variance + epsilon)}, {@code g = dy * weight[channel]}
 * and the means over the spatial positions:
 *
 * <pre>{@code
 * dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
 * dWeight[channel] = sum over samples and positions of dy * xhat
 * dBias[channel] = sum over samples and positions of dy
 * }</pre>
 *
 * <p>This is {@link GroupNormReference} with one channel in each group, and computed as such. With
 * running statistics in the place of its own, it is {@link BatchNormReference#infer}.
 *
 * <p><b>Statistics.</b> The elements of one sample in one channel, at all spatial positions, share
 * them. The variance is biased, divided by {@code s}. Without positions it is NaN.
 *
 * <p><b>Shapes.</b> {@code x}, {@code dy}, {@code y} and {@code dx} are {@code [n, c, s]} or,
 * channels last, {@code [n, s, c]}, where {@code s} is the number of spatial positions, the product
 * of all spatial dimensions; the statistics are {@code [n, c]}, weight, bias and their gradients
 * {@code [c]}.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} if an array has not the length of its shape,
 * if {@code n < 0}, {@code c < 1} or {@code s < 0}, or if epsilon is negative or not finite; {@link
 * NullPointerException} if {@code x}, {@code dy} or {@code layout} is null.
 *
 * <p><b>Threads.</b> Static, without state.
 */
public final class InstanceNormReference {

  private static final String NAME = "InstanceNormReference";

  private InstanceNormReference() {}

  /**
   * Normalizes each channel of each sample.
   *
   * @param x the input. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions
   * @param layout where the channels stand
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param bias β, {@code [c]}, or null for 0. Not modified.
   * @param epsilon the number added to the variance
   * @return the output with the mean and the biased variance of each channel, {@code [n, c]}
   */
  public static Normalized forward(
      double[] x,
      int n,
      int c,
      int s,
      Layout layout,
      double[] weight,
      double[] bias,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "x", x);
    Arguments.epsilon(NAME, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] beta = Arguments.orElse(NAME, "bias", bias, "c", c, 0);
    return GroupNormReference.forward(x, n, c, s, layout, c, gamma, beta, epsilon);
  }

  /**
   * Back-propagates through {@link #forward}.
   *
   * @param x the input of forward. Not modified.
   * @param dy the gradient of the loss by the output. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions
   * @param layout where the channels stand
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param epsilon the number added to the variance
   * @return the gradients by the input, the weight and the bias
   */
  public static Gradients backward(
      double[] x,
      double[] dy,
      int n,
      int c,
      int s,
      Layout layout,
      double[] weight,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "x", x);
    grid.check(NAME, "dy", dy);
    Arguments.epsilon(NAME, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    return GroupNormReference.backward(x, dy, n, c, s, layout, c, gamma, epsilon);
  }
}
