package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitTest {

  private final DigitsData data = DigitsData.load();

  /** Gives each class the same score, and notes what it was given. */
  private static final class Guess implements Layer {

    private final List<Integer> batches = new ArrayList<>();
    private float score;
    private Tensor first;

    @Override
    public Tensor forward(Tensor x) {
      first = batches.isEmpty() ? x : first;
      batches.add(x.shape().dim(0));
      return Tensor.full(Shape.of(x.shape().dim(0), DigitsData.CLASSES), score);
    }

    @Override
    public Tensor backward(Tensor dy) {
      return dy;
    }
  }

  @Test
  void everyEpochHasItsMeanLossAndWholeBatchesOnly() {
    Guess guess = new Guess();
    assertThat(new Fit(100, 3, 0.1f).run(guess, data, rows -> {}))
        .hasSize(3)
        .allSatisfy(loss -> assertThat(loss.floatValue()).isEqualTo((float) Math.log(10)));
    assertThat(guess.batches).isEqualTo(Collections.nCopies(3 * 14, 100));
  }

  @Test
  void imagesComeInTheOrderThatIsGiven() {
    Guess guess = new Guess();
    int[] sorted = data.sortedByDigit(data.trainingRows());
    new Fit(2, 1, 0.1f).run(guess, data, rows -> System.arraycopy(sorted, 0, rows, 0, rows.length));
    assertThat(guess.first.toArray())
        .isEqualTo(data.images(new int[] {sorted[0], sorted[1]}).toArray());
  }

  @Test
  void fittingEndsWithTheFirstLossThatIsNotFinite() {
    Guess guess = new Guess();
    guess.score = Float.NaN;
    assertThat(new Fit(720, 3, 0.1f).run(guess, data, rows -> {})).containsExactly(Double.NaN);
    assertThat(guess.batches).hasSize(2);
  }
}
