package io.github.normkit.experiments;

import io.github.normkit.Tensor;

/** The loss of a classifier: the mean over a batch of {@code -log softmax(x)[label]}. */
final class SoftmaxCrossEntropy {

  private Tensor gradient;

  /**
   * Returns the loss of one batch and keeps its gradient.
   *
   * @param x the scores, (N, classes)
   * @param labels the N right classes
   */
  double loss(Tensor x, int[] labels) {
    int n = x.shape().dim(0);
    int classes = x.shape().dim(1);
    gradient = Layer.reuse(gradient, x.shape());
    float[] values = Layer.values(x);
    double[] exp = new double[classes];
    double loss = 0;
    for (int i = 0; i < n; i++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        max = Math.max(max, values[i * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        // StrictMath, because the last bit of Math.exp may differ between machines.
        exp[c] = StrictMath.exp((double) values[i * classes + c] - max);
        sum += exp[c];
      }
      for (int c = 0; c < classes; c++) {
        double target = c == labels[i] ? 1 : 0;
        gradient.array()[i * classes + c] = (float) ((exp[c] / sum - target) / n);
      }
      loss += StrictMath.log(sum) - ((double) values[i * classes + labels[i]] - max);
    }
    return loss / n;
  }

  /** Returns the gradient of the last loss by its scores. */
  Tensor gradient() {
    return gradient;
  }
}
