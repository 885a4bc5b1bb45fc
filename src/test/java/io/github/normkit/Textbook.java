package io.github.normkit;

import java.util.Arrays;
import java.util.Map;

/** The formulas of the papers in float64, written as they stand there. */
final class Textbook {

  /** A forward pass, whose gradient is taken by differences. */
  interface Forward {

    /**
     * Returns y.
     *
     * @param x the input, which differences may have moved
     * @param unmoved the input before, from which constants of the gradient are taken
     * @param p the parameters by their names
     */
    double[] y(double[] x, double[] unmoved, Map<String, double[]> p);
  }

  /** A tensor of samples, channels and positions. */
  record Image(Layout layout, int n, int channels, int places) {

    Shape shape() {
      return layout == Layout.CHANNELS_FIRST
          ? Shape.of(n, channels, places)
          : Shape.of(n, places, channels);
    }

    int at(int sample, int channel, int place) {
      return layout == Layout.CHANNELS_FIRST
          ? (sample * channels + channel) * places + place
          : (sample * places + place) * channels + channel;
    }

    int sample(int i) {
      return i / (channels * places);
    }

    int channel(int i) {
      return layout == Layout.CHANNELS_FIRST ? i / places % channels : i % channels;
    }

    int place(int i) {
      return layout == Layout.CHANNELS_FIRST ? i % places : i / channels % places;
    }
  }

  private Textbook() {}

  private static double parameter(Map<String, double[]> p, String name, int i, double absent) {
    double[] values = p.get(name);
    return values == null ? absent : values[i];
  }

  /** PyTorch's normalize: x / max(|x|, epsilon), times the scale if there is one. */
  static Forward unit(int cols, double epsilon) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double squares = 0;
        for (int j = i / cols * cols; j < (i / cols + 1) * cols; j++) {
          squares += x[j] * x[j];
        }
        double norm = Math.max(Math.sqrt(squares), epsilon);
        y[i] = parameter(p, "scale", 0, 1) * x[i] / norm;
      }
      return y;
    };
  }

  /** RMSNorm by the first elements of a row. */
  static Forward partialRms(int cols, int part, double epsilon) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int row = i / cols * cols;
        double squares = 0;
        for (int j = row; j < row + part; j++) {
          squares += x[j] * x[j];
        }
        double rms = Math.sqrt(squares / part + epsilon);
        y[i] = x[i] / rms * parameter(p, "weight", i - row, 1) + parameter(p, "bias", i - row, 0);
      }
      return y;
    };
  }

  /** DyT. */
  static Forward dynamicTanh(int cols) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double t = StrictMath.tanh(p.get("alpha")[0] * x[i]);
        y[i] = parameter(p, "weight", i % cols, 1) * t + parameter(p, "bias", i % cols, 0);
      }
      return y;
    };
  }

  /** PyTorch's local_response_norm. */
  static Forward localResponse(Image image, int size, double alpha, double beta, double k) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double squares = 0;
        for (int step = 0; step < size; step++) {
          int channel = image.channel(i) - size / 2 + step;
          if (channel >= 0 && channel < image.channels()) {
            double value = x[image.at(image.sample(i), channel, image.place(i))];
            squares += value * value;
          }
        }
        y[i] = x[i] / StrictMath.pow(k + alpha * (squares / size), beta);
      }
      return y;
    };
  }

  /** Filter response normalization with the thresholded linear unit. */
  static Forward filterResponse(Image image, double epsilon) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int c = image.channel(i);
        double squares = 0;
        for (int place = 0; place < image.places(); place++) {
          double value = x[image.at(image.sample(i), c, place)];
          squares += value * value;
        }
        double effective = epsilon + Math.abs(parameter(p, "eps", 0, 0));
        double xhat = x[i] / Math.sqrt(squares / image.places() + effective);
        double z = parameter(p, "weight", c, 1) * xhat + parameter(p, "bias", c, 0);
        y[i] = Math.max(z, parameter(p, "tau", c, Double.NEGATIVE_INFINITY));
      }
      return y;
    };
  }

  /** Batch normalization of ghost batches of a size, the last of which may be smaller. */
  static Forward ghostBatch(Image image, int ghostSize, double epsilon) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int from = 0; from < image.n(); from += ghostSize) {
        int to = Math.min(image.n(), from + ghostSize);
        for (int c = 0; c < image.channels(); c++) {
          double[] moments = moments(image, x, from, to, c);
          for (int sample = from; sample < to; sample++) {
            for (int place = 0; place < image.places(); place++) {
              int i = image.at(sample, c, place);
              double xhat = (x[i] - moments[0]) / Math.sqrt(moments[1] + epsilon);
              y[i] = xhat * parameter(p, "weight", c, 1) + parameter(p, "bias", c, 0);
            }
          }
        }
      }
      return y;
    };
  }

  /** Batch renormalization beside running statistics; r and d are constants. */
  static Forward batchRenorm(
      Image image,
      double[] runningMean,
      double[] runningVariance,
      double rMax,
      double dMax,
      double epsilon) {
    return (x, unmoved, p) -> {
      double[] y = new double[x.length];
      for (int c = 0; c < image.channels(); c++) {
        double[] constant = moments(image, unmoved, 0, image.n(), c);
        double sigma = Math.sqrt(runningVariance[c] + epsilon);
        double r = Math.sqrt(constant[1] + epsilon) / sigma;
        double d = (constant[0] - runningMean[c]) / sigma;
        r = Math.max(1 / rMax, Math.min(rMax, r));
        d = Math.max(-dMax, Math.min(dMax, d));
        double[] moments = moments(image, x, 0, image.n(), c);
        for (int sample = 0; sample < image.n(); sample++) {
          for (int place = 0; place < image.places(); place++) {
            int i = image.at(sample, c, place);
            double xhat = (x[i] - moments[0]) / Math.sqrt(moments[1] + epsilon) * r + d;
            y[i] = xhat * parameter(p, "weight", c, 1) + parameter(p, "bias", c, 0);
          }
        }
      }
      return y;
    };
  }

  /** Mean and biased variance of a channel over some samples. */
  static double[] moments(Image image, double[] x, int from, int to, int channel) {
    double[] values = new double[(to - from) * image.places()];
    for (int j = 0; j < values.length; j++) {
      values[j] = x[image.at(from + j / image.places(), channel, j % image.places())];
    }
    double mean = Arrays.stream(values).sum() / values.length;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return new double[] {mean, squares / values.length};
  }
}
