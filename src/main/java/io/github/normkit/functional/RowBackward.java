package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;
import java.util.Arrays;

/**
 * The backward pass of {@link RowNorm}: two passes over a row while it is in cache, the first of
 * which also adds to the gradients of the parameters.
 *
 * <p>Those are summed down the rows of a chunk, and the chunks in order. Chunks are what threads
 * share; the shape alone says where they are cut.
 */
final class RowBackward {

  private static final int LEAST_ROWS = 32;

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
      for (int r = first; r < end; r++) {
        row(call, r, weight, sums, at, scratch.lanes);
      }
    }
    scratch.give();
  }

  private static void row(
      RowCall call, int r, float[] weight, double[] sums, int at, double[] lanes) {
    double mean = call.mean(r);
    double rstd = call.rstd[r];
    KERNELS.rowSums(
        call.dy.array,
        call.dy.at(r),
        call.x.array,
        call.x.at(r),
        call.cols,
        mean,
        rstd,
        weight,
        call.weightOffset(),
        sums,
        at,
        lanes);
    double meanSum = call.centered ? Lanes.fold(lanes, 0) / call.cols : 0;
    double meanDot = Lanes.fold(lanes, Lanes.SECOND) * rstd / call.cols;
    if (Split.gradientFits(Lanes.fold(lanes, Lanes.THIRD), call.cols, rstd)) {
      gradient(call, r, mean, rstd, meanSum, meanDot, weight);
    } else {
      wideGradient(call, r, mean, rstd, meanSum, meanDot);
    }
  }

  private static void gradient(
      RowCall call,
      int r,
      double mean,
      double rstd,
      double meanSum,
      double meanDot,
      float[] weight) {
    KERNELS.rowGradient(
        call.dy.array,
        call.dy.at(r),
        call.x.array,
        call.x.at(r),
        call.dx.array,
        call.dx.at(r),
        call.cols,
        (float) mean,
        (float) rstd,
        weight,
        call.weightOffset(),
        Split.slope(meanDot, rstd),
        Split.offset(meanSum, meanDot, mean, rstd, (float) rstd));
  }

  private static void wideGradient(
      RowCall call, int r, double mean, double rstd, double meanSum, double meanDot) {
    Wide.gradient(
        call.dy.array,
        call.dy.at(r),
        call.x.array,
        call.x.at(r),
        call.dx.array,
        call.dx.at(r),
        call.cols,
        1,
        mean,
        rstd,
        call.affine,
        0,
        1,
        meanSum,
        meanDot);
  }
}
