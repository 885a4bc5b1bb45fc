package io.github.normkit.folding;

/** Convolutions of one image in float64, as their definition says, with square kernels. */
final class Convolutions {

  private Convolutions() {}

  /**
   * A convolution of a (in, size, size) image.
   *
   * @param weight (out, in / groups, kernel, kernel)
   */
  static double[] forward(
      double[] x,
      int in,
      int size,
      double[] weight,
      double[] bias,
      int kernel,
      int groups,
      int stride,
      int padding) {
    int out = bias.length;
    int outSize = (size + 2 * padding - kernel) / stride + 1;
    double[] y = new double[out * outSize * outSize];
    for (int o = 0; o < out; o++) {
      for (int row = 0; row < outSize; row++) {
        for (int column = 0; column < outSize; column++) {
          double sum = bias[o];
          for (int j = 0; j < in / groups; j++) {
            int i = o / (out / groups) * (in / groups) + j;
            for (int a = 0; a < kernel; a++) {
              for (int b = 0; b < kernel; b++) {
                int atRow = row * stride + a - padding;
                int atColumn = column * stride + b - padding;
                if (atRow >= 0 && atRow < size && atColumn >= 0 && atColumn < size) {
                  sum +=
                      weight[((o * (in / groups) + j) * kernel + a) * kernel + b]
                          * x[(i * size + atRow) * size + atColumn];
                }
              }
            }
          }
          y[(o * outSize + row) * outSize + column] = sum;
        }
      }
    }
    return y;
  }

  /**
   * A transposed convolution of a (in, size, size) image.
   *
   * @param weight (in, out / groups, kernel, kernel)
   */
  static double[] transposed(
      double[] x,
      int in,
      int size,
      double[] weight,
      double[] bias,
      int kernel,
      int groups,
      int stride,
      int padding) {
    int perGroup = bias.length / groups;
    int outSize = (size - 1) * stride - 2 * padding + kernel;
    double[] y = new double[bias.length * outSize * outSize];
    for (int k = 0; k < y.length; k++) {
      y[k] = bias[k / (outSize * outSize)];
    }
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < perGroup; j++) {
        int o = i / (in / groups) * perGroup + j;
        for (int row = 0; row < size * kernel; row++) {
          for (int column = 0; column < size * kernel; column++) {
            int atRow = row / kernel * stride + row % kernel - padding;
            int atColumn = column / kernel * stride + column % kernel - padding;
            if (atRow >= 0 && atRow < outSize && atColumn >= 0 && atColumn < outSize) {
              y[(o * outSize + atRow) * outSize + atColumn] +=
                  x[(i * size + row / kernel) * size + column / kernel]
                      * weight[
                          ((i * perGroup + j) * kernel + row % kernel) * kernel + column % kernel];
            }
          }
        }
      }
    }
    return y;
  }
}
