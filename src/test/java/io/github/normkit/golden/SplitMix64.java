package io.github.normkit.golden;

/** The generator of Steele, Lea and Flood: the same numbers on every machine. */
public final class SplitMix64 {

  private long state;

  /** A generator whose first number is that of the seed. */
  public SplitMix64(long seed) {
    state = seed;
  }

  /** Returns the next 64 bits. */
  public long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Returns {@code count} floats spread evenly over [offset - scale, offset + scale): the inputs
   * that are too large to be stored.
   */
  static float[] floats(long seed, double offset, double scale, int count) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (offset + scale * ((random.next() >>> 40) * 0x1p-23 - 1.0));
    }
    return values;
  }
}
