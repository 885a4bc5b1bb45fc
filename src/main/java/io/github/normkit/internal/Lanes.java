package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The order in which a run is summed, the same for every vector width and for none.
 *
 * <p>A run is cut into vectors of 16 virtual lanes. Vector {@code v} is added to accumulator {@code v
 * mod 4}, element {@code j} of it to lane {@code j}. The last {@code r < 16} elements, which fill no
 * vector, go to a fifth accumulator, the {@code t}-th of them to lane {@code 16 - r + t}. A set of
 * several runs carries its accumulators from run to run. At the end {@code ((a0 + a2) + (a1 + a3)) +
 * a4} in float gives 16 lanes, which fold in double at distance 8, 4, 2 and 1.
 *
 * <p>Two sums are made at a time. Accumulators of the first stand at index 0 of an array of {@link
 * #LENGTH}, those of the second at {@link #SECOND}; a kernel leaves the 16 lanes at these places.
 */
public final class Lanes {

  /** Virtual lanes of a vector. */
  static final int WIDTH = 16;

  /** Elements of a block, one vector for each of the four accumulators. */
  static final int BLOCK = 4 * WIDTH;

  /** Where the second sum's lanes begin. */
  public static final int SECOND = BLOCK + WIDTH;

  /** Length of an array of accumulators. */
  public static final int LENGTH = 2 * SECOND;

  private Lanes() {}

  /** The accumulator's lane, of all five, that element {@code i} of a run of {@code len} goes to. */
  static int of(int i, int len) {
    int whole = len & -WIDTH;
    return i < whole ? i & (BLOCK - 1) : SECOND - (len - i);
  }

  /** Clears the fifth accumulator of both sums. */
  static void clearTail(float[] acc) {
    Arrays.fill(acc, BLOCK, SECOND, 0);
    Arrays.fill(acc, SECOND + BLOCK, LENGTH, 0);
  }

  /** Adds the fifth accumulator of both sums to the lanes that the other four gave. */
  static void addTail(float[] acc) {
    for (int j = 0; j < WIDTH; j++) {
      acc[j] += acc[BLOCK + j];
      acc[SECOND + j] += acc[SECOND + BLOCK + j];
    }
  }

  /**
   * Folds 16 lanes in double.
   *
   * @param acc the accumulators as a kernel left them. Not modified.
   * @param at 0 for the first sum, {@link #SECOND} for the second
   * @return the sum
   */
  public static double fold(float[] acc, int at) {
    double s0 = pair(acc, at, 0) + pair(acc, at, 4);
    double s1 = pair(acc, at, 1) + pair(acc, at, 5);
    double s2 = pair(acc, at, 2) + pair(acc, at, 6);
    double s3 = pair(acc, at, 3) + pair(acc, at, 7);
    return (s0 + s2) + (s1 + s3);
  }

  private static double pair(float[] acc, int at, int lane) {
    return (double) acc[at + lane] + (double) acc[at + lane + 8];
  }
}
