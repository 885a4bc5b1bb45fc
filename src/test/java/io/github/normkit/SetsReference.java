package io.github.normkit;

import io.github.normkit.reference.Gradients;
import java.util.stream.IntStream;

/**
 * Normalization in float64, from the formula alone, of elements in any sets: those of a set share a
 * mean and a variance, those of set -1 do not count.
 *
 * @param sets the set of each element
 * @param parameters the index of the weight and the bias of each element
 * @param centered whether the mean is taken off
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SetsReference(int[] sets, int[] parameters, boolean centered, double epsilon) {

  private int[] elements(int set) {
    return IntStream.range(0, sets.length).filter(i -> sets[i] == set).toArray();
  }

  private IntStream counted() {
    return IntStream.range(0, sets.length).filter(i -> sets[i] >= 0);
  }

  int count(int set) {
    return elements(set).length;
  }

  double mean(double[] x, int set) {
    double sum = 0;
    for (int i : elements(set)) {
      sum += x[i];
    }
    return centered ? sum / count(set) : 0;
  }

  double variance(double[] x, int set) {
    double mean = mean(x, set);
    double sum = 0;
    for (int i : elements(set)) {
      sum += (x[i] - mean) * (x[i] - mean);
    }
    return sum / count(set);
  }

  double[] xhat(double[] x) {
    double[] xhat = new double[x.length];
    for (int set : counted().map(i -> sets[i]).distinct().toArray()) {
      double mean = mean(x, set);
      double deviation = Math.sqrt(variance(x, set) + epsilon);
      for (int i : elements(set)) {
        xhat[i] = (x[i] - mean) / deviation;
      }
    }
    return xhat;
  }

  double[] forward(double[] x, double[] weight, double[] bias) {
    double[] y = xhat(x);
    counted().forEach(i -> y[i] = y[i] * weight[parameters[i]] + bias[parameters[i]]);
    return y;
  }

  Gradients backward(double[] x, double[] dy, double[] weight) {
    double[] xhat = xhat(x);
    double[] dx = new double[x.length];
    for (int set : counted().map(i -> sets[i]).distinct().toArray()) {
      double meanG = 0;
      double meanGXhat = 0;
      for (int i : elements(set)) {
        double g = dy[i] * weight[parameters[i]];
        meanG += centered ? g / count(set) : 0;
        meanGXhat += g * xhat[i] / count(set);
      }
      double rstd = 1 / Math.sqrt(variance(x, set) + epsilon);
      for (int i : elements(set)) {
        dx[i] = rstd * (dy[i] * weight[parameters[i]] - meanG - xhat[i] * meanGXhat);
      }
    }
    double[] dWeight = new double[weight.length];
    double[] dBias = new double[weight.length];
    counted()
        .forEach(
            i -> {
              dWeight[parameters[i]] += dy[i] * xhat[i];
              dBias[parameters[i]] += dy[i];
            });
    return new Gradients(dx, dWeight, dBias);
  }

  /** The largest 1/σ, which sets the size of the terms of dx. */
  double largestRstd(double[] x) {
    return counted()
        .map(i -> sets[i])
        .distinct()
        .mapToDouble(set -> 1 / Math.sqrt(variance(x, set) + epsilon))
        .max()
        .orElse(0);
  }
}
