package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

import io.github.normkit.internal.Lanes;
import java.util.Arrays;

/**
 * The backward pass of {@link RowNorm}: two passes over a row while it is in cache, the first of
 * which also adds to the gradients of the parameters.
 *
 * <p>Those are summed in float over a block of rows, in double over a chunk of blocks, and the
 * chunks in order. Chunks are what threads share; the shape alone says where they are cut.
 */
final class RowBackward {

  /** Rows whose parameter gradients are summed in float. */
  private static final int BLOCK = 32;

  private static final int MOST_CHUNKS = 16;

  private RowBackward() {}

  static void run(RowCall call) {
    int chunks = (call.rows + chunkRows(call) - 1) / chunkRows(call);
    Scratch scratch = Scratch.take();
    double[] sums = scratch.doubles(0, chunks * 2 * call.cols);
    if (call.parallel(chunks)) {
      Parallel.run(call.pool, chunks, (from, to) -> chunks(call, from, to, sums));
    } else {
      chunks(call, 0, chunks, sums);
    }
    Gradients.add(call.gradients, sums, chunks, call.cols);
    scratch.give();
  }

  private static int chunkRows(RowCall call) {
    int blocks = (call.rows + BLOCK - 1) / BLOCK;
    return Math.max(1, (blocks + MOST_CHUNKS - 1) / MOST_CHUNKS) * BLOCK;
  }

  private static void chunks(RowCall call, int from, int to, double[] sums) {
    Scratch scratch = Scratch.take();
    float[] weight = call.weight(scratch);
    float[] dBias = scratch.floats(0, call.cols);
    float[] dWeight = scratch.floats(1, call.cols);
    for (int chunk = from; chunk < to; chunk++) {
      int at = chunk * 2 * call.cols;
      int first = chunk * chunkRows(call);
      int end = Math.min(call.rows, first + chunkRows(call));
      Arrays.fill(sums, at, at + 2 * call.cols, 0);
      for (int block = first; block < end; block += BLOCK) {
        Arrays.fill(dBias, 0, call.cols, 0);
        Arrays.fill(dWeight, 0, call.cols, 0);
        for (int r = block; r < Math.min(end, block + BLOCK); r++) {
          row(call, r, weight, dWeight, dBias, scratch.acc);
        }
        if (finite(dBias, call.cols) && finite(dWeight, call.cols)) {
          Gradients.add(dBias, sums, at, call.cols);
          Gradients.add(dWeight, sums, at + call.cols, call.cols);
        } else {
          wideParameters(call, block, Math.min(end, block + BLOCK), sums, at);
        }
      }
    }
    scratch.give();
  }

  private static boolean finite(float[] values, int n) {
    boolean finite = true;
    for (int i = 0; i < n; i++) {
      finite &= Math.abs(values[i]) <= Float.MAX_VALUE;
    }
    return finite;
  }

  /** Sums a block's gradients of the parameters, which left the range of float, in double. */
  private static void wideParameters(RowCall call, int from, int to, double[] sums, int at) {
    for (int r = from; r < to; r++) {
      double mean = call.mean(r);
      Wide.addGradients(
          call.dy.array,
          call.dy.at(r),
          call.x.array,
          call.x.at(r),
          call.cols,
          mean,
          call.rstd[r],
          sums,
          at);
    }
  }

  private static void row(
      RowCall call, int r, float[] weight, float[] dWeight, float[] dBias, float[] acc) {
    double mean = call.mean(r);
    double rstd = call.rstd[r];
    if (Split.ordinary(rstd, call.cols)) {
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < call.cols; i += Moments.PART) {
        sums(call, r, i, mean, rstd, weight, dWeight, dBias, acc);
        sum += Lanes.fold(acc, 0);
        dot += Lanes.fold(acc, Lanes.SECOND);
      }
      double meanSum = call.centered ? sum / call.cols : 0;
      double meanDot = Split.dot(dot, sum, mean, rstd) / call.cols;
      if (Split.inRange(sum, dot, call.cols)
          && gradient(call, r, mean, rstd, meanSum, meanDot, weight)) {
        return;
      }
    } else {
      Wide.addGradients(
          call.dy.array,
          call.dy.at(r),
          call.x.array,
          call.x.at(r),
          call.cols,
          mean,
          rstd,
          dWeight,
          dBias);
    }
    wideGradient(call, r, mean, rstd);
  }

  /** The sums of the part of a row that begins at i. */
  private static void sums(
      RowCall call,
      int r,
      int i,
      double mean,
      double rstd,
      float[] weight,
      float[] dWeight,
      float[] dBias,
      float[] acc) {
    KERNELS.rowSums(
        call.dy.array,
        call.dy.at(r) + i,
        call.x.array,
        call.x.at(r) + i,
        Math.min(Moments.PART, call.cols - i),
        Split.head(mean),
        (float) rstd,
        Split.tail(mean, rstd),
        weight,
        call.weightOffset() + i,
        dWeight,
        dBias,
        i,
        acc);
  }

  /** Writes the gradient of a row, or returns false if floats do not hold its slope and offset. */
  private static boolean gradient(
      RowCall call,
      int r,
      double mean,
      double rstd,
      double meanSum,
      double meanDot,
      float[] weight) {
    float slope = Split.slope(meanDot, rstd);
    float offset = Split.offset(meanSum, meanDot, mean, rstd);
    if (!Float.isFinite(slope) || !Float.isFinite(offset)) {
      return false;
    }
    KERNELS.rowGradient(
        call.dy.array,
        call.dy.at(r),
        call.x.array,
        call.x.at(r),
        call.dx.array,
        call.dx.at(r),
        call.cols,
        Split.head(mean),
        (float) rstd,
        weight,
        call.weightOffset(),
        slope,
        offset);
    return true;
  }

  private static void wideGradient(RowCall call, int r, double mean, double rstd) {
    float[] dy = call.dy.array;
    float[] x = call.x.array;
    int p = call.dy.at(r);
    int q = call.x.at(r);
    int n = call.cols;
    double sum = call.centered ? Wide.sum(dy, p, n, 1, call.affine, 0, 1) : 0;
    double dot = Wide.dot(dy, p, x, q, n, 1, mean, rstd, call.affine, 0, 1);
    Wide.gradient(
        dy,
        p,
        x,
        q,
        call.dx.array,
        call.dx.at(r),
        n,
        1,
        mean,
        rstd,
        call.affine,
        0,
        1,
        sum / n,
        dot / n);
  }
}
