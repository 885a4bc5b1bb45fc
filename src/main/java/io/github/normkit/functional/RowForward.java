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
      double rstd = Split.rstd(moments.variance(), call.epsilon);
      if (call.mean != null) {
        call.mean[r] = mean;
      }
      if (call.rstd != null) {
        call.rstd[r] = rstd;
      }
      if (biasFits && Split.ordinary(rstd)) {
        normalize(call, r, mean, Split.head(mean, moments.variance()), rstd, weight);
      } else {
        wideNormalize(call, r, mean, rstd);
      }
    }
    scratch.give();
  }

  private static void normalize(
      RowCall call, int r, double mean, float head, double rstd, float[] weight) {
    Affine affine = call.affine;
    KERNELS.rowNormalize(
        call.x.array,
        call.x.at(r),
        call.y.array,
        call.y.at(r),
        call.cols,
        head,
        (float) rstd,
        Split.rest(rstd),
        Split.tail(mean, head, rstd),
        weight,
        call.weightOffset(),
        affine.bias(),
        affine.biasOffset());
  }

  private static void wideNormalize(RowCall call, int r, double mean, double rstd) {
    Wide.normalize(
        call.x.array,
        call.x.at(r),
        call.y.array,
        call.y.at(r),
        call.cols,
        1,
        mean,
        rstd,
        call.affine,
        0,
        1);
  }
}
