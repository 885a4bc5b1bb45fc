package io.github.normkit.internal;

import java.util.Arrays;

/**
 * The order in which runs are summed, the same for every vector width and for none.
 *
 * <p>Sums are taken in double, in 8 virtual lanes that fold at distance 4, 2 and 1.
 *
 * <ul>
 *   <li>A run of a segment is cut into blocks of 16 elements, two accumulators of 8 lanes: element
 *       {@code i} is added to lane {@code i mod 8} of accumulator {@code (i div 8) mod 2}. At the
 *       end of the run {@code a0 + a1} is added to the lanes, and so are the last {@code r < 16}
 *       elements, which fill no block, one by one: element {@code j} of them to lane {@code j mod
 *       8}. Run follows run.
 *   <li>For a row's statistics, while there are 128 elements these are first added up in float to a
 *       block of 16: elements 16 apart, two by two, then these sums two by two, and again. Where 64
 *       are left they are added up likewise, to 16 sums, of which {@code j} is added to lane {@code
 *       j mod 8}. The rest is such a run of its own.
 *   <li>For a row's gradient element {@code i} is added to lane {@code i mod 8}.
 * </ul>
 *
 * <p>Kernels make up to three sums at a time, in an array of {@link #LENGTH}: they leave the lanes
 * of the first at index 0, those of the others at {@link #SECOND} and {@link #THIRD}.
 *
 * <p>The sums of rows follow one another at a distance of {@link #ROW}: a row's run is summed where
 * the next rows' lanes will be.
 */
public final class Lanes {

  /** Lanes of a sum. */
  static final int WIDTH = 8;

  /** Elements of a block. */
  static final int BLOCK = 2 * WIDTH;

  /** Where the second sum's lanes begin. */
  public static final int SECOND = WIDTH;

  /** Where the third sum's lanes begin. */
  public static final int THIRD = 2 * WIDTH;

  /** The distance of the sums of rows, which is the length of their lanes. */
  public static final int ROW = 3 * WIDTH;

  /** Where the accumulators of a run stand, behind the lanes, a block of them for each sum. */
  static final int RUN = ROW;

  /** Where those of the second sum begin. */
  static final int SECOND_RUN = RUN + BLOCK;

  /** Where those of the third sum begin. */
  static final int THIRD_RUN = SECOND_RUN + BLOCK;

  /** Length of an array of lanes. */
  public static final int LENGTH = THIRD_RUN + BLOCK;

  /** Elements of a row that are added up in float to a block. */
  static final int FLOATS = 8 * BLOCK;

  /** The same where there are fewer. */
  static final int FEWER_FLOATS = 4 * BLOCK;

  private Lanes() {}

  /** Length of an array for the sums of rows. */
  public static int ofRows(int rows) {
    return (rows - 1) * ROW + LENGTH;
  }

  /** Begins the sums. */
  static void clear(double[] sums, int at) {
    Arrays.fill(sums, at, at + RUN, 0);
  }

  /** Begins a run. */
  static void clearRun(double[] sums, int at) {
    Arrays.fill(sums, at + RUN, at + LENGTH, 0);
  }

  /** Ends a run but for its rest. */
  static void addRun(double[] sums, int at) {
    for (int j = at; j < at + WIDTH; j++) {
      sums[j] += sums[RUN + j] + sums[RUN + WIDTH + j];
      sums[SECOND + j] += sums[SECOND_RUN + j] + sums[SECOND_RUN + WIDTH + j];
      sums[THIRD + j] += sums[THIRD_RUN + j] + sums[THIRD_RUN + WIDTH + j];
    }
  }

  /**
   * Folds 8 lanes.
   *
   * @param sums the lanes as a kernel left them. Not modified.
   * @param at 0 for the first sum, {@link #SECOND}, {@link #THIRD}
   * @return the sum
   */
  public static double fold(double[] sums, int at) {
    double s0 = sums[at] + sums[at + 4];
    double s1 = sums[at + 1] + sums[at + 5];
    double s2 = sums[at + 2] + sums[at + 6];
    double s3 = sums[at + 3] + sums[at + 7];
    return (s0 + s2) + (s1 + s3);
  }
}
