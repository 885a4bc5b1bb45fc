package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsDataTest {

  private final DigitsData data = DigitsData.load();
  private final int[] allRows = IntStream.range(0, data.size()).toArray();

  @Test
  void holdsAllImagesOfAllDigits() {
    assertThat(data.size()).isEqualTo(1797);
    int[] counts = new int[DigitsData.CLASSES];
    for (int label : data.labels(allRows)) {
      counts[label]++;
    }
    assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }

  @Test
  void pixelsAreSixteenthsFromZeroToOne() {
    Tensor images = data.images(allRows);
    assertThat(images.shape()).isEqualTo(Shape.of(1797, 1, 8, 8));
    float max = 0;
    for (float pixel : images.toArray()) {
      assertThat(pixel).isBetween(0f, 1f);
      assertThat(pixel * 16 % 1).isZero();
      max = Math.max(max, pixel);
    }
    assertThat(max).isEqualTo(1);
  }

  @Test
  void imagesAndLabelsFollowTheRequestedRows() {
    Tensor images = data.images(new int[] {1796, 0});
    assertThat(images.get(1, 0, 0, 2)).isEqualTo(5 / 16f);
    assertThat(images.get(1, 0, 7, 4)).isEqualTo(10 / 16f);
    assertThat(images.slice(0, 1).toArray()).isEqualTo(data.images(new int[] {1796}).toArray());
    assertThat(data.labels(new int[] {1796, 0})).containsExactly(8, 0);
  }

  @Test
  void everyImageIsEitherForTrainingOrForTheTest() {
    int[] training = data.trainingRows();
    int[] test = data.testRows();
    assertThat(training).hasSize(1440);
    assertThat(test).hasSize(357);
    assertThat(IntStream.concat(IntStream.of(training), IntStream.of(test)).sorted().toArray())
        .isEqualTo(allRows);
  }

  @Test
  void splitIsAlwaysTheSame() {
    assertThat(data.testRows()).startsWith(493, 1101, 125);
    assertThat(data.testRows()).isEqualTo(DigitsData.load().testRows());
    assertThat(data.trainingRows()).isEqualTo(DigitsData.load().trainingRows());
  }

  @Test
  void rowsCanBeShuffledWithoutChangingTheSplit() {
    int[] before = data.trainingRows();
    DigitsData.shuffle(data.trainingRows(), new Random(1));
    assertThat(data.trainingRows()).isEqualTo(before);
  }

  @Test
  void rowsSortedByDigitAreTheSameRowsInTheirOrderOtherwise() {
    int[] rows = data.testRows();
    int[] sorted = data.sortedByDigit(rows);
    assertThat(data.labels(sorted)).isSorted();
    assertThat(IntStream.of(sorted).filter(row -> data.labels(new int[] {row})[0] == 7))
        .containsExactlyElementsOf(
            IntStream.of(rows)
                .filter(row -> data.labels(new int[] {row})[0] == 7)
                .boxed()
                .toList());
    assertThat(sorted).containsExactlyInAnyOrder(rows);
  }

  @Test
  void accuracyCountsTheLargestScoreOfEachImage() {
    int[] rows = {5, 6, 7, 8};
    int[] labels = data.labels(rows);
    Tensor scores = Tensor.full(Shape.of(4, DigitsData.CLASSES), -1);
    for (int i = 0; i < 3; i++) {
      scores.set(2, i, labels[i]);
    }
    scores.set(2, 3, (labels[3] + 1) % DigitsData.CLASSES);
    assertThat(data.accuracy(rows, images -> scores)).isEqualTo(0.75);
    assertThat(data.accuracy(images -> Tensor.zeros(Shape.of(357, DigitsData.CLASSES))))
        .isEqualTo(IntStream.of(data.labels(data.testRows())).filter(l -> l == 0).count() / 357.0);
  }
}
