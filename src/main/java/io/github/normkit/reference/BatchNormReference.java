package io.github.normkit.reference;

import io.github.normkit.Layout;
import java.util.Objects;

/**
 * Batch normalization, the textbook form in float64.
 *
 * <p>Ioffe, Szegedy: <a href="https://arxiv.org/abs/1502.03167">Batch Normalization: Accelerating
 * Deep Network Training by Reducing Internal Covariate Shift</a> (2015).
 *
 * <p>Forward in training, for each channel, {@code count = n * s}, with epsilon inside the root:
 *
 * <pre>{@code
 * mean = sum(x) / count
 * variance = sum((x - mean)^2) / count
 * xhat = (x - mean) / sqrt(variance + epsilon)
 * y = xhat * weight[channel] + bias[channel]
 * }</pre>
 *
 * <p>Backward, with {@code rstd = 1 / sqrt(variance + epsilon)}, {@code g = dy * weight[channel]}
 * and the means over the channel:
 *
 * <pre>{@code
 * dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
 * dWeight[channel] = sum over samples and positions of dy * xhat
 * dBias[channel] = sum over samples and positions of dy
 * }</pre>
 *
 * <p>{@link #infer} takes given statistics in their place. They do not depend on the input, so that
 * the second and the third term are gone: {@code dx = rstd * g}.
 *
 * <p><b>Statistics.</b> The elements of one channel, in all samples and at all spatial positions,
 * share them. The variance that normalizes is biased, divided by {@code count}. What enters the
 * running variance is a matter of convention: this biased one (Keras, Flax, ONNX) or {@link
 * #unbiased} of it (PyTorch). Of channels without elements both statistics are NaN.
 *
 * <p><b>Shapes.</b> {@code x}, {@code dy}, {@code y} and {@code dx} are {@code [n, c, s]} or,
 * channels last, {@code [n, s, c]}, where {@code s} is the number of spatial positions, the product
 * of all spatial dimensions and 1 if there are none; the statistics, weight, bias and their
 * gradients are {@code [c]}.
 *
 * <p><b>Errors.</b> {@link IllegalArgumentException} if an array has not the length of its shape,
 * if {@code n < 0}, {@code c < 1} or {@code s < 0}, or if epsilon is negative or not finite; {@link
 * NullPointerException} if an array other than weight and bias, or the layout, is null.
 *
 * <p><b>Threads.</b> Static, without state.
 */
public final class BatchNormReference {

  private static final String NAME = "BatchNormReference";

  private BatchNormReference() {}

