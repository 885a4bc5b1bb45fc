package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.Seeds;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Heads inside larger rows have the bits of the same heads as rows of {@link RowNorm}, in one call,
 * in place, and on threads; what else the rows hold is left alone.
 */
class HeadNormTest {

  private static final double EPSILON = 1e-6;

  @ParameterizedTest
  @CsvSource({
    "true, 3, 1, 5",
    "true, 7, 3, 64",
    "true, 5, 17, 16",
    "true, 90, 12, 64",
    "true, 40, 9, 128",
    "false, 3, 1, 5",
    "false, 7, 3, 64",
    "false, 5, 17, 16",
    "false, 90, 12, 64",
    "false, 40, 9, 128",
    "true, 40, 1, 64",
    "false, 40, 1, 64",
    "true, 1100, 1, 64",
    "false, 1100, 1, 64",
    "true, 1100, 31, 64",
    "false, 1100, 31, 64"
  })
  void headsHaveTheBitsOfRows(boolean centered, int rows, int heads, int headSize) {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      assertAsRows(centered, rows, heads, headSize, null);
      assertAsRows(centered, rows, heads, headSize, pool);
    } finally {
      pool.shutdown();
    }
  }

  private static void assertAsRows(
      boolean centered, int rows, int heads, int headSize, ForkJoinPool pool) {
    RandomGenerator random = Seeds.random(Seeds.seed(heads));
    int all = rows * heads;
    Affine affine = Affine.of(gaussians(random, headSize), gaussians(random, headSize));
    float[] dense = gaussians(random, all * headSize);
    float[] denseDy = gaussians(random, all * headSize);
    float[] y = new float[all * headSize];
    float[] dx = new float[all * headSize];
    double[] means = new double[all];
    double[] rstds = new double[all];
    Affine gradients = Affine.of(new float[headSize], new float[headSize]);
    rowNorm(centered, dense, denseDy, y, dx, headSize, affine, means, rstds, gradients);

    Packed from = new Packed(5, heads * headSize + 7, rows, heads * headSize);
    Packed to = new Packed(2, heads * headSize, rows, heads * headSize);
    float[] x = from.of(dense);
    float[] out = to.of(new float[dense.length]);
    double[] mean = new double[all];
    double[] rstd = new double[all];
    forward(centered, x, from, out, to, heads, headSize, affine, mean, rstd, pool);
    assertThat(out).isEqualTo(to.of(y));
    assertThat(x).isEqualTo(from.of(dense));
    assertThat(mean).isEqualTo(means);
    assertThat(rstd).isEqualTo(rstds);

    float[] inPlace = from.of(dense);
    forward(centered, inPlace, from, inPlace, from, heads, headSize, affine, null, null, pool);
    assertThat(inPlace).isEqualTo(from.of(y));

    Affine added = Affine.of(new float[headSize], new float[headSize]);
    float[] dy = from.of(denseDy);
    float[] into = to.of(new float[dense.length]);
    backward(
        centered, dy, from, x, from, into, to, heads, headSize, affine, mean, rstd, added, pool);
    assertThat(into).isEqualTo(to.of(dx));
    assertThat(added.weight()).isEqualTo(gradients.weight());
    assertThat(added.bias()).isEqualTo(gradients.bias());
    Affine none = Affine.NONE;
    backward(
        centered, dy, from, x, from, dy, from, heads, headSize, affine, mean, rstd, none, pool);
    assertThat(dy).isEqualTo(from.of(dx));
  }

  @Test
  void afterHeadsTheSameThreadNormalizesRowsAsBefore() {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    float[] x = gaussians(random, 60);
    float[] expected = new float[60];
    RowNorm.rmsNorm(x, 0, expected, 0, 6, 10, Affine.NONE, EPSILON);
    HeadNorm.rmsNorm(x.clone(), 0, 20, new float[60], 0, 20, 3, 2, 8, Affine.NONE, 1, null, null);
    double[] two = new double[2];
    assertThatIllegalArgumentException()
        .as("with all its rows set")
        .isThrownBy(
            () ->
                HeadNorm.layerNorm(
                    x, 0, 20, x, 0, 20, 3, 2, 8, Affine.NONE, EPSILON, two, two, null));
    float[] y = new float[60];
    RowNorm.rmsNorm(x, 0, y, 0, 6, 10, Affine.NONE, EPSILON);
    assertThat(y).isEqualTo(expected);
  }

  @Test
  void wrongCallsNameTheOperationTheRuleAndTheNumbersAndWriteNothing() {
    float[] x = new float[40];
    float[] y = new float[40];
    refused("epsilon must be finite and positive: got 0.0", x, 0, 20, y, 2, 2, 10, 0);
    String positive = "heads and headSize must be at least 1 and their product fit an int: got ";
    refused(positive + "heads=0, headSize=10", x, 0, 20, y, 2, 0, 10, 1);
    refused(positive + "heads=2, headSize=0", x, 0, 20, y, 2, 2, 0, 1);
    refused(positive + "heads=65536, headSize=32768", x, 0, 20, y, 2, 65536, 32768, 1);
    refused(
        "x must have rows >= 0, cols >= 1 and a stride of at least cols:"
            + " got rows=2, cols=30, stride=20",
        x,
        0,
        20,
        y,
        2,
        3,
        10,
        1);
    refused(
        "x must hold 40 elements from its offset on: got offset=1, length=40",
        x,
        1,
        20,
        y,
        2,
        2,
        10,
        1);
    refused(
        "y must be x or not overlap it: got offset=0 and 10 of the same array, rows=1, cols=20",
        x,
        10,
        20,
        x,
        1,
        2,
        10,
        1);
    assertThat(x).containsOnly(0);
    assertThat(y).containsOnly(0);
  }

  @Test
  void wrongParametersAndStatisticsAreRefused() {
    float[] x = new float[40];
    float[] y = new float[40];
    Affine nine = Affine.of(new float[9], null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeadNorm.rmsNorm(x, 0, 20, y, 0, 20, 2, 2, 10, nine, EPSILON, null, null))
        .withMessage(
            "HeadNorm.rmsNorm: affine.weight must hold 10 elements from its offset on:"
                + " got offset=0, length=9");
    String statistics = " must hold a value for each row or set: expected at least 4, got 3";
    Affine none = Affine.NONE;
    double[] three = new double[3];
    double[] four = new double[4];
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HeadNorm.layerNorm(x, 0, 20, y, 0, 20, 2, 2, 10, none, EPSILON, three, four, null))
        .withMessage("HeadNorm.layerNorm: mean" + statistics);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> HeadNorm.rmsNorm(x, 0, 20, y, 0, 20, 2, 2, 10, none, EPSILON, three, null))
        .withMessage("HeadNorm.rmsNorm: rstd" + statistics);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rmsBackward(x, y, new float[40], three, none))
        .withMessage("HeadNorm.rmsNormBackward: rstd" + statistics);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layerBackward(x, y, three, four))
        .withMessage("HeadNorm.layerNormBackward: mean" + statistics);
    assertThatNullPointerException()
        .isThrownBy(() -> layerBackward(x, y, null, four))
        .withMessage("mean");
    assertThatNullPointerException()
        .isThrownBy(() -> rmsBackward(x, y, new float[40], null, none))
        .withMessage("rstd");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rmsBackward(x, y, new float[40], four, nine))
        .withMessage(
            "HeadNorm.rmsNormBackward: gradients.weight must hold 10 elements from its offset on:"
                + " got offset=0, length=9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rmsBackward(x, y, y, four, none))
        .withMessage(
            "HeadNorm.rmsNormBackward: dx must not overlap x:"
                + " got offset=0 and 0 of the same array, rows=2, cols=20");
  }

  private static void rmsBackward(
      float[] dy, float[] x, float[] dx, double[] rstd, Affine gradients) {
    HeadNorm.rmsNormBackward(
        dy, 0, 20, x, 0, 20, dx, 0, 20, 2, 2, 10, Affine.NONE, rstd, gradients, null);
  }

  private static void layerBackward(float[] dy, float[] x, double[] mean, double[] rstd) {
    HeadNorm.layerNormBackward(
        dy, 0, 20, x, 0, 20, dy, 0, 20, 2, 2, 10, Affine.NONE, mean, rstd, Affine.NONE, null);
  }

  private static void refused(
      String message,
      float[] x,
      int xOffset,
      int stride,
      float[] y,
      int rows,
      int heads,
      int headSize,
      double epsilon) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HeadNorm.layerNorm(
                    x,
                    xOffset,
                    stride,
                    y,
                    0,
                    stride,
                    rows,
                    heads,
                    headSize,
                    Affine.NONE,
                    epsilon,
                    null,
                    null,
                    null))
        .withMessage("HeadNorm.layerNorm: " + message);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HeadNorm.rmsNorm(
                    x,
                    xOffset,
                    stride,
                    y,
                    0,
                    stride,
                    rows,
                    heads,
                    headSize,
                    Affine.NONE,
                    epsilon,
                    null,
                    null))
        .withMessage("HeadNorm.rmsNorm: " + message);
  }

  private static void rowNorm(
      boolean centered,
      float[] x,
      float[] dy,
      float[] y,
      float[] dx,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients) {
    int rows = rstd.length;
    if (centered) {
      RowNorm.layerNorm(x, 0, cols, y, 0, cols, rows, cols, affine, EPSILON, mean, rstd, null);
      RowNorm.layerNormBackward(
          dy, 0, cols, x, 0, cols, dx, 0, cols, rows, cols, affine, mean, rstd, gradients, null);
    } else {
      RowNorm.rmsNorm(x, 0, cols, y, 0, cols, rows, cols, affine, EPSILON, rstd, null);
      RowNorm.rmsNormBackward(
          dy, 0, cols, x, 0, cols, dx, 0, cols, rows, cols, affine, rstd, gradients, null);
    }
  }

  private static void forward(
      boolean centered,
      float[] x,
      Packed from,
      float[] y,
      Packed to,
      int heads,
      int headSize,
      Affine affine,
      double[] mean,
      double[] rstd,
      ForkJoinPool pool) {
    if (centered) {
      HeadNorm.layerNorm(
          x,
          from.offset,
          from.stride,
          y,
          to.offset,
          to.stride,
          from.rows,
          heads,
          headSize,
          affine,
          EPSILON,
          mean,
          rstd,
          pool);
    } else {
      HeadNorm.rmsNorm(
          x,
          from.offset,
          from.stride,
          y,
          to.offset,
          to.stride,
          from.rows,
          heads,
          headSize,
          affine,
          EPSILON,
          rstd,
          pool);
    }
  }

  private static void backward(
      boolean centered,
      float[] dy,
      Packed ofDy,
      float[] x,
      Packed ofX,
      float[] dx,
      Packed ofDx,
      int heads,
      int headSize,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    if (centered) {
      HeadNorm.layerNormBackward(
          dy,
          ofDy.offset,
          ofDy.stride,
          x,
          ofX.offset,
          ofX.stride,
          dx,
          ofDx.offset,
          ofDx.stride,
          ofX.rows,
          heads,
          headSize,
          affine,
          mean,
          rstd,
          gradients,
          pool);
    } else {
      HeadNorm.rmsNormBackward(
          dy,
          ofDy.offset,
          ofDy.stride,
          x,
          ofX.offset,
          ofX.stride,
          dx,
          ofDx.offset,
          ofDx.stride,
          ofX.rows,
          heads,
          headSize,
          affine,
          rstd,
          gradients,
          pool);
    }
  }

  private static float[] gaussians(RandomGenerator random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Rows of a length at an offset and a stride, with 42 around them. */
  private record Packed(int offset, int stride, int rows, int length) {

    float[] of(float[] dense) {
      float[] array = new float[offset + rows * stride];
      Arrays.fill(array, 42);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(dense, r * length, array, offset + r * stride, length);
      }
      return array;
    }
  }
}
