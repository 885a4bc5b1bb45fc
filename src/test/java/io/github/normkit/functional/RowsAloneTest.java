package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Seeds;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row has the same bits alone and anywhere in any batch, at any offset and stride, forward and
 * backward, whatever its neighbours are.
 */
class RowsAloneTest {

  private static final double EPSILON = 1e-5;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shortRowsOfEveryLengthHaveTheBitsOfRowsAlone(boolean centred) {
    for (int cols = 1; cols <= 130; cols++) {
      assertAsAlone(centred, cols, 7, null);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyAndLongRowsHaveTheBitsOfRowsAlone(boolean centred) {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      assertAsAlone(centred, 96, 700, pool);
      assertAsAlone(centred, 1000, 70, pool);
      assertAsAlone(centred, 4099, 9, pool);
      assertAsAlone(centred, 9001, 5, pool);
    } finally {
      pool.shutdown();
    }
  }

  private static void assertAsAlone(boolean centred, int cols, int rows, ForkJoinPool pool) {
    long seed = Seeds.seed(cols);
    RandomGenerator random = Seeds.random(seed);
    Batch batch = Batch.draw(random, rows, cols);
    Affine affine = Affine.of(gaussians(random, cols, 1, 0), gaussians(random, cols, 1, 0));
    batch.run(centred, affine, pool);
    for (int r = 0; r < rows; r++) {
      Batch alone = batch.row(r, random);
      alone.run(centred, affine, null);
      String row = "row " + r + " of " + rows + "x" + cols + ", seed " + seed;
      assertThat(alone.rowOf(alone.y, 0)).as("y of %s", row).isEqualTo(batch.rowOf(batch.y, r));
      assertThat(alone.rowOf(alone.dx, 0)).as("dx of %s", row).isEqualTo(batch.rowOf(batch.dx, r));
      assertThat(alone.mean[0]).as("mean of %s", row).isEqualTo(batch.mean[r]);
      assertThat(alone.rstd[0]).as("rstd of %s", row).isEqualTo(batch.rstd[r]);
    }
  }

  private static float[] gaussians(RandomGenerator random, int n, double scale, double mean) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + scale * random.nextGaussian());
    }
    return values;
  }

  /** Rows in arrays of one offset and one stride, with NaN around them. */
  private record Batch(
      int rows,
      int cols,
      int offset,
      int stride,
      float[] x,
      float[] dy,
      float[] y,
      float[] dx,
      double[] mean,
      double[] rstd) {

    private static Batch empty(RandomGenerator random, int rows, int cols) {
      int offset = random.nextInt(0, 40);
      int stride = cols + random.nextInt(0, 20);
      int length = offset + rows * stride + random.nextInt(0, 5);
      float[][] arrays = new float[4][length];
      for (float[] array : arrays) {
        Arrays.fill(array, Float.NaN);
      }
      return new Batch(
          rows,
          cols,
          offset,
          stride,
          arrays[0],
          arrays[1],
          arrays[2],
          arrays[3],
          new double[rows],
          new double[rows]);
    }

    /** Rows of which some are easy, some have a large mean and some leave the range of float. */
    static Batch draw(RandomGenerator random, int rows, int cols) {
      double[] scales = {1, 1, 1, 1e-3, 1e25, 1e-25};
      double[] means = {0, 0, 3, 1e4, 0, 0};
      Batch batch = empty(random, rows, cols);
      for (int r = 0; r < rows; r++) {
        int kind = random.nextInt(scales.length);
        batch.put(batch.x, r, gaussians(random, cols, scales[kind], means[kind]));
        batch.put(batch.dy, r, gaussians(random, cols, 1, 0));
      }
      return batch;
    }

    Batch row(int r, RandomGenerator random) {
      Batch alone = empty(random, 1, cols);
      alone.put(alone.x, 0, rowOf(x, r));
      alone.put(alone.dy, 0, rowOf(dy, r));
      return alone;
    }

    private void put(float[] array, int r, float[] row) {
      System.arraycopy(row, 0, array, offset + r * stride, cols);
    }

    float[] rowOf(float[] array, int r) {
      return Arrays.copyOfRange(array, offset + r * stride, offset + r * stride + cols);
    }

    void run(boolean centred, Affine affine, ForkJoinPool pool) {
      Affine none = Affine.NONE;
      int o = offset;
      int s = stride;
      if (centred) {
        RowNorm.layerNorm(x, o, s, y, o, s, rows, cols, affine, EPSILON, mean, rstd, pool);
        RowNorm.layerNormBackward(
            dy, o, s, x, o, s, dx, o, s, rows, cols, affine, mean, rstd, none, pool);
      } else {
        RowNorm.rmsNorm(x, o, s, y, o, s, rows, cols, affine, EPSILON, rstd, pool);
        RowNorm.rmsNormBackward(dy, o, s, x, o, s, dx, o, s, rows, cols, affine, rstd, none, pool);
      }
    }
  }
}
