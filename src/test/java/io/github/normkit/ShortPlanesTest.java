package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * BatchNorm over many short planes, where each plane begins at lane 0 and few lanes do the sums.
 */
class ShortPlanesTest {

  private static final int CHANNELS = 4;
  private static final int VALUES = 16_384;

  @ParameterizedTest(name = "{0} places")
  @ValueSource(ints = {2, 3, 4, 5, 7, 8, 16, 49, 196})
  void theOutputIsWithinTwoUnitsInTheLastPlaceOfItsLargestValue(int places) {
    Shape shape = Shape.of(VALUES / places, CHANNELS, places);
    Tensor x = gaussians(shape);
    NormLayer layer = BatchNorm.builder(CHANNELS).affine(false).build();
    Oracle oracle =
        new RunningOracle(
            false,
            CHANNELS,
            Layout.CHANNELS_FIRST,
            1e-5,
            new RunningOptions(true, false, false, 0.1, true));

    float[] y = layer.forward(x).toArray();

    double[] expected = oracle.forward(shape, Trial.wide(x), true);
    assertThat(TensorUlps.error(y, expected)).isLessThanOrEqualTo(2);
  }

  private static Tensor gaussians(Shape shape) {
    Tensor x = Tensor.zeros(shape);
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    for (int i = 0; i < shape.size(); i++) {
      x.array()[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
