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
    Moments moments = scratch.moments;
    float[] weight = call.weight(scratch);
    for (int r = from; r < to; r++) {
      if (call.centered) {
        moments.gather(call.x.array, call.x.at(r), 1, 0, call.cols, call.epsilon);
      } else {
        moments.gatherAboutZero(call.x.array, call.x.at(r), call.cols, call.epsilon);
      }
      double mean = moments.mean();
      double rstd = Split.rstd(moments.variance(), call.epsilon);
      if (call.mean != null) {
        call.mean[r] = mean;
      }
      if (call.rstd != null) {
        call.rstd[r] = rstd;
      }
      normalize(call, r, mean, rstd, weight);
    }
    scratch.give();
  }

  private static void normalize(RowCall call, int r, double mean, double rstd, float[] weight) {
    float[] x = call.x.array;
    float[] y = call.y.array;
    int p = call.x.at(r);
    int q = call.y.at(r);
    Affine affine = call.affine;
    if (Split.ordinary(rstd)) {
      KERNELS.rowNormalize(
          x,
          p,
          y,
          q,
          call.cols,
          Split.head(mean),
          (float) rstd,
          Split.tail(mean, rstd),
          weight,
          call.weightOffset(),
          affine.bias(),
          affine.biasOffset());
    } else {
      Wide.normalize(x, p, y, q, call.cols, 1, mean, rstd, affine, 0, 1);
    }
  }
}
