package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a batch that is not finite does to the running statistics of its own channel: nothing. */
class PoisonedBatchesTest {

  static Stream<LayerCase> layers() {
    return Stream.of(Layout.values())
        .flatMap(
            layout ->
                Stream.of(
                    LayerCase.batchNorm(layout, 4, 3, 11, 1e-5),
                    LayerCase.instanceNorm(layout, 4, 3, 11, 1e-5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void aChannelThatIsNotFiniteKeepsItsRunningStatistics(LayerCase layerCase) {
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      RandomGenerator random = Seeds.random(Seeds.seed(0));
      NormLayer layer = layerCase.layer(random);
      layer.forward(layerCase.gaussians(random));
      Map<String, Tensor> before = layer.state();
      Tensor x = layerCase.gaussians(random);
      int place = x.shape().size() / 2;
      int channel = layerCase.oracles().get().parameterOf(x.shape(), place);
      x.array()[place] = poison;

      layer.forward(x);

      Map<String, Tensor> after = layer.state();
      for (int c = 0; c < 3; c++) {
        boolean same = c == channel;
        assertSame(before.get("running_mean").get(c), after.get("running_mean").get(c), same);
        assertSame(before.get("running_var").get(c), after.get("running_var").get(c), same);
      }
      for (int i = 0; i < 2; i++) {
        assertThat(after.get("running_residual").get(i, channel))
            .isEqualTo(before.get("running_residual").get(i, channel));
      }
      assertThat(after.get("num_batches_tracked").get()).isEqualTo(2);
    }
  }

  private static void assertSame(float before, float after, boolean same) {
    assertThat(after).isFinite();
    assertThat(after == before).isEqualTo(same);
  }
}
