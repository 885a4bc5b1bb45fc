package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void tellsRankDimensionsAndSize() {
    Shape shape = Shape.of(32, 64, 56, 55);
    assertThat(shape.rank()).isEqualTo(4);
    assertThat(shape.dim(0)).isEqualTo(32);
    assertThat(shape.dim(3)).isEqualTo(55);
    assertThat(shape.size()).isEqualTo(32 * 64 * 56 * 55);
    assertThat(shape.toArray()).containsExactly(32, 64, 56, 55);
  }

  @Test
  void negativeIndexCountsFromTheEnd() {
    Shape shape = Shape.of(2, 3, 5);
    assertThat(shape.dim(-1)).isEqualTo(5);
    assertThat(shape.dim(-3)).isEqualTo(2);
  }

  @Test
  void dimensionIndexOutsideTheRankIsRefused() {
    Shape shape = Shape.of(2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> shape.dim(2))
        .withMessage(
            "Shape: a dimension's index must be at least -rank and less than rank: got 2, rank 2 of [2, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> shape.dim(-3))
        .withMessage(
            "Shape: a dimension's index must be at least -rank and less than rank: got -3, rank 2 of [2, 3]");
  }

  @Test
  void scalarHasOneElementAndNoDimension() {
    Shape scalar = Shape.of();
    assertThat(scalar.rank()).isZero();
    assertThat(scalar.size()).isEqualTo(1);
    assertThat(scalar).hasToString("[]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scalar.dim(0))
        .withMessage(
            "Shape: a dimension's index must be at least -rank and less than rank: got 0, rank 0 of []");
    assertThatIllegalArgumentException().isThrownBy(() -> scalar.dim(-1));
  }

  @Test
  void zeroDimensionIsLegalAndEmptiesTheShape() {
    assertThat(Shape.of(0, 4).size()).isZero();
    assertThat(Shape.of(4, 0, 5).size()).isZero();
  }

  @Test
  void zeroDimensionEmptiesEvenAProductBeyondInt() {
    assertThat(Shape.of(65536, 65536, 65536, 65536, 0).size()).isZero();
  }

  @Test
  void negativeDimensionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(2, -3))
        .withMessage("Shape: dimensions must not be negative: got -3 in [2, -3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(0, -1))
        .withMessage("Shape: dimensions must not be negative: got -1 in [0, -1]");
  }

  @Test
  void productBeyondIntIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(65536, 32768))
        .withMessage(
            "Shape: the number of elements must fit an int: got [65536, 32768], limit 2147483647");
    int max = Integer.MAX_VALUE;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(max, max, max, max, max))
        .withMessageEndingWith("limit 2147483647");
  }

  @Test
  void largestSizeIsLegal() {
    assertThat(Shape.of(1, Integer.MAX_VALUE).size()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void nullDimensionsAreRefusedByName() {
    assertThatNullPointerException().isThrownBy(() -> Shape.of((int[]) null)).withMessage("dims");
  }

  @Test
  void dimensionsAreCopiedInAndOut() {
    int[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 7;
    shape.toArray()[1] = 7;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void partialProductRunsFromInclusiveToExclusive() {
    Shape shape = Shape.of(2, 3, 5, 7);
    assertThat(shape.size(1, 3)).isEqualTo(15);
    assertThat(shape.size(0, 4)).isEqualTo(210);
    assertThat(shape.size(2, 2)).isEqualTo(1);
  }

  @Test
  void equalDimensionsMakeEqualShapes() {
    assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(2, 3, 1));
    assertThat(Shape.of(2, 3)).isNotEqualTo(null).isNotEqualTo("[2, 3]");
  }

  @Test
  void printsItsDimensions() {
    assertThat(Shape.of(32, 64, 56, 56)).hasToString("[32, 64, 56, 56]");
  }
}
