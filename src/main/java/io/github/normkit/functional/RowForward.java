package io.github.normkit.functional;

import static io.github.normkit.internal.ActiveKernels.ROWS;

/** The forward pass of {@link RowNorm}: rows are summed and written while they are in cache. */
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
    int n;
    for (int first = from; first < to; first += n) {
      n = call.few(first, to);
      if (call.residual.array != null) {
        add(call, first, n);
      }
      call.take(moments, first, n);
      if (call.mean != null) {
        System.arraycopy(moments.mean, 0, call.mean, first, n);
      }
      if (call.rstd != null) {
        System.arraycopy(moments.rstd, 0, call.rstd, first, n);
      }
      int ahead = call.ahead(first, n, to);
      normalize(call, first, n, ahead, biasFits, weight, scratch);
    }
    scratch.give();
  }

  private static void add(RowCall call, int first, int n) {
    ROWS.add(
        call.addend.array,
        call.addend.at(first),
        call.addend.stride,
        call.residual.array,
        call.residual.at(first),
        call.residual.stride,
        call.scale,
        call.x.array,
        call.x.at(first),
        call.x.stride,
        n,
        call.cols);
  }

  /** Normalizes rows: as many as may go to the kernels at a time, and one by one those between. */
  private static void normalize(
      RowCall call,
      int first,
      int n,
      int ahead,
      boolean biasFits,
      float[] weight,
      Scratch scratch) {
    RowMoments moments = scratch.rowMoments;
    int ready = 0;
    for (int i = 0; i < n; i++) {
      double mean = moments.mean[i];
      double rstd = moments.rstd[i];
      if (biasFits && Split.ordinary(rstd)) {
        float head = Split.head(mean, moments.variance[i]);
        int at = 4 * ready++;
        scratch.rowParams[at] = head;
        scratch.rowParams[at + 1] = (float) rstd;
        scratch.rowParams[at + 2] = Split.rest(rstd);
        scratch.rowParams[at + 3] = Split.tail(mean, head, rstd);
      } else {
        normalize(call, first + i - ready, ready, ahead, weight, scratch.rowParams);
        ready = 0;
        wideNormalize(call, first + i, mean, rstd);
      }
    }
    normalize(call, first + n - ready, ready, ahead, weight, scratch.rowParams);
  }

  private static void normalize(
      RowCall call, int first, int n, int ahead, float[] weight, float[] params) {
    Affine affine = call.affine;
    ROWS.normalize(
        call.x.array,
        call.x.at(first),
        call.x.stride,
        call.y.array,
        call.y.at(first),
        call.y.stride,
        n,
        call.cols,
        ahead,
        params,
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
