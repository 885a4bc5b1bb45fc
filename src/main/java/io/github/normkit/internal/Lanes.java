package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The order in which runs are summed, the same for every vector width and for none.
 *
 * <p>A run is cut into blocks of 64 elements, four accumulators of 16 virtual lanes: element {@code
 * i} is added to lane {@code i mod 16} of accumulator {@code (i div 16) mod 4}. At the end of the
 * run {@code (a0 + a2) + (a1 + a3)} leaves 16 lanes. The last {@code r < 16} elements, which fill
 * no vector, wait until then and are added to the first r of these. The lanes of several runs are
 * added up in order. All this is in float; then the 16 lanes fold in double at distance 8, 4, 2 and
 * 1.
 *
 * <p>Kernels make two sums at a time, in an array of {@link #LENGTH}: they leave the lanes of the
 * first at index 0 and those of the second at {@link #SECOND}.
 */
public final class Lanes {

  /** Virtual lanes of an accumulator. */
  static final int WIDTH = 16;

  /** Elements of a block. */
  static final int BLOCK = 4 * WIDTH;

  /** Where the second sum's lanes begin. */
  public static final int SECOND = WIDTH;

  /** Where the accumulators of a run stand, a block of them for each sum. */
  static final int RUN = 2 * WIDTH;

  /** Where those of the second sum begin. */
  static final int SECOND_RUN = RUN + BLOCK;

  /** Length of an array of accumulators. */
  public static final int LENGTH = SECOND_RUN + BLOCK;

  private Lanes() {}

  /** Begins the sums over a set of runs. */
  static void clear(float[] acc) {
    Arrays.fill(acc, 0, RUN, 0);
  }

  /** Begins a run. */
  static void clearRun(float[] acc) {
    Arrays.fill(acc, RUN, LENGTH, 0);
  }

  /** Ends a run but for its rest. */
  static void addRun(float[] acc) {
    for (int j = 0; j < WIDTH; j++) {
      acc[j] += lane(acc, RUN + j);
      acc[SECOND + j] += lane(acc, SECOND_RUN + j);
    }
  }

  private static float lane(float[] acc, int at) {
    return (acc[at] + acc[at + 2 * WIDTH]) + (acc[at + WIDTH] + acc[at + 3 * WIDTH]);
  }

  /**
   * Folds 16 lanes in double.
   *
   * @param acc the lanes as a kernel left them. Not modified.
   * @param at 0 for the first sum, {@link #SECOND} for the second
   * @return the sum
   */
  public static double fold(float[] acc, int at) {
    double s0 = pair(acc, at) + pair(acc, at + 4);
    double s1 = pair(acc, at + 1) + pair(acc, at + 5);
    double s2 = pair(acc, at + 2) + pair(acc, at + 6);
    double s3 = pair(acc, at + 3) + pair(acc, at + 7);
    return (s0 + s2) + (s1 + s3);
  }

  private static double pair(float[] acc, int i) {
    return (double) acc[i] + (double) acc[i + 8];
  }
}
