package io.github.normkit;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One element of a million among ordinary ones, at every place: the first and the last, each lane
 * of a block, the elements that fill no vector, and where long sets are cut.
 */
class OutliersTest {

  /** Two blocks of the kernels and a tail, per sample. */
  private static final int SHORT = 2 * 150;

  static Stream<LayerCase> shortSets() {
    return LayerCase.withSetsOf(SHORT, 1e-5).stream();
  }

  static Stream<LayerCase> longSets() {
    return Stream.of(2 * 4101, 2 * 9000).flatMap(n -> LayerCase.withSetsOf(n, 1e-5).stream());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shortSets")
  void anOutlierAtAnyPlaceOfAShortSetIsRight(LayerCase layerCase) {
    assertRight(layerCase, IntStream.range(0, SHORT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longSets")
  void anOutlierWhereALongSetBeginsIsCutAndEndsIsRight(LayerCase layerCase) {
    int n = layerCase.elementsOfSets().get(0).size();
    assertRight(
        layerCase,
        IntStream.of(0, 1, 31, 32, 4095, 4096, n / 2 - 1, n / 2, n - 16, n - 2, n - 1)
            .filter(place -> place < n));
  }

  private static void assertRight(LayerCase layerCase, IntStream places) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    NormLayer layer = layerCase.layer(random);
    Tensor x = layerCase.gaussians(random);
    Tensor dy = layerCase.gaussians(random);
    List<Integer> set = layerCase.elementsOfSets().get(1);
    NormBuilder<?> builder = layerCase.builder();
    places.forEach(
        place -> {
          NormLayer fresh = builder.build();
          copyParameters(layer, fresh);
          int i = set.get(place);
          float ordinary = x.array()[i];
          x.array()[i] = place % 2 == 0 ? 1e6f : -1e6f;
          layerCase.assertRight("outlier at " + place + ": ", fresh, x, dy);
          x.array()[i] = ordinary;
        });
  }

  private static void copyParameters(NormLayer from, NormLayer to) {
    for (int p = 0; p < from.parameters().size(); p++) {
      float[] values = from.parameters().get(p).value().array();
      System.arraycopy(values, 0, to.parameters().get(p).value().array(), 0, values.length);
    }
  }
}
