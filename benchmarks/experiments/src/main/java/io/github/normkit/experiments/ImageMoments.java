package io.github.normkit.experiments;

import io.github.normkit.Tensor;
import java.util.Random;
import java.util.stream.IntStream;

/** The mean and the mean square of each channel of each image, from which those of batches come. */
final class ImageMoments {

  private final int images;
  private final int channels;
  private final double[] mean;
  private final double[] square;

  /**
   * Takes them.
   *
   * @param x of shape (N, C) or (N, C, H, W)
   */
  ImageMoments(Tensor x) {
    images = x.shape().dim(0);
    channels = x.shape().dim(1);
    mean = new double[images * channels];
    square = new double[images * channels];
    float[] values = Layer.values(x);
    int pixels = values.length / mean.length;
    for (int i = 0; i < values.length; i++) {
      mean[i / pixels] += (double) values[i] / pixels;
      square[i / pixels] += (double) values[i] * values[i] / pixels;
    }
  }

  /** How much statistics of batches differ, in deviations and in variances of all images. */
  record Noise(double ofMean, double ofVariance) {}

  /**
   * Cuts the images in random order into batches, several times, and returns the standard
   * deviations of their means and of their variances, as the root of the mean square over the
   * channels.
   */
  Noise noise(int batch, int epochs, Random random) {
    int[] order = IntStream.range(0, images).toArray();
    int[] all = order.clone();
    Scatter means = new Scatter(channels);
    Scatter variances = new Scatter(channels);
    for (int epoch = 0; epoch < epochs; epoch++) {
      DigitsData.shuffle(order, random);
      for (int from = 0; from + batch <= images; from += batch) {
        for (int c = 0; c < channels; c++) {
          means.add(c, mean(order, from, batch, c));
          variances.add(c, variance(order, from, batch, c));
        }
      }
    }
    double ofMean = 0;
    double ofVariance = 0;
    for (int c = 0; c < channels; c++) {
      double variance = variance(all, 0, images, c);
      ofMean += means.variance(c) / variance / channels;
      ofVariance += variances.variance(c) / (variance * variance) / channels;
    }
    return new Noise(Math.sqrt(ofMean), Math.sqrt(ofVariance));
  }

  private double mean(int[] order, int from, int batch, int channel) {
    return average(mean, order, from, batch, channel);
  }

  private double variance(int[] order, int from, int batch, int channel) {
    double mean = mean(order, from, batch, channel);
    return average(square, order, from, batch, channel) - mean * mean;
  }

  private double average(double[] values, int[] order, int from, int batch, int channel) {
    double sum = 0;
    for (int i = from; i < from + batch; i++) {
      sum += values[order[i] * channels + channel];
    }
    return sum / batch;
  }

  /** How much values of each channel differ from their mean. */
  private static final class Scatter {

    private final int[] count;
    private final double[] sum;
    private final double[] squares;

    Scatter(int channels) {
      count = new int[channels];
      sum = new double[channels];
      squares = new double[channels];
    }

    void add(int channel, double value) {
      count[channel]++;
      sum[channel] += value;
      squares[channel] += value * value;
    }

    double variance(int channel) {
      double mean = sum[channel] / count[channel];
      // Rounding may leave a little less than nothing.
      return Math.max(0, squares[channel] / count[channel] - mean * mean);
    }
  }
}
