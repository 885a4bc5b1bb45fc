package io.github.normkit.experiments;

/**
 * The formulas of LayerNorm and RMSNorm for one row, forward and backward, in arithmetic that is
 * counted. Backward keeps xhat and rstd from forward.
 */
final class CountedRow {

  private final boolean centered;
  private final double[] weight;
  private final double[] bias;
  private final double epsilon;
  private final double[] xhat;
  private double rstd;

  /** LayerNorm's row with weight and bias. */
  static CountedRow layerNorm(double[] weight, double[] bias, double epsilon) {
    return new CountedRow(true, weight, bias, epsilon);
  }

  /** RMSNorm's row, which has no bias. */
  static CountedRow rmsNorm(double[] weight, double epsilon) {
    return new CountedRow(false, weight, null, epsilon);
  }

  private CountedRow(boolean centered, double[] weight, double[] bias, double epsilon) {
    this.centered = centered;
    this.weight = weight;
    this.bias = bias;
    this.epsilon = epsilon;
    this.xhat = new double[weight.length];
  }

  /** Returns {@code y = xhat * weight + bias}. */
  double[] forward(double[] x, Counter count) {
    double[] centred = x;
    if (centered) {
      double mean = mean(x, count);
      centred = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        centred[i] = count.subtract(x[i], mean);
      }
    }
    double squares = meanProduct(centred, centred, count);
    rstd = count.divide(1, count.root(count.add(squares, epsilon)));
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      xhat[i] = count.multiply(centred[i], rstd);
      y[i] = count.multiply(xhat[i], weight[i]);
      if (bias != null) {
        y[i] = count.add(y[i], bias[i]);
      }
    }
    return y;
  }

  /**
   * Returns {@code dx = rstd * (g - mean(g) - xhat * mean(g * xhat))}, for RMSNorm without the
   * second term.
   *
   * @param dWeight Modified: {@code dy * xhat} is added.
   * @param dBias Modified: {@code dy} is added, if there is a bias.
   */
  double[] backward(double[] dy, double[] dWeight, double[] dBias, Counter count) {
    double[] g = new double[dy.length];
    for (int i = 0; i < dy.length; i++) {
      g[i] = count.multiply(dy[i], weight[i]);
      dWeight[i] = count.add(dWeight[i], count.multiply(dy[i], xhat[i]));
      if (bias != null) {
        dBias[i] = count.add(dBias[i], dy[i]);
      }
    }
    double slope = meanProduct(g, xhat, count);
    double mean = centered ? mean(g, count) : 0;
    double[] dx = new double[dy.length];
    for (int i = 0; i < dy.length; i++) {
      double d = count.subtract(g[i], count.multiply(xhat[i], slope));
      if (centered) {
        d = count.subtract(d, mean);
      }
      dx[i] = count.multiply(rstd, d);
    }
    return dx;
  }

  private static double mean(double[] a, Counter count) {
    double sum = 0;
    for (double v : a) {
      sum = count.add(sum, v);
    }
    return count.divide(sum, a.length);
  }

  private static double meanProduct(double[] a, double[] b, Counter count) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum = count.add(sum, count.multiply(a[i], b[i]));
    }
    return count.divide(sum, a.length);
  }
}
