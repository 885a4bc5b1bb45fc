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
import org.junit.jupiter.params.provider.ValueSource;

/** The sum of arrays, each product and each sum rounded once. */
class ResidualTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 37, 4096, 70_001})
  void sumsAreRoundedOnce(int length) {
    RandomGenerator random = Seeds.random(Seeds.seed(length));
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      for (ForkJoinPool on : new ForkJoinPool[] {null, pool}) {
        for (float scale : new float[] {1, -0.7f}) {
          assertAdds(random, length, scale, on);
        }
      }
    } finally {
      pool.shutdown();
    }
  }

  private static void assertAdds(
      RandomGenerator random, int length, float scale, ForkJoinPool pool) {
    float[] x = gaussians(random, length + 3);
    float[] residual = gaussians(random, length + 4);
    float[] expected = new float[length];
    for (int i = 0; i < length; i++) {
      expected[i] = x[3 + i] + residual[1 + i] * scale;
    }
    float[] sum = new float[length + 5];
    Arrays.fill(sum, 42);
    Residual.add(x, 3, residual, 1, scale, sum, 2, length, pool);
    assertThat(Arrays.copyOfRange(sum, 2, length + 2)).isEqualTo(expected);
    assertThat(new float[] {sum[0], sum[1], sum[length + 2], sum[length + 4]}).containsOnly(42);

    float[] inX = x.clone();
    Residual.add(inX, 3, residual, 1, scale, inX, 3, length, pool);
    assertThat(Arrays.copyOfRange(inX, 3, length + 3)).isEqualTo(expected);
    Residual.add(x, 3, residual, 1, scale, residual, 1, length, pool);
    assertThat(Arrays.copyOfRange(residual, 1, length + 1)).isEqualTo(expected);
  }

  @Test
  void wrongCallsNameTheRuleAndTheNumbersAndWriteNothing() {
    float[] a = new float[10];
    float[] b = new float[10];
    float[] c = new float[10];
    refused("length must be at least 0: got -1", a, 0, b, 0, c, 0, -1);
    refused(
        "x must hold 10 elements from its offset on: got offset=1, length=10",
        a,
        1,
        b,
        0,
        c,
        0,
        10);
    refused(
        "residual must hold 10 elements from its offset on: got offset=-1, length=10",
        a,
        0,
        b,
        -1,
        c,
        0,
        10);
    refused(
        "sum must hold 11 elements from its offset on: got offset=0, length=10",
        new float[11],
        0,
        new float[11],
        0,
        c,
        0,
        11);
    refused(
        "sum must be x or not overlap it: got offset=1 and 0 of the same array, rows=1, cols=9",
        a,
        0,
        b,
        0,
        a,
        1,
        9);
    refused(
        "sum must be residual or not overlap it:"
            + " got offset=1 and 0 of the same array, rows=1, cols=9",
        a,
        0,
        b,
        0,
        b,
        1,
        9);
    for (float[] array : new float[][] {a, b, c}) {
      assertThat(array).containsOnly(0);
    }
    assertThatNullPointerException()
        .isThrownBy(() -> Residual.add(null, 0, b, 0, 1, c, 0, 10, null))
        .withMessage("x");
  }

  private static void refused(
      String message,
      float[] x,
      int xOffset,
      float[] residual,
      int residualOffset,
      float[] sum,
      int sumOffset,
      int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Residual.add(x, xOffset, residual, residualOffset, 1, sum, sumOffset, length, null))
        .withMessage("Residual.add: " + message);
  }

  private static float[] gaussians(RandomGenerator random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
