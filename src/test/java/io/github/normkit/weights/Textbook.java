package io.github.normkit.weights;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;

/** The papers' formulas in float64, element by element, without regard to speed. */
final class Textbook {

  private static final double STEP = 1e-5;

  private Textbook() {}

  /** For each element the index of its row, that is, of the chosen dimensions, in order. */
  static int[] rows(Shape shape, int... dims) {
    return indices(shape, d -> Arrays.stream(dims).anyMatch(dim -> dim == d));
  }

  /** For each element the index of its column, that is, of the other dimensions, in order. */
  static int[] columns(Shape shape, int... dims) {
    return indices(shape, d -> Arrays.stream(dims).noneMatch(dim -> dim == d));
  }

  private static int[] indices(Shape shape, IntPredicate counts) {
    int[] indices = new int[shape.size()];
    for (int e = 0; e < indices.length; e++) {
      int rest = e;
      int weight = 1;
      for (int d = shape.rank() - 1; d >= 0; d--) {
        if (counts.test(d)) {
          indices[e] += rest % shape.dim(d) * weight;
          weight *= shape.dim(d);
        }
        rest /= shape.dim(d);
      }
    }
    return indices;
  }

  /** Salimans and Kingma, equation 2. */
  static double[] weightNorm(double[] g, double[] v, int[] rows) {
    double[] squares = new double[g.length];
    for (int e = 0; e < v.length; e++) {
      squares[rows[e]] += v[e] * v[e];
    }
    double[] w = new double[v.length];
    for (int e = 0; e < v.length; e++) {
      w[e] = g[rows[e]] / Math.sqrt(squares[rows[e]]) * v[e];
    }
    return w;
  }

  /** Qiao et al., section 2, times the gain. */
  static double[] standardization(double[] weight, double[] gain, int[] rows, double epsilon) {
    double n = weight.length / (double) gain.length;
    double[] mean = new double[gain.length];
    double[] variance = new double[gain.length];
    for (int e = 0; e < weight.length; e++) {
      mean[rows[e]] += weight[e] / n;
    }
    for (int e = 0; e < weight.length; e++) {
      double distance = weight[e] - mean[rows[e]];
      variance[rows[e]] += distance * distance / n;
    }
    double[] w = new double[weight.length];
    for (int e = 0; e < weight.length; e++) {
      double xhat = (weight[e] - mean[rows[e]]) / Math.sqrt(variance[rows[e]] + epsilon);
      w[e] = gain[rows[e]] * xhat;
    }
    return w;
  }

  /** Miyato et al., equation 8, with the σ of algorithm 1. */
  static double[] spectral(double[] weight, double[] u, double[] v, int[] rows, int[] columns) {
    double sigma = 0;
    for (int e = 0; e < weight.length; e++) {
      sigma += u[rows[e]] * weight[e] * v[columns[e]];
    }
    double[] w = new double[weight.length];
    for (int e = 0; e < weight.length; e++) {
      w[e] = weight[e] / sigma;
    }
    return w;
  }

  /** Algorithm 1, step 2: changes u and v. */
  static void iterate(double[] weight, double[] u, double[] v, int[] rows, int[] columns) {
    Arrays.fill(v, 0);
    for (int e = 0; e < weight.length; e++) {
      v[columns[e]] += weight[e] * u[rows[e]];
    }
    normalize(v);
    Arrays.fill(u, 0);
    for (int e = 0; e < weight.length; e++) {
      u[rows[e]] += weight[e] * v[columns[e]];
    }
    normalize(u);
  }

  static void normalize(double[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The gradient by central differences. */
  static double[] gradient(double[] at, ToDoubleFunction<double[]> loss) {
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] moved = at.clone();
      moved[i] = at[i] + STEP;
      double above = loss.applyAsDouble(moved);
      moved[i] = at[i] - STEP;
      gradient[i] = (above - loss.applyAsDouble(moved)) / (2 * STEP);
    }
    return gradient;
  }

  static double[] wide(Tensor tensor) {
    float[] values = tensor.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
