package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SideBySideTest {

  private final AtomicInteger done = new AtomicInteger();

  @Test
  void resultsAreInTheOrderOfTheInputs() {
    List<Integer> inputs = List.of(5, 1, 4, 1, 3);
    assertThat(SideBySide.map(inputs, i -> 10 * i, done::incrementAndGet))
        .containsExactly(50, 10, 40, 10, 30);
    assertThat(done).hasValue(5);
  }

  @Test
  void eachSettingRunsWithEachSeed() {
    assertThat(
            SideBySide.bySetting(
                List.of("b", "a"), 3, (setting, seed) -> setting + seed, done::incrementAndGet))
        .hasToString("{b=[b1, b2, b3], a=[a1, a2, a3]}");
    assertThat(done).hasValue(6);
  }

  @Test
  void aRunThatFailsIsNotLost() {
    IllegalArgumentException cause = new IllegalArgumentException("a");
    assertThatThrownBy(
            () ->
                SideBySide.map(
                    List.of(1),
                    i -> {
                      throw cause;
                    },
                    done::incrementAndGet))
        .hasRootCause(cause);
    assertThat(done).hasValue(0);
  }
}
