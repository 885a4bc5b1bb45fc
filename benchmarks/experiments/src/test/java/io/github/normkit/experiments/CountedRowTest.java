package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.LayerNormReference;
import io.github.normkit.reference.RMSNormReference;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CountedRowTest {

  private static final long SEED = 5;
  private static final int N = 10;

  private final Random random = new Random(SEED);
  private final double[] x = random();
  private final double[] dy = random();
  private final double[] weight = random();
  private final double[] bias = random();

  @Test
  void layerNormIsThatOfTheReference() {
    CountedRow row = CountedRow.layerNorm(weight, bias, 1e-5);
    assertClose(
        row.forward(x, new Counter()), LayerNormReference.forward(x, 1, N, weight, bias, 1e-5).y());
    assertBackward(row, LayerNormReference.backward(x, dy, 1, N, weight, 1e-5), true);
  }

  @Test
  void rmsNormIsThatOfTheReference() {
    CountedRow row = CountedRow.rmsNorm(weight, 1e-6);
    assertClose(
        row.forward(x, new Counter()), RMSNormReference.forward(x, 1, N, weight, null, 1e-6).y());
    assertBackward(row, RMSNormReference.backward(x, dy, 1, N, weight, 1e-6), false);
  }

  private void assertBackward(CountedRow row, Gradients expected, boolean withBias) {
    double[] dWeight = new double[N];
    double[] dBias = new double[N];
    assertClose(row.backward(dy, dWeight, dBias, new Counter()), expected.dx());
    assertClose(dWeight, expected.dWeight());
    assertClose(dBias, withBias ? expected.dBias() : new double[N]);
  }

  @Test
  void eachOperationCountsOnce() {
    Counter count = new Counter();
    CountedRow.rmsNorm(weight, 1e-6).forward(x, count);
    assertThat(count.operations()).isEqualTo(4 * N + 1);
    assertThat(count.slowOperations()).isEqualTo(3);
    Counter other = new Counter();
    CountedRow.layerNorm(weight, bias, 1e-5).forward(x, other);
    assertThat(other.operations()).isEqualTo(7 * N + 1);
    assertThat(other.slowOperations()).isEqualTo(4);
  }

  private double[] random() {
    return random.doubles(N, -1, 1).toArray();
  }

  private static void assertClose(double[] actual, double... expected) {
    assertThat(actual).as("seed %d", SEED).containsExactly(expected, within(1e-12));
  }
}
