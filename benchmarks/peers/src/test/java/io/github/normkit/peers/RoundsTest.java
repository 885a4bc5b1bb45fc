package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

  @Test
  void eachElementComesFirstInItsTurn() {
    List<String> names = List.of("a", "b", "c");
    assertThat(Rounds.rotated(names, 0)).containsExactly("a", "b", "c");
    assertThat(Rounds.rotated(names, 1)).containsExactly("b", "c", "a");
    assertThat(Rounds.rotated(names, 2)).containsExactly("c", "a", "b");
    assertThat(Rounds.rotated(names, 3)).containsExactly("a", "b", "c");
  }
}
