package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In evaluation the input may lie much nearer to the running mean than the running deviation. */
class GivenStatisticsTest {

  private static final int CHANNELS = 20;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void inputsNearTheRunningMeanKeepTheirDigits(Layout layout) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    for (double deviation : new double[] {1, 1e-2, 1e-4, 0}) {
      BatchNorm layer = BatchNorm.builder(CHANNELS).layout(layout).affine(false).build();
      Map<String, Tensor> state = layer.state();
      Tensor mean = state.get("running_mean");
      for (int c = 0; c < CHANNELS; c++) {
        mean.set((float) random.nextDouble(0.2, 0.8), c);
      }
      layer.loadState(state);
      layer.eval();

      boolean last = layout == Layout.CHANNELS_LAST;
      Tensor x = Tensor.zeros(last ? Shape.of(8, 9, CHANNELS) : Shape.of(8, CHANNELS, 9));
      double[] expected = new double[x.shape().size()];
      for (int i = 0; i < expected.length; i++) {
        float m = mean.get(last ? i % CHANNELS : i / 9 % CHANNELS);
        x.array()[i] = (float) (m + deviation * random.nextGaussian());
        expected[i] = ((double) x.array()[i] - m) / Math.sqrt(1 + 1e-5);
      }

      float[] y = layer.forward(x).toArray();

      assertThat(TensorUlps.error(y, expected)).as("%s", deviation).isLessThanOrEqualTo(1.5);
    }
  }
}
