package io.github.normkit.throughput;

import java.util.Map;

/** What a call has to compute: the results that it must give. */
public interface Checked {

  /** What a result may be off at most, as a part of its largest value. */
  double TOLERANCE = 1e-4;

  /** Returns the results in float64, by name. */
  Map<String, double[]> expected();

  /**
   * Runs a call once and returns the largest error over all results, as a part of the largest
   * expected value of each.
   *
   * @throws IllegalStateException if a result is missing, has not the right length, or is off by
   *     more than {@link #TOLERANCE} or by a NaN
   */
  default double error(Call call) {
    call.run();
    Map<String, float[]> results = call.results();
    double largest = 0;
    for (Map.Entry<String, double[]> expected : expected().entrySet()) {
      String name = expected.getKey();
      float[] result = results.get(name);
      int length = expected.getValue().length;
      if (result == null || result.length != length) {
        String got = result == null ? "none" : String.valueOf(result.length);
        throw new IllegalStateException(
            this + ": " + name + " must have " + length + " elements: got " + got);
      }
      double error = error(result, expected.getValue());
      // Not error > TOLERANCE, which a NaN would pass.
      if (!(error <= TOLERANCE)) {
        throw new IllegalStateException(
            this
                + ": "
                + name
                + " must be off by at most "
                + TOLERANCE
                + " of its largest value: got "
                + error);
      }
      largest = Math.max(largest, error);
    }
    return largest;
  }

  private static double error(float[] result, double[] expected) {
    double size = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      size = Math.max(size, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(result[i] - expected[i]));
    }
    return error / size;
  }
}
