package io.github.normkit.golden;

/** The generator of the inputs that are too large to be stored. */
final class SplitMix64 {

  private SplitMix64() {}

  /** Returns {@code count} floats spread evenly over [offset - scale, offset + scale). */
  static float[] floats(long seed, double offset, double scale, int count) {
    float[] values = new float[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      values[i] = (float) (offset + scale * ((z >>> 40) * 0x1p-23 - 1.0));
    }
    return values;
  }
}
