package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.KERNELS;

/** The forward pass of {@link RowNorm}: a row is summed and written while it is in cache. */
final class RowForward {

  private RowForward() {}

  static void run(RowCall call) {
    if (call.parallel(call.rows)) {
      Parallel.run(call.pool, call.rows, (from, to) -> rows(call, from, to));
    } else {
      rows(call, 0, call.rows);
    }
  }

  private static void rows(RowCall call, int from, int to) {
    Scratch scratch = Scratch.take();
    RowMoments moments = scratch.rowMoments;
    Affine affine = call.affine;
    float[] weight = call.weight(scratch);
    // A huge bias could take back a product that has left the range of float.
    boolean biasFits =
        affine.bias() == null || moments.squaresFit(affine.bias(), affine.biasOffset(), call.cols);
    for (int r = from; r < to; r++) {
      moments.take(call.x.array, call.x.at(r), call.cols, call.centered);
      double mean = moments.mean();
      double variance = moments.variance();
      if (call.mean != null) {
        call.mean[r] = mean;
      }
      if (call.rstd != null) {
        call.rstd[r] = Split.rstd(variance, call.epsilon);
      }
      normalize(call, r, mean, variance, weight, biasFits);
    }
    scratch.give();
  }

  private static void normalize(
      RowCall call, int r, double mean, double variance, float[] weight, boolean biasFits) {
    double rstd = Split.rstd(variance, call.epsilon);
    float[] x = call.x.array;
    float[] y = call.y.array;
    int p = call.x.at(r);
    int q = call.y.at(r);
    Affine affine = call.affine;
    if (biasFits && Split.ordinary(rstd)) {
      float head = Split.head(mean, Math.sqrt(variance));
      KERNELS.rowNormalize(
          x,
          p,
          y,
          q,
          call.cols,
          head,
          (float) rstd,
          Split.rest(rstd),
          Split.tail(mean, head, rstd),
          weight,
          call.weightOffset(),
          affine.bias(),
          affine.biasOffset());
    } else {
      Wide.normalize(x, p, y, q, call.cols, 1, mean, rstd, affine, 0, 1);
    }
  }
}