  /**
   * Normalizes each channel with the statistics of the batch, as in training.
   *
   * @param x the input. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions; 1 if there are
   *     none
   * @param layout where the channels stand
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param bias β, {@code [c]}, or null for 0. Not modified.
   * @param epsilon the number added to the variance
   * @return the output with the mean and the biased variance of each channel, {@code [c]}
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
    double count = (double) n * s;
    double[] mean = new double[c];
    double[] variance = new double[c];
    for (int channel = 0; channel < c; channel++) {
      double sum = 0;
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          sum += x[grid.at(sample, channel, position)];
        }
      }
      mean[channel] = sum / count;
      double squares = 0;
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          double centred = x[grid.at(sample, channel, position)] - mean[channel];
          squares += centred * centred;
        }
      }
      variance[channel] = squares / count;
    }
    double[] y = infer(x, n, c, s, layout, mean, variance, weight, bias, epsilon);
    return new Normalized(y, mean, variance);
  }

  /**
   * Normalizes each channel with given statistics, as in evaluation with the running ones.
   *
   * @param x the input. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions; 1 if there are
   *     none
   * @param layout where the channels stand
   * @param mean the mean of each channel, {@code [c]}. Not modified.
   * @param variance the variance of each channel, {@code [c]}. Not modified.
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param bias β, {@code [c]}, or null for 0. Not modified.
   * @param epsilon the number added to the variance
   * @return the output
   */
  public static double[] infer(
      double[] x,
      int n,
      int c,
      int s,
      Layout layout,
      double[] mean,
      double[] variance,
      double[] weight,
      double[] bias,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "x", x);
    Arguments.length(NAME, "mean", mean, "c", c);
    Arguments.length(NAME, "variance", variance, "c", c);
    Arguments.epsilon(NAME, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] beta = Arguments.orElse(NAME, "bias", bias, "c", c, 0);
    double[] y = new double[x.length];
    for (int channel = 0; channel < c; channel++) {
      double rstd = 1 / Math.sqrt(variance[channel] + epsilon);
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          int i = grid.at(sample, channel, position);
          double xhat = (x[i] - mean[channel]) * rstd;
          y[i] = xhat * gamma[channel] + beta[channel];
        }
      }
    }
    return y;
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
    grid.check(NAME, "dy", dy);
    Normalized plain = forward(x, n, c, s, layout, null, null, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] xhat = plain.y();
    double count = (double) n * s;
    double[] dx = new double[x.length];
    double[] dWeight = new double[c];
    double[] dBias = new double[c];
    for (int channel = 0; channel < c; channel++) {
      double sumG = 0;
      double sumGXhat = 0;
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          int i = grid.at(sample, channel, position);
          double g = dy[i] * gamma[channel];
          sumG += g;
          sumGXhat += g * xhat[i];
          dWeight[channel] += dy[i] * xhat[i];
          dBias[channel] += dy[i];
        }
      }
      double rstd = 1 / Math.sqrt(plain.variance()[channel] + epsilon);
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          int i = grid.at(sample, channel, position);
          double g = dy[i] * gamma[channel];
          dx[i] = rstd * (g - sumG / count - xhat[i] * (sumGXhat / count));
        }
      }
    }
    return new Gradients(dx, dWeight, dBias);
  }

  /**
   * Back-propagates through {@link #infer}, whose statistics are constants.
   *
   * @param x the input of infer. Not modified.
   * @param dy the gradient of the loss by the output. Not modified.
   * @param n the number of samples
   * @param c the number of channels
   * @param s the number of spatial positions, the product of the spatial dimensions; 1 if there are
   *     none
   * @param layout where the channels stand
   * @param mean the mean of each channel, {@code [c]}. Not modified.
   * @param variance the variance of each channel, {@code [c]}. Not modified.
   * @param weight γ, {@code [c]}, or null for 1. Not modified.
   * @param epsilon the number added to the variance
   * @return the gradients by the input, the weight and the bias
   */
  public static Gradients backwardInfer(
      double[] x,
      double[] dy,
      int n,
      int c,
      int s,
      Layout layout,
      double[] mean,
      double[] variance,
      double[] weight,
      double epsilon) {
    Grid grid = Grid.of(NAME, n, c, s, layout);
    grid.check(NAME, "dy", dy);
    double[] xhat = infer(x, n, c, s, layout, mean, variance, null, null, epsilon);
    double[] gamma = Arguments.orElse(NAME, "weight", weight, "c", c, 1);
    double[] dx = new double[x.length];
    double[] dWeight = new double[c];
    double[] dBias = new double[c];
    for (int channel = 0; channel < c; channel++) {
      double rstd = 1 / Math.sqrt(variance[channel] + epsilon);
      for (int sample = 0; sample < n; sample++) {
        for (int position = 0; position < s; position++) {
          int i = grid.at(sample, channel, position);
          dx[i] = rstd * (dy[i] * gamma[channel]);
          dWeight[channel] += dy[i] * xhat[i];
          dBias[channel] += dy[i];
        }
      }
    }
    return new Gradients(dx, dWeight, dBias);
  }

  /**
   * Returns the unbiased estimate of a variance, {@code variance * count / (count - 1)}.
   *
   * @param variance the biased variance of each channel. Not modified.
   * @param count the number of elements it was taken over, {@code n * s}; at least 2
   * @return the unbiased variance of each channel, a new array
   * @throws IllegalArgumentException if {@code count < 2}
   */
  public static double[] unbiased(double[] variance, int count) {
    if (count < 2) {
      throw new IllegalArgumentException(
          NAME + ": an unbiased variance must have two elements: expected >= 2, got " + count);
    }
    Objects.requireNonNull(variance, "variance");
    double[] unbiased = new double[variance.length];
    for (int channel = 0; channel < variance.length; channel++) {
      unbiased[channel] = variance[channel] * count / (count - 1);
    }
    return unbiased;
  }

  /**
   * Returns running statistics after a batch, {@code (1 - momentum) * old + momentum * batch}; the
   * same formula for the mean and the variance.
   *
   * <p>Momentum is the weight of the <em>new</em> value, as in PyTorch. The plain average of all
   * batches has {@code momentum = 1 / k} at the k-th batch, counted from 1.
   *
   * @param old the running statistic of each channel before the batch. Not modified.
   * @param batch the batch's own, of the same length. Not modified.
   * @param momentum the weight of the batch, in [0, 1]
   * @return the running statistic after the batch, a new array
   * @throws IllegalArgumentException if the lengths differ or the momentum is out of range
   */
  public static double[] running(double[] old, double[] batch, double momentum) {
    Objects.requireNonNull(old, "old");
    Arguments.length(NAME, "batch", batch, "old.length", old.length);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(NAME + ": momentum must lie in [0, 1]: got " + momentum);
    }
    double[] updated = new double[old.length];
    for (int channel = 0; channel < old.length; channel++) {
      updated[channel] = (1 - momentum) * old[channel] + momentum * batch[channel];
    }
    return updated;
  }
}
