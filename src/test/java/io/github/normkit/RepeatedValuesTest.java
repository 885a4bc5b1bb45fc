package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Equal terms round to the same side, so that the error of a long float sum of them grows with its
 * length; that of a row must not.
 */
class RepeatedValuesTest {

  private static final double EPSILON = 1e-5;

  @ParameterizedTest(name = "{0} elements")
  @ValueSource(ints = {100, 128, 768, 1000, 2048, 4096, 20_000})
  void rowsOfTwoValuesAreRight(int n) {
    for (boolean centred : new boolean[] {true, false}) {
      NormLayer layer =
          centred
              ? LayerNorm.builder(n).epsilon(EPSILON).build()
              : RMSNorm.builder(n).epsilon(EPSILON).build();
      Oracle oracle = new RowOracle(centred, n, EPSILON);
      oracle.take(layer.parameters(), false);
      for (int quarters = 0; quarters < 4; quarters++) {
        for (int hundredths = 1; hundredths < 400; hundredths += 6) {
          Tensor x = twoValues(n, quarters, hundredths / 100f);
          double[] expected = oracle.forward(x.shape(), Trial.wide(x), true);
          assertThat(TensorUlps.error(layer.forward(x).toArray(), expected))
              .as("centred %s, %d quarters 0, others %d / 100", centred, quarters, hundredths)
              .isLessThanOrEqualTo(5);
        }
      }
    }
  }

  /** Of each four elements the first so many are 0. */
  private static Tensor twoValues(int n, int quarters, float value) {
    Tensor x = Tensor.zeros(Shape.of(1, n));
    for (int i = 0; i < n; i++) {
      x.array()[i] = i % 4 < quarters ? 0 : value;
    }
    return x;
  }
}
