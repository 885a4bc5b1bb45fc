package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyChangeTest {

  private final AccuracyChange change =
      AccuracyChange.between(List.of(90.0, 90.0, 90.0), List.of(88.0, 87.5, 95.0));

  @Test
  void isWorseIfItFallsByMoreThanTheLimit() {
    assertThat(AccuracyChange.WORSE).isEqualTo(2);
    assertThat(change.isWorse()).containsExactly(false, true, false);
    assertThat(change.isNotWorse()).containsExactly(true, false, true);
  }

  @Test
  void textHasTheSigns() {
    assertThat(change).hasToString("-2.0 (-2.5 to +5.0) points");
  }
}
