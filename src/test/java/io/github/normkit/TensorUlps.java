package io.github.normkit;

/** Errors in units in the last place of a tensor's largest value. */
final class TensorUlps {

  private TensorUlps() {}

  /** The largest error of an element. */
  static double error(float[] got, double[] expected) {
    double error = 0;
    for (int i = 0; i < got.length; i++) {
      error = Math.max(error, Math.abs(got[i] - expected[i]));
    }
    return error / Math.ulp((float) NaturalTolerance.largest(expected));
  }
}
