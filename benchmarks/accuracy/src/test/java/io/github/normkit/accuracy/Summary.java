package io.github.normkit.accuracy;

import io.github.normkit.golden.TensorError;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Errors of several tensors in a few numbers.
 *
 * @param errors the tensors, at least one
 */
record Summary(List<TensorError> errors) {

  /** The number of cases the tensors are from. */
  long cases() {
    return errors.stream().map(TensorError::name).distinct().count();
  }

  double largest() {
    return largest(ours());
  }

  /** PyTorch's largest error, NaN where none is stored. */
  double largestOfPyTorch() {
    return largest(pyTorchs());
  }

  double median() {
    return median(ours());
  }

  /** The median of PyTorch's errors, NaN where none is stored. */
  double medianOfPyTorch() {
    return median(pyTorchs());
  }

  /** In how many tensors normkit's error is the smaller one. */
  long moreExact() {
    return errors.stream().filter(e -> e.ulps() < e.pyTorchUlps().orElse(Double.NaN)).count();
  }

  /** In how many tensors PyTorch's error is the smaller one. */
  long lessExact() {
    return errors.stream().filter(e -> e.ulps() > e.pyTorchUlps().orElse(Double.NaN)).count();
  }

  /** In how many tensors there are both errors. */
  long compared() {
    return pyTorchs().count();
  }

  private DoubleStream ours() {
    return errors.stream().mapToDouble(TensorError::ulps);
  }

  private DoubleStream pyTorchs() {
    return errors.stream().flatMapToDouble(error -> error.pyTorchUlps().stream());
  }

  private static double largest(DoubleStream values) {
    return values.max().orElse(Double.NaN);
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** The cells of a table after the first. */
  List<String> cells() {
    boolean both = compared() > 0;
    return List.of(
        String.valueOf(cases()),
        String.valueOf(errors.size()),
        cell(largest()),
        cell(largestOfPyTorch()),
        cell(median()),
        cell(medianOfPyTorch()),
        both ? String.valueOf(moreExact()) : "-",
        both ? String.valueOf(lessExact()) : "-");
  }

  /** An error with about as many digits as say something. */
  static String cell(double ulps) {
    if (Double.isNaN(ulps)) {
      return "-";
    }
    if (Double.isInfinite(ulps)) {
      return "infinite";
    }
    String format = ulps < 10 ? "%.2f" : ulps < 100 ? "%.1f" : ulps < 1e5 ? "%.0f" : "%.1e";
    return String.format(Locale.ROOT, format, ulps).replaceFirst("e\\+0?", "e");
  }
}
