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
 * A residual added and normalized at once has the bits of the addition, then the norm; forward and
 * backward, at offsets and strides, in place, and on threads.
 */
class AddNormTest {

  private static final double EPSILON = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "true, 5, 1",
    "true, 6, 70",
    "true, 700, 96",
    "true, 9, 4099",
    "true, 5, 9001",
    "true, 530, 4099",
    "false, 5, 1",
    "false, 6, 70",
    "false, 700, 96",
    "false, 9, 4099",
    "false, 5, 9001"
  })
  void theBitsAreThoseOfTheAdditionAndThenTheNorm(boolean centered, int rows, int cols) {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      for (float scale : new float[] {1, 2.3f}) {
        assertAsOneByOne(centered, rows, cols, scale, null);
        assertAsOneByOne(centered, rows, cols, scale, pool);
      }
    } finally {
      pool.shutdown();
    }
  }

  private static void assertAsOneByOne(
      boolean centered, int rows, int cols, float scale, ForkJoinPool pool) {
    RandomGenerator random = Seeds.random(Seeds.seed(cols));
    Affine affine = Affine.of(gaussians(random, cols, 1), gaussians(random, cols, 1));
    Rows x = Rows.draw(random, rows, cols);
    Rows residual = Rows.draw(random, rows, cols);
    Rows dy = Rows.draw(random, rows, cols);
    Rows dsum = Rows.draw(random, rows, cols);

    float[] sums = new float[rows * cols];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = x.get(i) + residual.get(i) * scale;
    }
    float[] outputs = new float[rows * cols];
    double[] means = new double[rows];
    double[] rstds = new double[rows];
    norm(centered, sums, outputs, rows, cols, affine, means, rstds);
    float[] gradients = new float[rows * cols];
    Affine parameters = Affine.of(new float[cols], new float[cols]);
    normBackward(
        centered, dy.dense(), sums, gradients, rows, cols, affine, means, rstds, parameters);

    Rows sum = Rows.empty(random, rows, cols);
    Rows y = Rows.empty(random, rows, cols);
    double[] mean = new double[rows];
    double[] rstd = new double[rows];
    add(centered, x, residual, scale, sum, y, affine, mean, rstd, pool);
    assertThat(sum.dense()).isEqualTo(sums);
    assertThat(y.dense()).isEqualTo(outputs);
    assertThat(mean).isEqualTo(means);
    assertThat(rstd).isEqualTo(rstds);
    sum.assertGaps();
    y.assertGaps();

    Rows dx = Rows.empty(random, rows, cols);
    Affine added = Affine.of(new float[cols], new float[cols]);
    addBackward(centered, dy, null, sum, dx, affine, mean, rstd, added, pool);
    assertThat(dx.dense()).isEqualTo(gradients);
    assertThat(added.weight()).isEqualTo(parameters.weight());
    assertThat(added.bias()).isEqualTo(parameters.bias());
    dx.assertGaps();

    for (int i = 0; i < gradients.length; i++) {
      gradients[i] += dsum.get(i);
    }
    addBackward(centered, dy, dsum, sum, dx, affine, mean, rstd, Affine.NONE, pool);
    assertThat(dx.dense()).isEqualTo(gradients);
    dx.assertGaps();

    Rows inDy = dy.copy();
    addBackward(centered, inDy, dsum, sum, inDy, affine, mean, rstd, Affine.NONE, pool);
    assertThat(inDy.dense()).isEqualTo(gradients);
    Rows inDsum = dsum.copy();
    addBackward(centered, dy, inDsum, sum, inDsum, affine, mean, rstd, Affine.NONE, pool);
    assertThat(inDsum.dense()).isEqualTo(gradients);

    Rows inX = x.copy();
    Rows inResidual = residual.copy();
    add(centered, inX, inResidual, scale, inResidual, inX, affine, null, null, pool);
    assertThat(inResidual.dense()).isEqualTo(sums);
    assertThat(inX.dense()).isEqualTo(outputs);

    inX = x.copy();
    inResidual = residual.copy();
    add(centered, inX, inResidual, scale, inX, inResidual, affine, null, null, pool);
    assertThat(inX.dense()).isEqualTo(sums);
    assertThat(inResidual.dense()).isEqualTo(outputs);

    inX = x.copy();
    add(centered, inX, residual, scale, inX, inX, affine, null, null, pool);
    assertThat(inX.dense()).isEqualTo(outputs);
  }

  @Test
  void theShortFormsAddAndNormalizeDenseRows() {
    float[] x = {1, 2, 3, 4};
    float[] residual = {10, 20, 30, 50};
    float[] sum = new float[5];
    float[] y = new float[4];
    float[] expected = new float[4];
    RowNorm.layerNorm(new float[] {11, 22, 33, 54}, 0, expected, 0, 2, 2, Affine.NONE, EPSILON);
    RowNorm.addLayerNorm(x, 0, residual, 0, sum, 1, y, 0, 2, 2, Affine.NONE, EPSILON);
    assertThat(sum).containsExactly(0, 11, 22, 33, 54);
    assertThat(y).isEqualTo(expected);

    RowNorm.rmsNorm(new float[] {11, 22, 33, 54}, 0, expected, 0, 2, 2, Affine.NONE, EPSILON);
    RowNorm.addRmsNorm(x, 0, residual, 0, sum, 1, y, 0, 2, 2, Affine.NONE, EPSILON);
    assertThat(sum).containsExactly(0, 11, 22, 33, 54);
    assertThat(y).isEqualTo(expected);
  }

  @Test
  void wrongCallsNameTheOperationTheRuleAndTheNumbersAndWriteNothing() {
    float[] a = new float[30];
    float[] b = new float[30];
    float[] c = new float[30];
    float[] d = new float[30];
    refused(
        "residual must hold 20 elements from its offset on: got offset=11, length=30",
        a,
        0,
        b,
        11,
        c,
        0,
        d,
        0);
    refused(
        "sum must hold 20 elements from its offset on: got offset=-1, length=30",
        a,
        0,
        b,
        0,
        c,
        -1,
        d,
        0);
    String same = " of the same array, rows=2, cols=10";
    refused("sum must be x or not overlap it: got offset=1 and 0" + same, a, 0, b, 0, a, 1, d, 0);
    refused(
        "sum must be residual or not overlap it: got offset=1 and 0" + same,
        a,
        0,
        b,
        0,
        b,
        1,
        d,
        0);
    refused("y must be x or not overlap it: got offset=2 and 1" + same, a, 1, b, 0, c, 0, a, 2);
    refused(
        "y must be residual or not overlap it: got offset=2 and 1" + same, a, 0, b, 1, c, 0, b, 2);
    refused("y must be sum or not overlap it: got offset=2 and 0" + same, a, 0, b, 0, c, 0, c, 2);
    for (float[] array : new float[][] {a, b, c, d}) {
      assertThat(array).containsOnly(0);
    }
  }

  @Test
  void wrongCallsOfBackwardNameTheOperationTheRuleAndTheNumbers() {
    float[] a = new float[30];
    float[] b = new float[30];
    float[] c = new float[30];
    String same = " of the same array, rows=2, cols=10";
    backwardRefused("dx must not overlap sum: got offset=0 and 0" + same, a, 0, b, 0, c, 0, c, 0);
    backwardRefused(
        "dx must be dsum or not overlap it: got offset=1 and 0" + same, a, 0, b, 0, c, 0, b, 1);
    backwardRefused(
        "dx must be dy or not overlap it: got offset=1 and 0" + same, a, 0, null, 0, c, 0, a, 1);
    backwardRefused(
        "dsum must hold 20 elements from its offset on: got offset=11, length=30",
        a,
        0,
        b,
        11,
        c,
        0,
        a,
        0);
    backwardRefused(
        "sum must hold 20 elements from its offset on: got offset=11, length=30",
        a,
        0,
        b,
        0,
        c,
        11,
        a,
        0);
  }

  @Test
  void missingArraysAreNamed() {
    float[] a = new float[30];
    assertThatNullPointerException()
        .isThrownBy(() -> addLayerNorm(a, 0, null, 0, a, 0, a, 0))
        .withMessage("residual");
    assertThatNullPointerException()
        .isThrownBy(() -> addLayerNorm(a, 0, a, 0, null, 0, a, 0))
        .withMessage("sum");
    assertThatNullPointerException()
        .isThrownBy(() -> addLayerNormBackward(a, 0, null, 0, null, 0, a, 0))
        .withMessage("sum");
  }

  private static void refused(
      String message,
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float[] sum,
      int sumOffset,
      float[] y,
      int yOffset) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> addLayerNorm(x, xOffset, residual, residualOffset, sum, sumOffset, y, yOffset))
        .withMessage("RowNorm.addLayerNorm: " + message);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.addRmsNorm(
                    x,
                    xOffset,
                    residual,
                    residualOffset,
                    sum,
                    sumOffset,
                    y,
                    yOffset,
                    2,
                    10,
                    Affine.NONE,
                    EPSILON))
        .withMessage("RowNorm.addRmsNorm: " + message);
  }

  private static void addLayerNorm(
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float[] sum,
      int sumOffset,
      float[] y,
      int yOffset) {
    RowNorm.addLayerNorm(
        x,
        xOffset,
        residual,
        residualOffset,
        sum,
        sumOffset,
        y,
        yOffset,
        2,
        10,
        Affine.NONE,
        EPSILON);
  }

  private static void backwardRefused(
      String message,
      float[] dy,
      int dyOffset,
      float[] dsum,
      int dsumOffset,
      float[] sum,
      int sumOffset,
      float[] dx,
      int dxOffset) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                addLayerNormBackward(dy, dyOffset, dsum, dsumOffset, sum, sumOffset, dx, dxOffset))
        .withMessage("RowNorm.addLayerNormBackward: " + message);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.addRmsNormBackward(
                    dy,
                    dyOffset,
                    10,
                    dsum,
                    dsumOffset,
                    10,
                    sum,
                    sumOffset,
                    10,
                    dx,
                    dxOffset,
                    10,
                    2,
                    10,
                    Affine.NONE,
                    new double[2],
                    Affine.NONE,
                    null))
        .withMessage("RowNorm.addRmsNormBackward: " + message);
  }

  private static void addLayerNormBackward(
      float[] dy,
      int dyOffset,
      float[] dsum,
      int dsumOffset,
      float[] sum,
      int sumOffset,
      float[] dx,
      int dxOffset) {
    RowNorm.addLayerNormBackward(
        dy,
        dyOffset,
        10,
        dsum,
        dsumOffset,
        10,
        sum,
        sumOffset,
        10,
        dx,
        dxOffset,
        10,
        2,
        10,
        Affine.NONE,
        new double[2],
        new double[2],
        Affine.NONE,
        null);
  }

  private static void norm(
      boolean centered,
      float[] x,
      float[] y,
      int rows,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd) {
    if (centered) {
      RowNorm.layerNorm(x, 0, cols, y, 0, cols, rows, cols, affine, EPSILON, mean, rstd, null);
    } else {
      RowNorm.rmsNorm(x, 0, cols, y, 0, cols, rows, cols, affine, EPSILON, rstd, null);
    }
  }

  private static void normBackward(
      boolean centered,
      float[] dy,
      float[] x,
      float[] dx,
      int rows,
      int cols,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients) {
    if (centered) {
      RowNorm.layerNormBackward(
          dy, 0, cols, x, 0, cols, dx, 0, cols, rows, cols, affine, mean, rstd, gradients, null);
    } else {
      RowNorm.rmsNormBackward(
          dy, 0, cols, x, 0, cols, dx, 0, cols, rows, cols, affine, rstd, gradients, null);
    }
  }

  private static void add(
      boolean centered,
      Rows x,
      Rows residual,
      float scale,
      Rows sum,
      Rows y,
      Affine affine,
      double[] mean,
      double[] rstd,
      ForkJoinPool pool) {
    if (centered) {
      RowNorm.addLayerNorm(
          x.array,
          x.offset,
          x.stride,
          residual.array,
          residual.offset,
          residual.stride,
          scale,
          sum.array,
          sum.offset,
          sum.stride,
          y.array,
          y.offset,
          y.stride,
          x.rows,
          x.cols,
          affine,
          EPSILON,
          mean,
          rstd,
          pool);
    } else {
      RowNorm.addRmsNorm(
          x.array,
          x.offset,
          x.stride,
          residual.array,
          residual.offset,
          residual.stride,
          scale,
          sum.array,
          sum.offset,
          sum.stride,
          y.array,
          y.offset,
          y.stride,
          x.rows,
          x.cols,
          affine,
          EPSILON,
          rstd,
          pool);
    }
  }

  private static void addBackward(
      boolean centered,
      Rows dy,
      Rows dsum,
      Rows sum,
      Rows dx,
      Affine affine,
      double[] mean,
      double[] rstd,
      Affine gradients,
      ForkJoinPool pool) {
    float[] dsumArray = dsum == null ? null : dsum.array;
    int dsumOffset = dsum == null ? 0 : dsum.offset;
    int dsumStride = dsum == null ? 0 : dsum.stride;
    if (centered) {
      RowNorm.addLayerNormBackward(
          dy.array,
          dy.offset,
          dy.stride,
          dsumArray,
          dsumOffset,
          dsumStride,
          sum.array,
          sum.offset,
          sum.stride,
          dx.array,
          dx.offset,
          dx.stride,
          dy.rows,
          dy.cols,
          affine,
          mean,
          rstd,
          gradients,
          pool);
    } else {
      RowNorm.addRmsNormBackward(
          dy.array,
          dy.offset,
          dy.stride,
          dsumArray,
          dsumOffset,
          dsumStride,
          sum.array,
          sum.offset,
          sum.stride,
          dx.array,
          dx.offset,
          dx.stride,
          dy.rows,
          dy.cols,
          affine,
          rstd,
          gradients,
          pool);
    }
  }

  private static float[] gaussians(RandomGenerator random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** Rows of an array at an offset and stride of their own, with NaN around them. */
  private record Rows(float[] array, int offset, int stride, int rows, int cols) {

    static Rows empty(RandomGenerator random, int rows, int cols) {
      int offset = random.nextInt(0, 40);
      int stride = cols + random.nextInt(0, 20);
      float[] array = new float[offset + rows * stride];
      Arrays.fill(array, Float.NaN);
      return new Rows(array, offset, stride, rows, cols);
    }

    /** Rows of which some leave what floats can square, and are taken in double. */
    static Rows draw(RandomGenerator random, int rows, int cols) {
      double[] scales = {1, 1, 1, 1e25, 1e-25};
      Rows drawn = empty(random, rows, cols);
      for (int r = 0; r < rows; r++) {
        float[] row = gaussians(random, cols, scales[random.nextInt(scales.length)]);
        System.arraycopy(row, 0, drawn.array, drawn.offset + r * drawn.stride, cols);
      }
      return drawn;
    }

    Rows copy() {
      return new Rows(array.clone(), offset, stride, rows, cols);
    }

    float get(int i) {
      return array[offset + i / cols * stride + i % cols];
    }

    float[] dense() {
      float[] dense = new float[rows * cols];
      for (int i = 0; i < dense.length; i++) {
        dense[i] = get(i);
      }
      return dense;
    }

    /** Nothing was written around and between the rows. */
    void assertGaps() {
      for (int i = 0; i < array.length; i++) {
        if (i < offset || (i - offset) % stride >= cols) {
          assertThat(array[i]).isNaN();
        }
      }
    }
  }
}
