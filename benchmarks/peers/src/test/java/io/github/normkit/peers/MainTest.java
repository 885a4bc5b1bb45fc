package io.github.normkit.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(
        args, directory, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void aQuickRunMeasuresAllWhoHaveTheCase() {
    int code = run("--quick", "--threads", "1", "--cases", "^LAYER_FORWARD 32x128$");
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString(UTF_8))
        .contains("Round 1 of 1", "7 of 7", "Geometric mean")
        .doesNotContain("left out");
    assertThat(directory.resolve("peers.txt")).isNotEmptyFile();
    assertThat(directory.resolve("peers.json")).content().contains("\"nd4j\": {\"times\": [[");
    assertThat(directory.resolve("peers.md")).content().contains("| LAYER_FORWARD 32x128 | 1 |");
    assertThat(directory.resolve("peers.svg")).content().contains(">32x128</text>");
  }

  @Test
  void aBadArgumentIsSaidWithoutRunning() {
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .startsWith("peers: --rounds must be a whole number from 1 on: got \"0\"");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpIsPrinted() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("--cases REGEX", "default all 57");
  }
}
