package io.github.normkit.throughput;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.RowNorm;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/** The operation that adds a residual and normalizes the sum; no layer has it. */
final class AddRmsCall implements Call {

  private final int rows;
  private final int cols;
  private final float[] x;
  private final float[] residual;
  private final float[] sum;
  private final float[] y;
  private final Affine affine;
  private final ForkJoinPool pool;

  AddRmsCall(Case c, ForkJoinPool pool) {
    rows = c.n();
    cols = c.channels();
    x = c.x();
    residual = c.residual();
    sum = new float[x.length];
    y = new float[x.length];
    affine = Affine.of(c.weight(), null);
    this.pool = pool;
  }

  @Override
  public void run() {
    RowNorm.addRmsNorm(
        x,
        0,
        cols,
        residual,
        0,
        cols,
        1,
        sum,
        0,
        cols,
        y,
        0,
        cols,
        rows,
        cols,
        affine,
        Case.EPSILON,
        null,
        pool);
  }

  @Override
  public Map<String, float[]> results() {
    return Map.of(SUM, sum, OUTPUT, y);
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdown();
    }
  }
}
