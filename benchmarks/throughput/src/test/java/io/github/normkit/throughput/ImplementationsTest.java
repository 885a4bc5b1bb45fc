package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImplementationsTest {

  private static final List<String> ROWS = List.of("5x70", "257x129");
  private static final List<String> CHANNELS = List.of("3x64x5x5", "4x64x16x16");

  static Stream<Case> smallCases() {
    return Stream.of(Operation.values())
        .flatMap(
            operation -> {
              Stream<Case> first =
                  (operation.isRows() ? ROWS : CHANNELS)
                      .stream().map(shape -> Case.parse(operation + " " + shape));
              Stream<Case> last =
                  CHANNELS.stream()
                      .filter(shape -> !operation.isRows())
                      .map(shape -> Case.parse(operation + " " + shape + " channels-last"));
              return Stream.concat(first, last);
            });
  }

  @ParameterizedTest
  @MethodSource("smallCases")
  void allGiveWhatTheReferenceGives(Case c) {
    for (Implementation implementation : Implementations.all()) {
      for (int threads = 1; threads <= 2; threads++) {
        Optional<Call> bound = implementation.bind(c, threads);
        assertThat(bound.isPresent())
            .as("%s has %s with %d threads", implementation.name(), c, threads)
            .isEqualTo(has(implementation.name(), c, threads));
        if (bound.isPresent()) {
          try (Call call = bound.get()) {
            assertThat(call.error(c)).as(implementation.name()).isLessThan(1e-5);
            // Once more: no call may depend on those before it.
            assertThat(call.error(c)).as(implementation.name()).isLessThan(1e-5);
          }
        }
      }
    }
  }

  private static boolean has(String name, Case c, int threads) {
    return switch (name) {
      case "naive" -> threads == 1 && !c.channelsLast();
      case "normkit-in-place" ->
          c.operation() != Operation.BATCH_TRAIN && c.operation() != Operation.ADD_RMS_FORWARD;
      default -> true;
    };
  }

  @Test
  void inPlaceGivesTheSameAfterManyCalls() {
    for (String text : List.of("LAYER_FORWARD 5x70", "GROUP_BACKWARD 3x64x5x5")) {
      Case c = Case.parse(text);
      try (Call call = Implementations.named("normkit-in-place").bind(c, 1).orElseThrow()) {
        for (int i = 0; i < 100; i++) {
          call.run();
        }
        assertThat(call.error(c)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void aNameFindsItsImplementation() {
    assertThat(Implementations.named("normkit")).isInstanceOf(Normkit.class);
    assertThat(Implementations.all())
        .extracting(Implementation::name)
        .containsExactlyInAnyOrder(
            "normkit", "normkit-in-place", "naive", "copy", "copy-loop", "arraycopy");
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Implementations.named("abacus"))
        .withMessageStartingWith(
            "implementation must be one of [normkit, normkit-in-place, naive, copy")
        .withMessageEndingWith("got abacus");
  }
}
