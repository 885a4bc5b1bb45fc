package io.github.normkit.golden;

import io.github.normkit.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a layer gave for one tensor of a golden case beside what the case expects.
 *
 * @param golden the case
 * @param tensor what it is, for example {@code grad_input}
 * @param member its name in the file, for example {@code grad_input.2}
 * @param shape the shape of the expected tensor
 * @param got what the layer gave
 * @param expected the case's answer
 * @param exact the float64 value behind the answer where that is itself rounded, else the answer
 * @param rtol the relative part of the tolerance
 * @param atol the absolute part
 */
@SuppressWarnings("ArrayRecordComponent") // its instances are never compared
record Comparison(
    GoldenCase golden,
    String tensor,
    String member,
    Shape shape,
    double[] got,
    double[] expected,
    double[] exact,
    double rtol,
    double atol) {

  Comparison {
    if (got.length != expected.length || expected.length != exact.length) {
      throw new IllegalArgumentException(
          golden + ": " + member + ": " + got.length + " values for " + expected.length);
    }
  }

  /** Describes the first element that misses its tolerance, or is empty where all are right. */
  Optional<String> failure() {
    for (int i = 0; i < got.length; i++) {
      if (!isRight(got[i], expected[i])) {
        return Optional.of(
            String.format(
                "%s: %s%s: got %s, expected %s, tolerance %.3g;"
                    + " largest error %.3g tensor ulps, PyTorch's %.3g",
                golden,
                member,
                Arrays.toString(index(i)),
                got[i],
                expected[i],
                tolerance(expected[i]),
                tensorUlps(),
                pyTorchTensorUlps(golden, tensor).orElse(Double.NaN)));
      }
    }
    return Optional.empty();
  }

  /**
   * Which NaN or infinity comes out where the answer is not finite is left open. Running statistics
   * do not take it in.
   */
  private boolean isRight(double value, double answer) {
    if (!Double.isFinite(answer)) {
      return Double.isFinite(value) == tensor.startsWith("running_");
    }
    if (Math.abs(answer) > Float.MAX_VALUE) {
      return value == Math.copySign(Double.POSITIVE_INFINITY, answer);
    }
    return Math.abs(value - answer) <= tolerance(answer);
  }

  private double tolerance(double answer) {
    return atol + rtol * Math.abs(answer);
  }

  private int[] index(int flat) {
    int[] index = shape.toArray();
    int rest = flat;
    for (int i = index.length - 1; i >= 0; i--) {
      int dim = index[i];
      index[i] = rest % dim;
      rest /= dim;
    }
    return index;
  }

  /**
   * The largest error in float32 units in the last place of the largest answer, of the elements
   * whose answer is a finite float; infinite if one of them came out NaN or infinite.
   */
  double tensorUlps() {
    double largestAnswer = 0;
    double largestError = 0;
    for (int i = 0; i < got.length; i++) {
      if (Math.abs(exact[i]) <= Float.MAX_VALUE) {
        double error = Math.abs(got[i] - exact[i]);
        largestError =
            Math.max(largestError, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        largestAnswer = Math.max(largestAnswer, Math.abs(exact[i]));
      }
    }
    return largestError / Math.ulp((float) largestAnswer);
  }

  /** PyTorch's own {@link #tensorUlps}, over all steps of a sequence, where it is stored. */
  static OptionalDouble pyTorchTensorUlps(GoldenCase golden, String tensor) {
    return golden
        .find("pytorch_f32_max_tensor_ulp_err." + tensor)
        .map(stored -> OptionalDouble.of(Double.parseDouble(stored)))
        .orElse(OptionalDouble.empty());
  }
}
