package io.github.normkit.throughput;

import java.util.Arrays;

/** LayerNorm and RMSNorm in plain loops. */
final class NaiveRows extends Naive.NaiveCall {

  private final int rows;
  private final int cols;
  private final float[] mean;
  private final float[] rstd;

  NaiveRows(Case c) {
    super(c);
    rows = c.n();
    cols = c.channels();
    mean = new float[rows];
    rstd = new float[rows];
    if (operation == Operation.LAYER_BACKWARD) {
      layerForward();
    } else if (operation == Operation.RMS_BACKWARD) {
      rmsForward(x);
    }
  }

  @Override
  public void run() {
    switch (operation) {
      case LAYER_FORWARD -> layerForward();
      case LAYER_BACKWARD -> layerBackward();
      case RMS_FORWARD -> rmsForward(x);
      case RMS_BACKWARD -> rmsBackward();
      case ADD_RMS_FORWARD -> addRmsForward();
      default -> throw new IllegalStateException(operation + " is not one of rows");
    }
  }

  private void layerForward() {
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      float sum = 0;
      for (int i = 0; i < cols; i++) {
        sum += x[start + i];
      }
      float m = sum / cols;
      float squares = 0;
      for (int i = 0; i < cols; i++) {
        float d = x[start + i] - m;
        squares += d * d;
      }
      float s = Naive.rstd(squares / cols);
      for (int i = 0; i < cols; i++) {
        out[start + i] = (x[start + i] - m) * s * weight[i] + bias[i];
      }
      mean[r] = m;
      rstd[r] = s;
    }
  }

  private void layerBackward() {
    Arrays.fill(weightGradient, 0);
    Arrays.fill(biasGradient, 0);
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      float sum = 0;
      float dot = 0;
      for (int i = 0; i < cols; i++) {
        float g = dy[start + i] * weight[i];
        sum += g;
        dot += g * (x[start + i] - mean[r]) * rstd[r];
      }
      for (int i = 0; i < cols; i++) {
        float xhat = (x[start + i] - mean[r]) * rstd[r];
        biasGradient[i] += dy[start + i];
        weightGradient[i] += dy[start + i] * xhat;
        out[start + i] = (dy[start + i] * weight[i] - sum / cols - xhat * dot / cols) * rstd[r];
      }
    }
  }

  private void addRmsForward() {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + residual[i];
    }
    rmsForward(sum);
  }

  private void rmsForward(float[] in) {
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      float squares = 0;
      for (int i = 0; i < cols; i++) {
        squares += in[start + i] * in[start + i];
      }
      float s = Naive.rstd(squares / cols);
      for (int i = 0; i < cols; i++) {
        out[start + i] = in[start + i] * s * weight[i];
      }
      rstd[r] = s;
    }
  }

  private void rmsBackward() {
    Arrays.fill(weightGradient, 0);
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      float dot = 0;
      for (int i = 0; i < cols; i++) {
        dot += dy[start + i] * weight[i] * x[start + i] * rstd[r];
      }
      for (int i = 0; i < cols; i++) {
        float xhat = x[start + i] * rstd[r];
        weightGradient[i] += dy[start + i] * xhat;
        out[start + i] = (dy[start + i] * weight[i] - xhat * dot / cols) * rstd[r];
      }
    }
  }
}
