package io.github.normkit;

import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of some millions of elements. */
class LongSetsTest {

  private static final int N = 3_000_001;

  static Stream<LayerCase> layers() {
    return Stream.concat(
        Stream.of(LayerCase.layerNorm(1, N, 1e-5), LayerCase.rmsNorm(1, N, 1e-5)),
        Stream.of(Layout.values())
            .flatMap(
                layout ->
                    Stream.of(
                        LayerCase.batchNorm(layout, 1, 1, N, 1e-5),
                        LayerCase.batchNorm(layout, N / 49, 1, 49, 1e-5),
                        LayerCase.batchNorm(layout, N, 1, 1, 1e-5),
                        LayerCase.groupNorm(layout, 1, 1, 3, N / 3, 1e-5))));
  }

  /** A float that has grown to thousands rounds such terms all to the same side. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void millionsOfElementsAreRight(LayerCase layerCase) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    Tensor x = Tensor.zeros(layerCase.shape());
    Tensor dy = Tensor.zeros(layerCase.shape());
    for (int i = 0; i < x.shape().size(); i++) {
      x.array()[i] = random.nextBoolean() ? 2.002f : 0;
      dy.array()[i] = random.nextBoolean() ? 2.002f : 1.001f;
    }
    layerCase.assertRight("", layerCase.builder().build(), x, dy);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void millionsOfElementsWithALargeMeanAndALateStepAreRight(LayerCase layerCase) {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    Tensor x = layerCase.gaussians(random);
    int n = x.shape().size();
    float mean = layerCase.centred() ? 1e5f : 0;
    for (int i = 0; i < n; i++) {
      x.array()[i] = mean + x.array()[i] + (i < n / 2 ? 0 : 1000);
    }
    Tensor dy = layerCase.gaussians(random);
    layerCase.assertRight("", layerCase.builder().build(), x, mean, dy);
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000})
  void gradientsOfParametersOverManyRowsAreRight(int rows) {
    LayerCase layerCase = LayerCase.layerNorm(rows, 3, 1e-5);
    RandomGenerator random = Seeds.random(Seeds.seed(2));
    Tensor x = layerCase.gaussians(random);
    Tensor dy = Tensor.zeros(layerCase.shape());
    for (int i = 0; i < dy.shape().size(); i++) {
      dy.array()[i] = random.nextBoolean() ? 2.002f : 1.001f;
    }
    layerCase.assertRight("", layerCase.builder().build(), x, dy);
  }
}
