package io.github.normkit.reference;

import io.github.normkit.Layout;

/**
 * Group normalization, the textbook form in float64.
 *
 * <p>Wu, He: <a href="https://arxiv.org/abs/1803.08494">Group Normalization</a> (2018).
 *
 * <p>Forward, for each sample and each group of its channels, {@code count = c / groups * s}, with
 * epsilon inside the root:
 *
 * <pre>{@code
 * mean = sum(x) / count
 * variance = sum((x - mean)^2) / count
 * xhat = (x - mean) / sqrt(variance + epsilon)
 * y = xhat * weight[channel] + bias[channel]
 * }</pre>
 *
 * <p>Backward, with {@code rstd = 1 / sqrt(variance + epsilon)}, {@code g = dy * weight[channel]}
 * and the means over the group:
 *
 * <pre>{@code
 * dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
 * dWeight[channel] = sum over samples and positions of dy * xhat
 * dBias[channel] = sum over samples and positions of dy
 * }</pre>
 *
 * <p><b>Statistics.</b> The elements of one sample in one group of {@code c / groups} neighbouring
 * channels, at all spatial positions, share them. The variance is biased, divided by {@code count}.
 * Of groups without elements it is NaN.
 *
 * <p><b>Shapes.</b> {@code x}, {@code dy}, {@code y} and {@code dx} are {@code [n, c, s]} or,
 * channels last, {@code [n, s, c]}, where {@code s} is the number of spatial positions, the product
 * of all spatial dimensions; the statistics are {@code [n, groups]}, weight, bias and their
 * gradients {@code [c]}.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} if an array has not the length of its shape,
 * if the groups do not divide the channels, if {@code n < 0}, {@code c < 1} or {@code s < 0}, or if
 * epsilon is negative or not finite; {@link NullPointerException} if {@code x}, {@code dy} or
 * {@code layout} is null.
 *
 * <p><b>Threads.</b> Static, without state.
 */
public final class GroupNormReference {

  private static final String NAME = "GroupNormReference";

  private GroupNormReference() {}

  /**
   * Normalizes each group of each sample.
   *
   * @param x the input. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions; 1 if there are
   *     none
   * @param layout where the channels stand
   * @param groups the number of groups, a divisor of {@code c}
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param bias β, {@code [c]}, or null for 0. Not modified.
   * @param epsilon the number added to the variance
   * @return the output with the mean and the biased variance of each group, {@code [n, groups]}
   */
  public static Normalized forward(
      double[] x,
      int n,
      int c,
      int s,
      Layout layout,
      int groups,
      double[] weight,
      double[] bias,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "x", x);
    checkGroups(c, groups);
    Arguments.epsilon(NAME, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] beta = Arguments.orElse(NAME, "bias", bias, "c", c, 0);
    int width = c / groups;
    int count = width * s;
    double[] y = new double[x.length];
    double[] mean = new double[n * groups];
    double[] variance = new double[n * groups];
    for (int sample = 0; sample < n; sample++) {
      for (int group = 0; group < groups; group++) {
        int set = sample * groups + group;
        int from = group * width;
        double sum = 0;
        for (int channel = from; channel < from + width; channel++) {
          for (int position = 0; position < s; position++) {
            sum += x[grid.at(sample, channel, position)];
          }
        }
        mean[set] = sum / count;
        double squares = 0;
        for (int channel = from; channel < from + width; channel++) {
          for (int position = 0; position < s; position++) {
            double centred = x[grid.at(sample, channel, position)] - mean[set];
            squares += centred * centred;
          }
        }
        variance[set] = squares / count;
        double rstd = 1 / Math.sqrt(variance[set] + epsilon);
        for (int channel = from; channel < from + width; channel++) {
          for (int position = 0; position < s; position++) {
            int i = grid.at(sample, channel, position);
            double xhat = (x[i] - mean[set]) * rstd;
            y[i] = xhat * gamma[channel] + beta[channel];
          }
        }
      }
    }
    return new Normalized(y, mean, variance);
  }

  /**
   * Back-propagates through {@link #forward}.
   *
   * @param x the input of forward. Not modified.
   * @param dy the gradient of the loss by the output. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions; 1 if there are
   *     none
   * @param layout where the channels stand
   * @param groups the number of groups, a divisor of {@code c}
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
      int groups,
      double[] weight,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "dy", dy);
    Normalized plain = forward(x, n, c, s, layout, groups, null, null, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] xhat = plain.y();
    int width = c / groups;
    int count = width * s;
    double[] dx = new double[x.length];
    double[] dWeight = new double[c];
    double[] dBias = new double[c];
    for (int sample = 0; sample < n; sample++) {
      for (int group = 0; group < groups; group++) {
        int from = group * width;
        double sumG = 0;
        double sumGXhat = 0;
        for (int channel = from; channel < from + width; channel++) {
          for (int position = 0; position < s; position++) {
            int i = grid.at(sample, channel, position);
            double g = dy[i] * gamma[channel];
            sumG += g;
            sumGXhat += g * xhat[i];
            dWeight[channel] += dy[i] * xhat[i];
            dBias[channel] += dy[i];
          }
        }
        double rstd = 1 / Math.sqrt(plain.variance()[sample * groups + group] + epsilon);
        for (int channel = from; channel < from + width; channel++) {
          for (int position = 0; position < s; position++) {
            int i = grid.at(sample, channel, position);
            double g = dy[i] * gamma[channel];
            dx[i] = rstd * (g - sumG / count - xhat[i] * (sumGXhat / count));
          }
        }
      }
    }
    return new Gradients(dx, dWeight, dBias);
  }

  private static void checkGroups(int c, int groups) {
    if (groups < 1 || c % groups != 0) {
      throw new IllegalArgumentException(
          NAME + ": c must be divisible by groups: got c=" + c + ", groups=" + groups);
    }
  }
}
