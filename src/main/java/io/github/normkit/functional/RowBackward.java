package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.ROWS;

import io.github.normkit.internal.Lanes;
import java.util.Arrays;

/**
 * The backward pass of {@link RowNorm}: two passes over rows while they are in cache, the first of
 * which also adds to the gradients of the parameters.
 *
 * <p>Those are summed down the rows of a chunk, and the chunks in order. Chunks are what threads
 * share; the shape alone says where they are cut.
 */
final class RowBackward {

  private static final int LEAST_ROWS = 64;

  private static final int MOST_CHUNKS = 16;

  private RowBackward() {}

  static void run(RowCall call) {
    if (call.rows == 0) {
      return;
    }
    int chunks = (call.rows + chunkRows(call) - 1) / chunkRows(call);
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(0, chunks * 2 * call.cols);
    if (call.parallel(chunks)) {
      Parallel.run(call.pool, chunks, (from, to) -> chunks(call, from, to, sums));
    } else {
      chunks(call, 0, chunks, sums);
    }
    Gradients.total(sums, chunks, 2 * call.cols);
    Gradients.add(call.gradients, sums, call.cols);
    call.weightSum = call.unit ? Gradients.sum(sums, call.cols, call.cols) : 0;
    scratch.give();
  }

  private static int chunkRows(RowCall call) {
    return Math.max(LEAST_ROWS, (call.rows + MOST_CHUNKS - 1) / MOST_CHUNKS);
  }

  private static void chunks(RowCall call, int from, int to, double[] sums) {
    Scratch scratch = Scratch.take();
    float[] weight = call.weight(scratch);
    for (int chunk = from; chunk < to; chunk++) {
      int at = chunk * 2 * call.cols;
      int first = chunk * chunkRows(call);
      int end = Math.min(call.rows, first + chunkRows(call));
      Arrays.fill(sums, at, at + 2 * call.cols, 0);
      int n;
      for (int r = first; r < end; r += n) {
        n = call.few(r, end);
        rows(call, r, n, weight, sums, at, scratch);
      }
    }
    scratch.give();
  }

  private static void rows(
      RowCall call, int first, int n, float[] weight, double[] sums, int at, Scratch scratch) {
    double[] statistics = scratch.rowStatistics;
    for (int i = 0; i < n; i++) {
      statistics[2 * i] = call.mean(first + i);
      statistics[2 * i + 1] = call.rstd[first + i];
    }
    ROWS.sums(
        call.dy.array,
        call.dy.at(first),
        call.dy.stride,
        call.x.array,
        call.x.at(first),
        call.x.stride,
        n,
        call.cols,
        statistics,
        weight,
        call.weightOffset(),
        sums,
        at,
        scratch.rowLanes);
    if (call.dsum.array == null) {
      gradients(call, first, n, weight, scratch);
    } else {
      float[] dsum = copyOfDsum(call, first, n, scratch);
      gradients(call, first, n, weight, scratch);
      addDsum(call, first, n, dsum);
    }
  }

  /** A copy, for dx may be dsum itself. */
  private static float[] copyOfDsum(RowCall call, int first, int n, Scratch scratch) {
    float[] dsum = scratch.floats(3, n * call.cols);
    for (int i = 0; i < n; i++) {
      System.arraycopy(call.dsum.array, call.dsum.at(first + i), dsum, i * call.cols, call.cols);
    }
    return dsum;
  }

  private static void addDsum(RowCall call, int first, int n, float[] dsum) {
    ROWS.add(
        call.dx.array,
        call.dx.at(first),
        call.dx.stride,
        dsum,
        0,
        call.cols,
        1,
        call.dx.array,
        call.dx.at(first),
        call.dx.stride,
        n,
        call.cols);
  }

  /** Writes gradients: of as many rows as may go to the kernels at a time, and those between. */
  private static void gradients(RowCall call, int first, int n, float[] weight, Scratch scratch) {
    double[][] folded = scratch.rowSums;
    for (int sum = 0; sum < folded.length; sum++) {
      ROWS.fold(scratch.rowLanes, sum * Lanes.SECOND, n, folded[sum]);
    }
    int ready = 0;
    for (int i = 0; i < n; i++) {
      double mean = scratch.rowStatistics[2 * i];
      double rstd = scratch.rowStatistics[2 * i + 1];
      double meanSum = call.centered ? folded[0][i] / call.cols : 0;
      double meanDot = call.meanDot(folded[1][i] * rstd, rstd);
      if (call.gradientFits(folded[2][i], meanDot, rstd)) {
        int p = 4 * ready++;
        scratch.rowParams[p] = (float) mean;
        scratch.rowParams[p + 1] = (float) rstd;
        scratch.rowParams[p + 2] = Split.slope(meanDot, rstd);
        scratch.rowParams[p + 3] = Split.offset(meanSum, meanDot, mean, rstd, (float) rstd);
      } else {
        gradients(call, first + i - ready, ready, weight, scratch.rowParams);
        ready = 0;
        wideGradient(call, first + i, mean, rstd, meanSum, meanDot);
      }
    }
    gradients(call, first + n - ready, ready, weight, scratch.rowParams);
  }

  private static void gradients(RowCall call, int first, int n, float[] weight, float[] params) {
    gradients(call, first, n, 0, call.part(), weight, params);
    if (call.rest > 0) {
      for (int i = 0; i < n; i++) {
        params[4 * i + 2] = 0;
      }
      gradients(call, first, n, call.part(), call.cols, weight, params);
    }
  }

  /** Some columns of some rows: all of which, or none, have an influence on the statistics. */
  private static void gradients(
      RowCall call, int first, int n, int from, int to, float[] weight, float[] params) {
    ROWS.gradient(
        call.dy.array,
        call.dy.at(first) + from,
        call.dy.stride,
        call.x.array,
        call.x.at(first) + from,
        call.x.stride,
        call.dx.array,
        call.dx.at(first) + from,
        call.dx.stride,
        n,
        to - from,
        params,
        weight,
        call.weightOffset() + from);
  }

  private static void wideGradient(
      RowCall call, int r, double mean, double rstd, double meanSum, double meanDot) {
    wideGradient(call, r, 0, call.part(), mean, rstd, meanSum, meanDot);
    wideGradient(call, r, call.part(), call.cols, mean, rstd, meanSum, 0);
  }

  private static void wideGradient(
      RowCall call,
      int r,
      int from,
      int to,
      double mean,
      double rstd,
      double meanSum,
      double meanDot) {
    Wide.gradient(
        call.dy.array,
        call.dy.at(r) + from,
        call.x.array,
        call.x.at(r) + from,
        call.dx.array,
        call.dx.at(r) + from,
        to - from,
        1,
        mean,
        rstd,
        call.affine,
        from,
        1,
        meanSum,
        meanDot);
  }
}
