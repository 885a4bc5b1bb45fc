package io.github.normkit.functional;

/** Statistics in double as the kernels take them: two floats for a mean, one for 1/σ. */
final class Split {

  private Split() {}

  static float head(double mean) {
    return (float) mean;
  }

  /** What the head leaves off, in units of σ: as large as xhat, it never falls among denormals. */
  static float tail(double mean, double rstd) {
    return (float) ((mean - (float) mean) * rstd);
  }

  /** The bias for a kernel that scales x - head. */
  static float bias(double mean, double scale, double bias) {
    return (float) (bias - (mean - (float) mean) * scale);
  }

  /** 1/σ or a multiple of it, kept finite: an infinite one would turn the 0 of x - mean to NaN. */
  static float scale(double rstd) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, rstd));
  }

  static double rstd(double variance, double epsilon) {
    return 1 / Math.sqrt(variance + epsilon);
  }
}
