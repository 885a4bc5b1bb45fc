package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.ROWS;

import java.util.concurrent.ForkJoinPool;

/**
 * The addition of a residual, where no norm follows that could {@linkplain RowNorm take it along}.
 *
 * <p>Arguments are checked before anything is written; {@link IllegalArgumentException} names the
 * array and the numbers. Static, without state: many threads may call at once.
 */
public final class Residual {

  private static final String ADD = "Residual.add";

  /** What threads share at a time. */
  private static final int PIECE = 4096;

  private Residual() {}

  /**
   * Adds a residual: {@code sum = x + scale * residual}, the product and the sum rounded once each.
   *
   * @param x the input. Not modified unless it is {@code sum}.
   * @param xOffset the index of its first element
   * @param residual what is added to it. Not modified unless it is {@code sum}.
   * @param residualOffset the index of its first element
   * @param scale multiplies the residual: 1, or α of a scaled residual
   * @param sum receives the sum; may be either of them. Modified.
   * @param sumOffset the index of its first element
   * @param length the number of elements, may be 0
   * @param pool splits large inputs; null for the caller's thread
   */
  public static void add(
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float scale,
      float[] sum,
      int sumOffset,
      int length,
      ForkJoinPool pool) {
    if (length < 0) {
      throw new IllegalArgumentException(ADD + ": length must be at least 0: got " + length);
    }
    Checks.stretch(ADD, "x", x, xOffset, length);
    Checks.stretch(ADD, "residual", residual, residualOffset, length);
    Checks.stretch(ADD, "sum", sum, sumOffset, length);
    Checks.sameOrApart(ADD, "sum", sum, sumOffset, length, "x", x, xOffset, length, 1, length);
    Checks.sameOrApart(
        ADD,
        "sum",
        sum,
        sumOffset,
        length,
        "residual",
        residual,
        residualOffset,
        length,
        1,
        length);
    int pieces = (int) ((length + (PIECE - 1L)) / PIECE);
    if (Parallel.pays(pool, pieces, length)) {
      Parallel.run(
          pool,
          pieces,
          (from, to) -> {
            int at = from * PIECE;
            int n = (int) Math.min((long) to * PIECE, length) - at;
            add(x, xOffset + at, residual, residualOffset + at, scale, sum, sumOffset + at, n);
          });
    } else {
      add(x, xOffset, residual, residualOffset, scale, sum, sumOffset, length);
    }
  }

  private static void add(
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float scale,
      float[] sum,
      int sumOffset,
      int length) {
    ROWS.add(x, xOffset, 0, residual, residualOffset, 0, scale, sum, sumOffset, 0, 1, length);
  }
}
