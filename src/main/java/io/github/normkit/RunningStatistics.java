package io.github.normkit;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Running mean and variance of channels, updated by each training batch.
 *
 * <p>{@code running = (1 - momentum) * running + momentum * batch}, or the plain average of all
 * batches. A value is the sum of two floats, its head and the residual that the head leaves off, 48
 * bits together: so small updates are not lost, and a state saved as floats is all of it. Where a
 * batch's statistics are not finite, the channel keeps its own.
 */
final class RunningStatistics {

  /** The largest count that a float holds exactly; the number of batches stops there. */
  static final int MAX_BATCHES = 1 << 24;

  private final boolean cumulative;
  private final double momentum;
  private final boolean unbiased;
  private final double[] mean;
  private final double[] variance;
  private int batches;

  RunningStatistics(int channels, boolean cumulative, double momentum, boolean unbiased) {
    this.cumulative = cumulative;
    this.momentum = momentum;
    this.unbiased = unbiased;
    mean = new double[channels];
    variance = new double[channels];
    Arrays.fill(variance, 1);
  }

  double[] mean() {
    return mean;
  }

  double[] variance() {
    return variance;
  }

  /**
   * Takes in a batch.
   *
   * @param batchMean the means, those of one sample after the other if there are several, which are
   *     averaged. Not modified.
   * @param batchVariance the biased variances, likewise. Not modified.
   * @param samples how many samples have statistics of their own
   * @param n the number of elements behind each variance, at least 2
   */
  void update(double[] batchMean, double[] batchVariance, int samples, long n) {
    update(batchMean, batchVariance, 0, samples, n);
  }

  /** The same of the statistics from a sample on. */
  void update(double[] batchMean, double[] batchVariance, int first, int samples, long n) {
    mix(batchMean, batchVariance, first, samples, correction(n));
  }

  /**
   * Takes in a batch whose samples differ in size. Those of fewer than two elements have no
   * variance, and no part; without others the batch has none.
   *
   * @param n for each sample, the number of elements behind each of its variances
   */
  void update(double[] batchMean, double[] batchVariance, IntUnaryOperator n, int samples) {
    int channels = mean.length;
    double[] means = new double[samples * channels];
    double[] variances = new double[samples * channels];
    int taken = 0;
    for (int sample = 0; sample < samples; sample++) {
      if (n.applyAsInt(sample) >= 2) {
        for (int c = 0; c < channels; c++) {
          int i = sample * channels + c;
          means[taken * channels + c] = batchMean[i];
          variances[taken * channels + c] = batchVariance[i] * correction(n.applyAsInt(sample));
        }
        taken++;
      }
    }
    if (taken > 0) {
      mix(means, variances, 0, taken, 1);
    }
  }

  private double correction(long n) {
    return unbiased ? n / (n - 1.0) : 1;
  }

  private void mix(
      double[] batchMean, double[] batchVariance, int first, int samples, double correction) {
    batches = Math.min(batches + 1, MAX_BATCHES);
    double weight = cumulative ? 1.0 / batches : momentum;
    int channels = mean.length;
    for (int c = 0; c < channels; c++) {
      double sumOfMeans = 0;
      double sumOfVariances = 0;
      for (int sample = first; sample < first + samples; sample++) {
        sumOfMeans += batchMean[sample * channels + c];
        sumOfVariances += batchVariance[sample * channels + c];
      }
      // NaN where an element of the channel was NaN or infinite.
      if (Double.isFinite(sumOfVariances)) {
        mean[c] = mix(mean[c], sumOfMeans / samples, weight);
        variance[c] = mix(variance[c], sumOfVariances / samples * correction, weight);
      }
    }
  }

  private static double mix(double old, double batch, double weight) {
    // Not 0 * old where the batch is all: the old value may be infinite.
    double mixed = weight == 1 ? batch : (1 - weight) * old + weight * batch;
    return (double) (float) mixed + residual(mixed);
  }

  /** What float rounds off; none where the head is infinite. */
  private static float residual(double value) {
    float head = (float) value;
    return Float.isInfinite(head) ? 0 : (float) (value - head);
  }

  void save(Map<String, Tensor> state) {
    int channels = mean.length;
    Tensor savedMean = Tensor.zeros(Shape.of(channels));
    Tensor savedVariance = Tensor.zeros(Shape.of(channels));
    Tensor residual = Tensor.zeros(Shape.of(2, channels));
    for (int c = 0; c < channels; c++) {
      savedMean.array()[c] = (float) mean[c];
      savedVariance.array()[c] = (float) variance[c];
      residual.array()[c] = residual(mean[c]);
      residual.array()[channels + c] = residual(variance[c]);
    }
    state.put(State.RUNNING_MEAN, savedMean);
    state.put(State.RUNNING_VAR, savedVariance);
    state.put(State.NUM_BATCHES_TRACKED, Tensor.full(Shape.of(), batches));
    state.put(State.RUNNING_RESIDUAL, residual);
  }

  void load(Map<String, Tensor> state) {
    int channels = mean.length;
    float[] savedMean = state.get(State.RUNNING_MEAN).toArray();
    float[] savedVariance = state.get(State.RUNNING_VAR).toArray();
    Tensor saved = state.get(State.RUNNING_RESIDUAL);
    float[] residual = saved == null ? new float[2 * channels] : saved.toArray();
    for (int c = 0; c < channels; c++) {
      mean[c] = (double) savedMean[c] + residual[c];
      variance[c] = (double) savedVariance[c] + residual[channels + c];
    }
    Tensor count = state.get(State.NUM_BATCHES_TRACKED);
    batches = count == null ? 0 : (int) Math.min(count.get(), MAX_BATCHES);
  }
}
