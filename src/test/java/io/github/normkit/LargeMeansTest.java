package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.RowNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A mean that is large beside the deviation costs neither the output nor a gradient a digit: the
 * bound is that of the same set without the mean.
 */
class LargeMeansTest {

  private static final float[] MEANS = {1e4f, -12345.678f, 1e5f, 1e6f, -3e6f, 1e7f, -1e7f};
  private static final int[] LENGTHS = {4, 6, 10, 18, 64, 130, 1000, 2 * 4100, 40_002};

  static Stream<LayerCase> layers() {
    List<LayerCase> layers = new ArrayList<>();
    for (int n : LENGTHS) {
      layers.addAll(LayerCase.withSetsOf(n, 1e-5));
      layers.add(LayerCase.layerNorm(40, n + 1, 1e-5));
    }
    for (Layout layout : Layout.values()) {
      layers.add(LayerCase.batchNorm(layout, 33, 70, 1, 1e-5));
      layers.add(LayerCase.batchNorm(layout, 300, 2, 7, 1e-5));
    }
    return layers.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void forwardAndBackwardAreRightAboutALargeMean(LayerCase layerCase) {
    for (int m = 0; m < MEANS.length; m++) {
      RandomGenerator random = Seeds.random(Seeds.seed(m));
      NormLayer layer = layerCase.layer(random);
      Tensor x = layerCase.gaussians(random);
      for (int i = 0; i < x.shape().size(); i++) {
        x.array()[i] += MEANS[m];
      }
      Tensor dy = layerCase.gaussians(random);
      double mean = layerCase.centred() ? MEANS[m] : 0;
      layerCase.assertRight("mean " + MEANS[m] + ": ", layer, x, mean, dy);
    }
  }

  /** The gradient of such a row tells the mean from the nearest float, a third of a step away. */
  @Test
  void rowsWhoseMeanIsNoFloatAreRight() {
    for (int cols : new int[] {3, 6, 9, 48, 99, 129, 12_288}) {
      for (float base : new float[] {1 << 23, 1 << 24, 1 << 27, -(1 << 24)}) {
        LayerCase layerCase = LayerCase.layerNorm(3, cols, 1e-5);
        RandomGenerator random = Seeds.random(Seeds.seed(cols));
        Tensor x = Tensor.zeros(layerCase.shape());
        for (int i = 0; i < x.shape().size(); i++) {
          x.array()[i] = i % 3 == 0 ? base : base + Math.ulp(base);
        }
        Tensor dy = layerCase.gaussians(random);
        layerCase.assertRight(base + ": ", layerCase.layer(random), x, base, dy);
      }
    }
  }

  @Test
  void theMeanThatIsSavedForBackwardIsMoreThanAFloat() {
    int cols = 300;
    float[] x = new float[cols];
    for (int i = 0; i < cols; i++) {
      x[i] = (1 << 24) + 2 * (i % 3);
    }
    double[] mean = new double[1];
    double[] rstd = new double[1];
    RowNorm.layerNorm(
        x, 0, cols, new float[cols], 0, cols, 1, cols, Affine.NONE, 1e-5, mean, rstd, null);
    assertThat(mean[0]).isCloseTo((1 << 24) + 2, within(1e-6));
    x[0] += 2;
    RowNorm.layerNorm(
        x, 0, cols, new float[cols], 0, cols, 1, cols, Affine.NONE, 1e-5, mean, rstd, null);
    assertThat(mean[0]).isCloseTo((1 << 24) + 2 + 2 / 300.0, within(1e-6));
  }
}
