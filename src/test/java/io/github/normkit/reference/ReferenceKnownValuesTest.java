package io.github.normkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Layout;
import org.junit.jupiter.api.Test;

/**
 * The reference on numbers worked out by hand, with epsilon chosen for whole roots.
 *
 * <p>The other tests compare the library with itself, which in theory could be wrong as a whole.
 */
class ReferenceKnownValuesTest {

  /** Mean 4, squares 9 + 1 + 1 + 9, variance 5, with epsilon 4 a σ of 3. */
  private static final double[] ROW = {1, 3, 5, 7};

  @Test
  void layerNormOfOneRow() {
    Normalized result =
        LayerNormReference.forward(
            ROW, 1, 4, new double[] {3, 3, 6, 6}, new double[] {0, 10, 0, 10}, 4);

    assertThat(result.mean()).containsExactly(4);
    assertThat(result.variance()).containsExactly(5);
    assertClose(result.y(), -3, 9, 2, 16);
  }

  @Test
  void layerNormBackwardOfOneRow() {
    Gradients result = LayerNormReference.backward(ROW, new double[] {9, 0, 0, 0}, 1, 4, null, 4);

    // xhat = (-1, -1/3, 1/3, 1), g = (9, 0, 0, 0): mean(g) = 9/4, mean(g * xhat) = -9/4.
    assertClose(result.dx(), 4.5 / 3, -3 / 3.0, -1.5 / 3, 0);
    assertClose(result.dWeight(), -9, 0, 0, 0);
    assertClose(result.dBias(), 9, 0, 0, 0);
  }

  @Test
  void rmsNormOfOneRow() {
    // Mean square 21, with epsilon 4 a root of 5.
    Normalized result = RMSNormReference.forward(ROW, 1, 4, new double[] {5, 5, 5, 10}, null, 4);

    assertThat(result.mean()).containsExactly(0);
    assertThat(result.variance()).containsExactly(21);
    assertClose(result.y(), 1, 3, 5, 14);
  }

  @Test
  void rmsNormBackwardOfOneRow() {
    Gradients result = RMSNormReference.backward(ROW, new double[] {100, 0, 0, 0}, 1, 4, null, 4);

    // xhat = (1, 3, 5, 7) / 5, g = (100, 0, 0, 0): mean(g * xhat) = 5.
    assertClose(result.dx(), (100 - 1) / 5.0, -3 / 5.0, -5 / 5.0, -7 / 5.0);
    assertClose(result.dWeight(), 20, 0, 0, 0);
  }

  /** Two samples, two channels, two places; channels last it is the same array otherwise read. */
  private static final double[] IMAGE = {1, 3, 10, 10, 5, 7, 20, 20};

  @Test
  void batchNormTakesAChannelOfAllSamples() {
    Normalized first =
        BatchNormReference.forward(IMAGE, 2, 2, 2, Layout.CHANNELS_FIRST, null, null, 4);
    Normalized last =
        BatchNormReference.forward(IMAGE, 2, 2, 2, Layout.CHANNELS_LAST, null, null, 4);

    assertThat(first.mean()).containsExactly(4, 15);
    assertThat(first.variance()).containsExactly(5, 25);
    assertClose(first.y()[4], 1 / 3.0);
    assertThat(last.mean()).containsExactly(9, 10);
    assertThat(last.variance())
        .containsExactly((64 + 1 + 16 + 121) / 4.0, (49 + 0 + 9 + 100) / 4.0);
  }

  @Test
  void batchNormWithGivenStatistics() {
    double[] y =
        BatchNormReference.infer(
            new double[] {1, 2, 3, 4},
            2,
            2,
            1,
            Layout.CHANNELS_FIRST,
            new double[] {1, 0},
            new double[] {3, 15},
            new double[] {4, 8},
            new double[] {0, 1},
            1);

    assertClose(y, 0, 5, 4, 9);
  }

  @Test
  void groupNormTakesAGroupOfOneSample() {
    Normalized one =
        GroupNormReference.forward(IMAGE, 2, 2, 2, Layout.CHANNELS_FIRST, 1, null, null, 4);
    Normalized two =
        GroupNormReference.forward(IMAGE, 2, 2, 2, Layout.CHANNELS_LAST, 2, null, null, 4);

    assertThat(one.mean()).containsExactly(6, 13);
    assertThat(one.variance()).containsExactly((25 + 9 + 16 + 16) / 4.0, (64 + 36 + 49 + 49) / 4.0);
    assertThat(two.mean()).containsExactly(5.5, 6.5, 12.5, 13.5);
    assertThat(two.variance()).containsExactly(4.5 * 4.5, 3.5 * 3.5, 7.5 * 7.5, 6.5 * 6.5);
  }

  @Test
  void instanceNormTakesAChannelOfOneSample() {
    Normalized result =
        InstanceNormReference.forward(IMAGE, 2, 2, 2, Layout.CHANNELS_FIRST, null, null, 3);

    assertThat(result.mean()).containsExactly(2, 10, 6, 20);
    assertThat(result.variance()).containsExactly(1, 0, 1, 0);
    assertClose(result.y(), -0.5, 0.5, 0, 0, -0.5, 0.5, 0, 0);
  }

  @Test
  void runningStatisticsWeighTheNewValueByTheMomentum() {
    double[] unbiased = BatchNormReference.unbiased(new double[] {3, 6}, 4);

    assertThat(unbiased).containsExactly(4, 8);
    assertThat(BatchNormReference.running(new double[] {0, 4}, unbiased, 0.25))
        .containsExactly(1, 5);
  }

  private static void assertClose(double got, double expected) {
    assertClose(new double[] {got}, expected);
  }

  private static void assertClose(double[] got, double... expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).as("element %d", i).isCloseTo(expected[i], within(1e-13));
    }
  }
}
