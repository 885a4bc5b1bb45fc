package io.github.normkit.experiments.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PitfallsTest {

  private static final Path PAGE = Path.of("..", "..", "docs", "pitfalls.md");

  private static final String COMMAND =
      "mvn -q -f benchmarks -Ppitfalls compile -Dpitfalls.args=\"--page docs/pitfalls.md\"";

  @TempDir private Path directory;

  @Test
  void fillsThePageOfTheDocs() throws IOException {
    Path page = directory.resolve("pitfalls.md");
    Files.copy(PAGE, page);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Pitfalls.PROGRAM.run(
            new String[] {"--page", page.toString()},
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(Files.readString(PAGE))
        .as("docs/pitfalls.md, which %s makes", COMMAND)
        .isEqualToNormalizingNewlines(Files.readString(page));
    assertThat(directory).isDirectoryNotContaining(Files::isDirectory);
  }

  @Test
  void pageRepeatsEachClaimAndTheCommand() throws IOException {
    String text = Files.readString(PAGE).replaceAll("\\s+", " ");
    assertThat(text).contains(COMMAND);
    assertThat(Pitfalls.PROGRAM.experiments())
        .allSatisfy(pitfall -> assertThat(text).contains(pitfall.claim()));
  }

  @Test
  void numbersThatAreZeroToTheDigitsShownHaveNoSign() {
    assertThat(Texts.row("%.2f %.0f %.1f", -0.001, -0.4, -0.06))
        .containsExactly("0.00", "0", "-0.1");
    assertThat(Texts.list("%.3f", -0.0004f, -0.004f, -10, 0))
        .isEqualTo("0.000, -0.004, -10.000, 0.000");
  }
}
