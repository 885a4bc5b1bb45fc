package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows at offsets and strides of larger arrays, and the messages of wrong calls. */
class RowNormTest {

  private static final long SEED = 20260101;
  private static final double EPSILON = 1e-5;
  private static final int ROWS = 6;
  private static final int COLS = 70;

  private final Random random = new Random(SEED);
  private final float[] weight = gaussians(COLS + 3);
  private final float[] bias = gaussians(COLS + 5);
  private final Affine affine = new Affine(weight, 3, bias, 5, false);

  @Test
  void stridedRowsHaveTheBitsOfDenseOnesAndWhatLiesBetweenIsLeftAlone() {
    float[] dense = gaussians(ROWS * COLS);
    float[] expected = new float[ROWS * COLS];
    RowNorm.layerNorm(dense, 0, expected, 0, ROWS, COLS, affine, EPSILON);

    float[] x = spread(dense, 7, 90);
    float[] y = new float[11 + ROWS * 101];
    Arrays.fill(y, 42);
    RowNorm.layerNorm(x, 7, 90, y, 11, 101, ROWS, COLS, affine, EPSILON, null, null, null);

    assertThat(y).isEqualTo(overlay(y.length, 42, expected, 11, 101));
  }

  @Test
  void rowsMayBeNormalizedInPlaceInsideLargerRows() {
    float[] dense = gaussians(ROWS * COLS);
    float[] expected = new float[ROWS * COLS];
    RowNorm.rmsNorm(dense, 0, expected, 0, ROWS, COLS, affine, EPSILON);

    float[] x = spread(dense, 4, 96);
    float[] before = x.clone();
    RowNorm.rmsNorm(x, 4, 96, x, 4, 96, ROWS, COLS, affine, EPSILON, null, null);

    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(expected, r * COLS, before, 4 + r * 96, COLS);
    }
    assertThat(x).isEqualTo(before);
  }

  @Test
  void rowsMayGoToTheGapsBetweenTheInputsRows() {
    float[] x = spread(gaussians(ROWS * 20), 0, 50, 20);
    float[] expected = new float[ROWS * 20];
    RowNorm.layerNorm(x, 0, 50, expected, 0, 20, ROWS, 20, Affine.NONE, EPSILON, null, null, null);
    RowNorm.layerNorm(x, 0, 50, x, 25, 50, ROWS, 20, Affine.NONE, EPSILON, null, null, null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(Arrays.copyOfRange(x, 25 + r * 50, 45 + r * 50))
          .isEqualTo(Arrays.copyOfRange(expected, r * 20, r * 20 + 20));
    }
  }

  @Test
  void backwardOfStridedRowsHasTheBitsOfDenseOnes() {
    float[] x = gaussians(ROWS * COLS);
    float[] dy = gaussians(ROWS * COLS);
    double[] mean = new double[ROWS];
    double[] rstd = new double[ROWS];
    float[] y = new float[ROWS * COLS];
    RowNorm.layerNorm(x, 0, COLS, y, 0, COLS, ROWS, COLS, affine, EPSILON, mean, rstd, null);

    float[] dx = new float[ROWS * COLS];
    Affine gradients = Affine.of(new float[COLS], new float[COLS]);
    RowNorm.layerNormBackward(
        dy, 0, COLS, x, 0, COLS, dx, 0, COLS, ROWS, COLS, affine, mean, rstd, gradients, null);

    float[] strided = spread(dy, 9, 80);
    Affine others = new Affine(new float[COLS + 2], 2, new float[COLS + 1], 1, false);
    RowNorm.layerNormBackward(
        strided,
        9,
        80,
        spread(x, 1, 71),
        1,
        71,
        strided,
        9,
        80,
        ROWS,
        COLS,
        affine,
        mean,
        rstd,
        others,
        null);

    for (int r = 0; r < ROWS; r++) {
      assertThat(Arrays.copyOfRange(strided, 9 + r * 80, 9 + r * 80 + COLS))
          .isEqualTo(Arrays.copyOfRange(dx, r * COLS, (r + 1) * COLS));
    }
    assertThat(Arrays.copyOfRange(others.weight(), 2, COLS + 2)).isEqualTo(gradients.weight());
    assertThat(Arrays.copyOfRange(others.bias(), 1, COLS + 1)).isEqualTo(gradients.bias());
  }

  @Test
  void noRowsAddNothingToTheGradients() {
    float[] x = gaussians(COLS);
    float[] dx = new float[COLS];
    double[] statistics = {1};
    Affine gradients = Affine.of(new float[COLS], new float[COLS]);
    for (int rows = 1; rows >= 0; rows--) {
      RowNorm.layerNormBackward(
          x,
          0,
          COLS,
          x,
          0,
          COLS,
          dx,
          0,
          COLS,
          rows,
          COLS,
          affine,
          statistics,
          statistics,
          rows == 0 ? gradients : Affine.NONE,
          null);
      RowNorm.rmsNormBackward(
          x,
          0,
          COLS,
          x,
          0,
          COLS,
          dx,
          0,
          COLS,
          rows,
          COLS,
          affine,
          statistics,
          rows == 0 ? gradients : Affine.NONE,
          null);
    }
    assertThat(gradients.weight()).containsOnly(0f);
    assertThat(gradients.bias()).containsOnly(0f);
  }

  @Test
  void missingGradientsAreLeftOut() {
    float[] x = gaussians(COLS);
    float[] dx = new float[COLS];
    double[] rstd = {1};
    float[] dWeight = new float[COLS];
    RowNorm.rmsNormBackward(
        x, 0, COLS, x, 0, COLS, dx, 0, COLS, 1, COLS, affine, rstd, Affine.NONE, null);
    float[] both = new float[COLS];
    RowNorm.rmsNormBackward(
        x,
        0,
        COLS,
        x,
        0,
        COLS,
        both,
        0,
        COLS,
        1,
        COLS,
        affine,
        rstd,
        Affine.of(dWeight, null),
        null);
    assertThat(both).isEqualTo(dx);
    assertThat(dWeight).doesNotContain(0f);
  }

  @Test
  void wrongCallsNameTheOperationTheRuleAndTheNumbers() {
    float[] x = new float[20];
    float[] y = new float[20];
    refused(
        "RowNorm.layerNorm: epsilon must be finite and positive: got 0.0", x, 0, y, 0, 2, 10, 0);
    refused(
        "RowNorm.layerNorm: epsilon must be finite and positive: got NaN",
        x,
        0,
        y,
        0,
        2,
        10,
        Double.NaN);
    refused(
        "RowNorm.layerNorm: x must hold 20 elements from its offset on: got offset=1, length=20",
        x,
        1,
        y,
        0,
        2,
        10,
        EPSILON);
    refused(
        "RowNorm.layerNorm: y must hold 20 elements from its offset on: got offset=-1, length=20",
        x,
        0,
        y,
        -1,
        2,
        10,
        EPSILON);
    refused(
        "RowNorm.layerNorm: x must have rows >= 0, cols >= 1 and a stride of at least cols:"
            + " got rows=2, cols=0, stride=0",
        x,
        0,
        y,
        0,
        2,
        0,
        EPSILON);
    refused(
        "RowNorm.layerNorm: x must have rows >= 0, cols >= 1 and a stride of at least cols:"
            + " got rows=-1, cols=10, stride=10",
        x,
        0,
        y,
        0,
        -1,
        10,
        EPSILON);
    refused(
        "RowNorm.layerNorm: y must be x or not overlap it:"
            + " got offset=5 and 0 of the same array, rows=1, cols=10",
        x,
        0,
        x,
        5,
        1,
        10,
        EPSILON);
    assertThat(x).containsOnly(0f);
    assertThat(y).containsOnly(0f);
  }

  @Test
  void theInputIsNoPlaceForItsGradient() {
    float[] x = new float[20];
    float[] dy = new float[20];
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.rmsNormBackward(
                    dy,
                    0,
                    10,
                    x,
                    0,
                    10,
                    x,
                    0,
                    10,
                    2,
                    10,
                    Affine.NONE,
                    new double[2],
                    Affine.NONE,
                    null))
        .withMessage(
            "RowNorm.rmsNormBackward: dx must not overlap x:"
                + " got offset=0 and 0 of the same array, rows=2, cols=10");
  }

  @Test
  void wrongArraysOfParametersAndStatisticsAreRefused() {
    float[] x = new float[20];
    float[] y = new float[20];
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.rmsNorm(
                    x, 0, y, 0, 2, 10, new Affine(new float[12], 3, null, 0, false), EPSILON))
        .withMessage(
            "RowNorm.rmsNorm: affine.weight must hold 10 elements from its offset on:"
                + " got offset=3, length=12");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.rmsNorm(
                    x, 0, 10, y, 0, 10, 2, 10, Affine.NONE, EPSILON, new double[1], null))
        .withMessage(
            "RowNorm.rmsNorm: rstd must hold a value for each row or set: expected at least 2, got 1");
    assertThatNullPointerException()
        .isThrownBy(() -> RowNorm.rmsNorm(x, 0, null, 0, 2, 10, Affine.NONE, EPSILON))
        .withMessage("y");
    assertThatNullPointerException()
        .isThrownBy(() -> RowNorm.rmsNorm(x, 0, y, 0, 2, 10, null, EPSILON))
        .withMessage("affine");
    assertThatNullPointerException()
        .isThrownBy(
            () ->
                RowNorm.layerNormBackward(
                    x,
                    0,
                    10,
                    x,
                    0,
                    10,
                    y,
                    0,
                    10,
                    2,
                    10,
                    Affine.NONE,
                    null,
                    new double[2],
                    Affine.NONE,
                    null))
        .withMessage("mean");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RowNorm.rmsNormBackward(
                    y, 0, 5, x, 0, 5, x, 5, 5, 2, 5, Affine.NONE, new double[2], Affine.NONE, null))
        .withMessage(
            "RowNorm.rmsNormBackward: dx must not overlap x:"
                + " got offset=5 and 0 of the same array, rows=2, cols=5");
  }

  private static void refused(
      String message,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int rows,
      int cols,
      double epsilon) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RowNorm.layerNorm(x, xOffset, y, yOffset, rows, cols, Affine.NONE, epsilon))
        .withMessage(message);
  }

  private float[] gaussians(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] spread(float[] dense, int offset, int stride) {
    return spread(dense, offset, stride, COLS);
  }

  /** Rows put at a distance, with NaN around them. */
  private static float[] spread(float[] dense, int offset, int stride, int cols) {
    float[] array = new float[offset + ROWS * stride];
    Arrays.fill(array, Float.NaN);
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(dense, r * cols, array, offset + r * stride, cols);
    }
    return array;
  }

  private static float[] overlay(int length, float fill, float[] dense, int offset, int stride) {
    float[] array = new float[length];
    Arrays.fill(array, fill);
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(dense, r * COLS, array, offset + r * stride, COLS);
    }
    return array;
  }
}
