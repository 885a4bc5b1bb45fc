package io.github.normkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scalar and the vector tangent agree bit for bit, on floats of every size, and write nothing
 * but the result.
 */
@Tag("vector")
class TanhParityTest {

  private static final long SEED = Long.getLong("normkit.seed", 20260101L);

  /** Two vectors of the widest and a rest. */
  private static final int LONG = 19;

  /** Room after the elements, more than a vector. */
  private static final int MARGIN = 20;

  private static final float[] SPECIALS = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40f,
    Float.MIN_NORMAL,
    1e-20f,
    -1e-8f,
    300f,
    Math.nextUp(300f),
    -301f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private final TanhKernels scalar = new ScalarTanh();
  private final TanhKernels vector = new VectorTanh();

  @Test
  void theyAgreeAtEveryLengthAndOffset() {
    for (int len = 0; len <= 70; len++) {
      for (int offset : new int[] {0, 1, 3, 13}) {
        agree(gaussian(SEED + len, len, 2), offset, 0.8f);
      }
    }
  }

  @Test
  void theyAgreeOnSpecialValuesInEveryLane() {
    for (float special : SPECIALS) {
      for (int at = 0; at < LONG; at++) {
        for (float alpha : new float[] {1, -0.5f, 0, -0f, 1e-30f, 1e30f}) {
          float[] x = gaussian(SEED, LONG, 1);
          x[at] = special;
          agree(x, 1, alpha);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1, -0.37f, 1e-3f, 200, 1e-38f, 1e38f})
  void theyAgreeOnFloatsOfEverySize(float alpha) {
    float[] x = new float[1 << 16];
    // All signs and exponents, with 128 fractions each.
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(i * 65_537);
    }
    agree(x, 0, alpha);
  }

  /** Where the exponent of two is about to change, and where the tangent becomes 1. */
  @Test
  void theyAgreeAroundTheStepsOfTheExponent() {
    for (int k = 0; k <= 870; k++) {
      float[] x = new float[41];
      float step = (float) ((k + 0.5) * Math.log(2) / 2);
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.intBitsToFloat(Float.floatToIntBits(step) + i - 20);
      }
      agree(x, 0, 1);
    }
  }

  @Test
  void theyAgreeWhereTheQuotientIsBetweenTwoWholeNumbers() {
    float[][] ties = {
      {1.5269388f, 3.5180786f},
      {1.2382945f, 29.527317f},
      {1.8748474f, 30.223677f},
      {1.3973838f, 49.727215f},
      {1.4589485f, 52.617382f}
    };
    for (float[] tie : ties) {
      double quotient = 2 * ((double) tie[0] * tie[1]) / Tanh.LN2 + 0.5;
      assertThat(quotient).isEqualTo(Math.rint(quotient));
      for (int at = 0; at < LONG; at++) {
        float[] x = gaussian(SEED, LONG, 1);
        x[at] = tie[1];
        agree(x, 0, tie[0]);
      }
    }
  }

  private void agree(float[] values, int offset, float alpha) {
    String what =
        "seed %d, length %d, offset %d, alpha %s".formatted(SEED, values.length, offset, alpha);
    for (boolean inPlace : new boolean[] {false, true}) {
      long[][] expected = run(scalar, values, offset, alpha, inPlace);
      assertThat(run(vector, values, offset, alpha, inPlace))
          .as("%s, in place %s", what, inPlace)
          .isEqualTo(expected);
    }
  }

  /** The bits of all that is written, forward and backward, and of what stands around it. */
  private static long[][] run(
      TanhKernels kernels, float[] values, int offset, float alpha, boolean inPlace) {
    int len = values.length;
    float[] x = around(values, offset);
    float[] dy = around(gaussian(SEED + 1, len, 1), 2 * offset);
    float[] weight = around(gaussian(SEED + 2, len, 1), 0);
    float[] bias = around(gaussian(SEED + 3, len, 1), 0);
    float[] dx = inPlace ? dy : new float[offset + len + MARGIN];
    int dxOff = inPlace ? 2 * offset : offset;
    double[] sums = new Random(SEED + 4).doubles(offset + 2 * len + MARGIN).toArray();
    double[] terms = new double[2 * len + MARGIN];
    kernels.exponentials(x, offset, len, alpha, terms);
    double[] expm1 = terms.clone();
    kernels.gradient(terms, dy, 2 * offset, x, offset, dx, dxOff, len, alpha, weight, sums, offset);
    float[] y = inPlace ? x : new float[offset + 1 + len + MARGIN];
    int yOff = inPlace ? offset : offset + 1;
    kernels.normalize(expm1, x, offset, y, yOff, len, alpha, weight, bias);
    return new long[][] {
      bits(Arrays.copyOf(expm1, len)),
      bits(Arrays.copyOf(terms, len)),
      bits(sums),
      bits(dx),
      bits(y)
    };
  }

  private static float[] gaussian(long seed, int len, double size) {
    Random random = new Random(seed);
    float[] values = new float[len];
    for (int i = 0; i < len; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return values;
  }

  /** NaN stands around what may be read, which would spoil a result that it reached. */
  private static float[] around(float[] values, int offset) {
    float[] array = new float[offset + values.length + MARGIN];
    Arrays.fill(array, Float.NaN);
    System.arraycopy(values, 0, array, offset, values.length);
    return array;
  }

  /** With one pattern for all NaNs: their payload is the hardware's. */
  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  private static long[] bits(float[] values) {
    return IntStream.range(0, values.length)
        .mapToLong(i -> Float.floatToIntBits(values[i]))
        .toArray();
  }
}
