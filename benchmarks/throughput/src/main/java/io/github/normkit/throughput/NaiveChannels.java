package io.github.normkit.throughput;

import java.util.Arrays;

/**
 * BatchNorm, GroupNorm and InstanceNorm in plain loops: the set of one mean is some planes of some
 * samples.
 */
final class NaiveChannels extends Naive.NaiveCall {

  private final int samples;
  private final int channels;
  private final int spatial;

  /** How many samples and how many channels share statistics. */
  private final int setSamples;

  private final int setChannels;
  private final float[] mean;
  private final float[] rstd;
  private final float[] runningMean;
  private final float[] runningVariance;

  NaiveChannels(Case c) {
    super(c);
    samples = c.n();
    channels = c.channels();
    spatial = c.spatial();
    boolean batch = operation.layer() == Operation.Layer.BATCH;
    setSamples = batch ? samples : 1;
    setChannels = operation.layer() == Operation.Layer.GROUP ? channels / Case.GROUPS : 1;
    int sets = (samples / setSamples) * (channels / setChannels);
    mean = new float[sets];
    rstd = new float[sets];
    runningMean = c.runningMean();
    runningVariance = c.runningVariance();
    if (operation.isBackward()) {
      forward();
    }
  }

  @Override
  public void run() {
    if (operation == Operation.BATCH_INFER) {
      infer();
    } else if (operation.isBackward()) {
      backward();
    } else {
      forward();
    }
  }

  private void forward() {
    int set = 0;
    int count = setSamples * setChannels * spatial;
    for (int n = 0; n < samples; n += setSamples) {
      for (int c = 0; c < channels; c += setChannels) {
        float sum = 0;
        for (int i = n; i < n + setSamples; i++) {
          for (int k = start(i, c); k < start(i, c + setChannels); k++) {
            sum += x[k];
          }
        }
        float m = sum / count;
        float squares = 0;
        for (int i = n; i < n + setSamples; i++) {
          for (int k = start(i, c); k < start(i, c + setChannels); k++) {
            float d = x[k] - m;
            squares += d * d;
          }
        }
        float variance = squares / count;
        normalize(n, c, m, Naive.rstd(variance));
        mean[set] = m;
        rstd[set] = Naive.rstd(variance);
        if (operation == Operation.BATCH_TRAIN) {
          float unbiased = variance * count / (count - 1);
          runningMean[c] += (float) Case.MOMENTUM * (m - runningMean[c]);
          runningVariance[c] += (float) Case.MOMENTUM * (unbiased - runningVariance[c]);
        }
        set++;
      }
    }
  }

  private void infer() {
    for (int c = 0; c < channels; c++) {
      normalize(0, c, runningMean[c], Naive.rstd(runningVariance[c]));
    }
  }

  private void normalize(int n, int firstChannel, float m, float s) {
    for (int i = n; i < n + setSamples; i++) {
      for (int c = firstChannel; c < firstChannel + setChannels; c++) {
        for (int k = start(i, c); k < start(i, c + 1); k++) {
          out[k] = (x[k] - m) * s * weight[c] + bias[c];
        }
      }
    }
  }

  private void backward() {
    Arrays.fill(weightGradient, 0);
    Arrays.fill(biasGradient, 0);
    int set = 0;
    int count = setSamples * setChannels * spatial;
    for (int n = 0; n < samples; n += setSamples) {
      for (int first = 0; first < channels; first += setChannels) {
        float m = mean[set];
        float s = rstd[set];
        float sum = 0;
        float dot = 0;
        for (int i = n; i < n + setSamples; i++) {
          for (int c = first; c < first + setChannels; c++) {
            for (int k = start(i, c); k < start(i, c + 1); k++) {
              float xhat = (x[k] - m) * s;
              sum += dy[k] * weight[c];
              dot += dy[k] * weight[c] * xhat;
              weightGradient[c] += dy[k] * xhat;
              biasGradient[c] += dy[k];
            }
          }
        }
        for (int i = n; i < n + setSamples; i++) {
          for (int c = first; c < first + setChannels; c++) {
            for (int k = start(i, c); k < start(i, c + 1); k++) {
              float xhat = (x[k] - m) * s;
              out[k] = (dy[k] * weight[c] - sum / count - xhat * dot / count) * s;
            }
          }
        }
        set++;
      }
    }
  }

  private int start(int sample, int channel) {
    return (sample * channels + channel) * spatial;
  }
}
