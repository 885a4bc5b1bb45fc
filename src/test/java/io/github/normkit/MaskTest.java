package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Masks, and the text of each of their errors. */
class MaskTest {

  @Test
  void lengthsCountTheFirstPositions() {
    Mask mask = Mask.lengths(3, 2, 0, 3);
    assertThat(mask)
        .isEqualTo(
            Mask.of(Shape.of(3, 3), true, true, false, false, false, false, true, true, true));
    assertThat(mask.count()).isEqualTo(5);
    assertThat(mask.counts(0, 1)).isTrue();
    assertThat(mask.counts(0, 2)).isFalse();
  }

  @Test
  void rectanglesCountTheFirstColumnsOfTheFirstLines() {
    Mask mask = Mask.rectangles(2, 3, new int[] {1, 2, 2}, new int[] {2, 3, 0});
    assertThat(mask)
        .isEqualTo(
            Mask.of(
                Shape.of(3, 2, 3),
                new boolean[] {
                  true, true, false, false, false, false, //
                  true, true, true, true, true, true, //
                  false, false, false, false, false, false
                }));
  }

  @Test
  void expandRepeatsAlongTheNewAxis() {
    Mask mask = Mask.of(Shape.of(2, 2), true, false, false, true);
    assertThat(mask.expand(1, 2))
        .isEqualTo(Mask.of(Shape.of(2, 2, 2), true, false, true, false, false, true, false, true));
    assertThat(mask.expand(2, 2))
        .isEqualTo(Mask.of(Shape.of(2, 2, 2), true, true, false, false, false, false, true, true));
    assertThat(mask.expand(0, 2))
        .isEqualTo(Mask.of(Shape.of(2, 2, 2), true, false, false, true, true, false, false, true));
    assertThat(mask.expand(1, 0).shape()).isEqualTo(Shape.of(2, 0, 2));
  }

  @Test
  void theValuesAreCopied() {
    boolean[] counted = {true, true};
    Mask mask = Mask.of(Shape.of(2), counted);
    counted[0] = false;
    assertThat(mask.counts(0)).isTrue();
    assertThat(mask).hasToString("Mask[2] with 2 of 2");
    assertThat(mask).hasSameHashCodeAs(Mask.of(Shape.of(2), true, true));
    assertThat(mask).isNotEqualTo(Mask.of(Shape.of(2), true, false));
    assertThat(mask).isNotEqualTo(Mask.of(Shape.of(1, 2), true, true));
  }

  @Test
  void wrongMasksAreRefused() {
    refused(
        () -> Mask.of(Shape.of(2, 3), true),
        "Mask: values must fill the shape: expected 6 for [2, 3], got 1");
    refused(
        () -> Mask.of(Shape.of(), true),
        "Mask: a mask needs a dimension: expected rank >= 1, got rank 0");
    refused(() -> Mask.lengths(4, 1, 5), "Mask: lengths must lie in [0, 4]: got 5 at index 1");
    refused(() -> Mask.lengths(4, -1), "Mask: lengths must lie in [0, 4]: got -1 at index 0");
    refused(
        () -> Mask.rectangles(2, 3, new int[1], new int[2]),
        "Mask: there must be as many widths as heights: expected 1, got 2");
    refused(
        () -> Mask.rectangles(2, 3, new int[] {3}, new int[] {3}),
        "Mask: heights must lie in [0, 2]: got 3 at index 0");
    refused(
        () -> Mask.rectangles(2, 3, new int[] {2}, new int[] {4}),
        "Mask: widths must lie in [0, 3]: got 4 at index 0");
    Mask mask = Mask.lengths(4, 1);
    refused(() -> mask.expand(3, 1), "Mask: a new axis must lie in [0, 2]: got 3 for [1, 4]");
    refused(
        () -> mask.expand(1, -1), "Shape: dimensions must not be negative: got -1 in [1, -1, 4]");
    refused(
        () -> mask.counts(1),
        "Mask: there must be one index for each dimension: expected 2 for [1, 4], got 1");
  }

  @Test
  void missingArgumentsAreNamed() {
    missing(() -> Mask.of(null, true), "shape");
    missing(() -> Mask.of(Shape.of(1), (boolean[]) null), "counted");
    missing(() -> Mask.lengths(1, (int[]) null), "lengths");
    missing(() -> Mask.rectangles(1, 1, null, new int[0]), "heights");
    missing(() -> Mask.rectangles(1, 1, new int[0], null), "widths");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  private static void missing(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }
}
