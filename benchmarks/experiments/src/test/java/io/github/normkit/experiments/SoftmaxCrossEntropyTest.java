package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest {

  private final SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();

  @Test
  void equalScoresCostTheLogarithmOfTheClasses() {
    assertThat(criterion.loss(Tensor.full(Shape.of(3, 10), 5), new int[] {0, 4, 9}))
        .isCloseTo(Math.log(10), within(1e-12));
  }

  @Test
  void gradientMatchesCentralDifferences() {
    Tensor x = Tensor.of(Shape.of(2, 3), 0.5f, -1, 2, 1.5f, 0.25f, -0.75f);
    int[] labels = {0, 1};
    criterion.loss(x, labels);
    float[] gradient = criterion.gradient().toArray();
    float step = 0x1p-9f;
    for (int i = 0; i < gradient.length; i++) {
      float value = x.array()[i];
      x.array()[i] = value + step;
      double above = criterion.loss(x, labels);
      x.array()[i] = value - step;
      double below = criterion.loss(x, labels);
      x.array()[i] = value;
      assertThat((double) gradient[i])
          .as("gradient of score %d", i)
          .isCloseTo((above - below) / (2 * step), within((double) step * step));
    }
  }

  @Test
  void largeScoresDoNotOverflow() {
    Tensor x = Tensor.of(Shape.of(1, 2), 3e38f, -3e38f);
    assertThat(criterion.loss(x, new int[] {0})).isZero();
    assertThat(criterion.gradient().toArray()).containsExactly(0, 0);
    assertThat(criterion.loss(x, new int[] {1})).isCloseTo(6e38, within(1e32));
  }

  @Test
  void aScoreThatIsNotANumberShowsInTheLoss() {
    assertThat(criterion.loss(Tensor.of(Shape.of(1, 2), Float.NaN, 1), new int[] {1})).isNaN();
  }
}
