package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class TensorTest {

  private static final Shape TWO_BY_THREE = Shape.of(2, 3);

  private static Tensor counting() {
    return Tensor.of(TWO_BY_THREE, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void ofCopiesItsValues() {
    float[] values = {1, 2};
    Tensor tensor = Tensor.of(Shape.of(2), values);
    values[0] = 9;
    assertThat(tensor.toArray()).containsExactly(1, 2);
  }

  @Test
  void ofRefusesValuesThatDoNotFillTheShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(TWO_BY_THREE, 1, 2, 3, 4, 5))
        .withMessage("Tensor: values must fill the shape: expected 6 for [2, 3], got 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(Shape.of(0, 3), 1))
        .withMessage("Tensor: values must fill the shape: expected 0 for [0, 3], got 1");
  }

  @Test
  void wrapSharesTheWholeArray() {
    float[] array = {1, 2, 3};
    Tensor tensor = Tensor.wrap(array, Shape.of(3));
    array[1] = 9;
    assertThat(tensor.get(1)).isEqualTo(9);
    assertThat(tensor.array()).isSameAs(array);
    assertThat(tensor.offset()).isZero();
  }

  @Test
  void wrapRefusesAnArrayOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(new float[7], TWO_BY_THREE))
        .withMessage("Tensor: the array must fill the shape: expected 6 for [2, 3], got 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(new float[5], TWO_BY_THREE))
        .withMessage("Tensor: the array must fill the shape: expected 6 for [2, 3], got 5");
  }

  @Test
  void wrapSharesAStretchOfTheArray() {
    float[] array = {0, 1, 2, 3, 4, 5, 6, 7};
    Tensor tensor = Tensor.wrap(array, 2, TWO_BY_THREE);
    assertThat(tensor.toArray()).containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(tensor.offset()).isEqualTo(2);
    tensor.set(9, 0, 1);
    assertThat(array[3]).isEqualTo(9);
  }

  @Test
  void wrapRefusesAStretchOutsideTheArray() {
    float[] array = new float[8];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(array, 3, TWO_BY_THREE))
        .withMessage(
            "Tensor: the stretch must lie inside the array: got offset=3 and 6 elements for [2, 3]"
                + " in an array of 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(array, -1, TWO_BY_THREE))
        .withMessage(
            "Tensor: the stretch must lie inside the array: got offset=-1 and 6 elements for [2, 3]"
                + " in an array of 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(array, Integer.MAX_VALUE, TWO_BY_THREE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(array, 1, Shape.of(Integer.MAX_VALUE)));
  }

  @Test
  void emptyStretchMayEndTheArray() {
    assertThat(Tensor.wrap(new float[4], 4, Shape.of(0, 3)).toArray()).isEmpty();
  }

  @Test
  void fillsWithZerosOnesOrAnyValue() {
    assertThat(Tensor.zeros(TWO_BY_THREE).toArray()).containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(Tensor.ones(TWO_BY_THREE).toArray()).containsExactly(1, 1, 1, 1, 1, 1);
    assertThat(Tensor.full(Shape.of(2), -2.5f).toArray()).containsExactly(-2.5f, -2.5f);
    assertThat(Tensor.full(Shape.of(), 7).get()).isEqualTo(7);
  }

  @Test
  void elementsStandInRowMajorOrder() {
    Tensor tensor = Tensor.of(Shape.of(2, 3, 4), new float[24]);
    tensor.set(5, 1, 2, 3);
    tensor.set(6, 1, 0, 2);
    assertThat(tensor.get(1, 2, 3)).isEqualTo(5);
    assertThat(tensor.array()[1 * 12 + 2 * 4 + 3]).isEqualTo(5);
    assertThat(tensor.array()[1 * 12 + 0 * 4 + 2]).isEqualTo(6);
  }

  @Test
  void indexOutsideItsDimensionIsRefused() {
    Tensor tensor = counting();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.get(0, 3))
        .withMessage("Index 3 out of bounds for length 3");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.get(-1, 0))
        .withMessage("Index -1 out of bounds for length 2");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.set(1, 2, 0))
        .withMessage("Index 2 out of bounds for length 2");
    assertThat(tensor.toArray()).isEqualTo(counting().toArray());
  }

  @Test
  void tooFewOrTooManyIndicesAreRefused() {
    Tensor tensor = counting();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.get(1))
        .withMessage(
            "Tensor: there must be one index for each dimension: expected 2 for [2, 3], got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.set(9, 1, 1, 1))
        .withMessage(
            "Tensor: there must be one index for each dimension: expected 2 for [2, 3], got 3");
  }

  @Test
  void reshapeIsAViewWithAsManyElements() {
    Tensor tensor = counting();
    Tensor view = tensor.reshape(Shape.of(3, 2));
    view.set(9, 2, 1);
    assertThat(tensor.get(1, 2)).isEqualTo(9);
    assertThat(view.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(tensor.shape()).isEqualTo(TWO_BY_THREE);
  }

  @Test
  void reshapeKeepsTheOffset() {
    Tensor view = Tensor.wrap(new float[] {0, 1, 2, 3, 4}, 1, Shape.of(4)).reshape(Shape.of(2, 2));
    assertThat(view.toArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void reshapeRefusesAnotherNumberOfElements() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counting().reshape(Shape.of(7)))
        .withMessage(
            "Tensor: reshape must keep the number of elements: expected 6 of [2, 3], got 7 of [7]");
  }

  @Test
  void sliceIsAViewAlongTheFirstDimension() {
    Tensor tensor = Tensor.of(Shape.of(4, 2), 0, 1, 2, 3, 4, 5, 6, 7);
    Tensor middle = tensor.slice(1, 3);
    assertThat(middle.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(middle.toArray()).containsExactly(2, 3, 4, 5);
    middle.set(9, 1, 1);
    assertThat(tensor.get(2, 1)).isEqualTo(9);
  }

  @Test
  void sliceOfASliceCountsFromTheSlice() {
    Tensor tensor = Tensor.of(Shape.of(4, 2), 0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(tensor.slice(1, 4).slice(1, 2).toArray()).containsExactly(4, 5);
  }

  @Test
  void sliceMayBeEmptyOrWhole() {
    assertThat(counting().slice(2, 2).shape()).isEqualTo(Shape.of(0, 3));
    assertThat(counting().slice(0, 2).toArray()).isEqualTo(counting().toArray());
  }

  @Test
  void sliceOutsideTheDimensionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counting().slice(0, 3))
        .withMessage("Tensor: slice must lie in [0, 2]: got [0, 3) of [2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counting().slice(-1, 1))
        .withMessage("Tensor: slice must lie in [0, 2]: got [-1, 1) of [2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counting().slice(2, 1))
        .withMessage("Tensor: slice must lie in [0, 2]: got [2, 1) of [2, 3]");
  }

  @Test
  void scalarHasNoSlice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.ones(Shape.of()).slice(0, 1))
        .withMessage("Tensor: slice needs a first dimension: expected rank >= 1, got rank 0");
  }

  @Test
  void toArrayCopies() {
    Tensor tensor = counting();
    tensor.toArray()[0] = 9;
    assertThat(tensor.get(0, 0)).isZero();
  }

  @Test
  void nullArgumentsAreRefusedByName() {
    assertThatNullPointerException().isThrownBy(() -> Tensor.of(null, 1f)).withMessage("shape");
    assertThatNullPointerException()
        .isThrownBy(() -> Tensor.of(TWO_BY_THREE, (float[]) null))
        .withMessage("values");
    assertThatNullPointerException()
        .isThrownBy(() -> Tensor.wrap(null, TWO_BY_THREE))
        .withMessage("array");
    assertThatNullPointerException()
        .isThrownBy(() -> Tensor.wrap(new float[1], null))
        .withMessage("shape");
    assertThatNullPointerException()
        .isThrownBy(() -> Tensor.wrap(null, 0, TWO_BY_THREE))
        .withMessage("array");
    assertThatNullPointerException()
        .isThrownBy(() -> Tensor.wrap(new float[1], 0, null))
        .withMessage("shape");
    assertThatNullPointerException().isThrownBy(() -> Tensor.zeros(null)).withMessage("shape");
    assertThatNullPointerException().isThrownBy(() -> Tensor.ones(null)).withMessage("shape");
    assertThatNullPointerException().isThrownBy(() -> Tensor.full(null, 1)).withMessage("shape");
    assertThatNullPointerException()
        .isThrownBy(() -> counting().reshape(null))
        .withMessage("other");
  }

  @Test
  void overlapMeansASharedElement() {
    float[] array = new float[10];
    Tensor first = Tensor.wrap(array, 0, Shape.of(4));
    Tensor second = Tensor.wrap(array, 3, Shape.of(4));
    Tensor third = Tensor.wrap(array, 4, Shape.of(2, 3));
    assertThat(first.overlaps(second)).isTrue();
    assertThat(second.overlaps(first)).isTrue();
    assertThat(first.overlaps(first)).isTrue();
    assertThat(first.overlaps(third)).isFalse();
    assertThat(third.overlaps(first)).isFalse();
    assertThat(first.overlaps(Tensor.zeros(Shape.of(4)))).isFalse();
  }

  @Test
  void emptyTensorOverlapsNothing() {
    float[] array = new float[10];
    Tensor empty = Tensor.wrap(array, 2, Shape.of(0));
    Tensor around = Tensor.wrap(array, 0, Shape.of(4));
    assertThat(empty.overlaps(around)).isFalse();
    assertThat(around.overlaps(empty)).isFalse();
    assertThat(empty.overlaps(empty)).isFalse();
  }

  @Test
  void sameStorageMeansTheSameStretchUnderAnyShape() {
    float[] array = new float[8];
    Tensor tensor = Tensor.wrap(array, 1, TWO_BY_THREE);
    assertThat(tensor.sameStorage(Tensor.wrap(array, 1, Shape.of(6)))).isTrue();
    assertThat(tensor.sameStorage(Tensor.wrap(array, 2, TWO_BY_THREE))).isFalse();
    assertThat(tensor.sameStorage(Tensor.wrap(array, 1, Shape.of(5)))).isFalse();
    assertThat(tensor.sameStorage(Tensor.wrap(array.clone(), 1, TWO_BY_THREE))).isFalse();
  }

  @Test
  void printsShapeAndTheElementsOfShortTensors() {
    assertThat(Tensor.of(Shape.of(2, 1), 1, -2.5f)).hasToString("Tensor[2, 1] [1.0, -2.5]");
    assertThat(Tensor.zeros(Shape.of(16)).toString()).startsWith("Tensor[16] [0.0, ");
    assertThat(Tensor.zeros(Shape.of(17))).hasToString("Tensor[17]");
  }
}
