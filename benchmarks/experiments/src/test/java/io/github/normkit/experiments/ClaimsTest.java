package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.report.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {

  private static final Path DOCS = Path.of("..", "..", "docs");

  private static final String COMMAND =
      "mvn -q -f benchmarks -Pclaims compile -Dclaims.args=\"--page docs/experiments.md\"";

  @TempDir private Path directory;

  @Test
  void fillsThePageAndDrawsTheFiguresOfTheDocs() throws IOException {
    Path page = directory.resolve("experiments.md");
    Files.copy(DOCS.resolve("experiments.md"), page);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    int code =
        Claims.PROGRAM.run(
            new String[] {"--page", page.toString()},
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(Files.readString(DOCS.resolve("experiments.md")))
        .as("docs/experiments.md, which %s makes", COMMAND)
        .isEqualToNormalizingNewlines(Files.readString(page));
    assertThat(figures(DOCS.resolve("experiments")))
        .as("figures in docs/experiments, which %s makes", COMMAND)
        .isEqualTo(figures(directory.resolve("experiments")));
  }

  private static Map<String, String> figures(Path directory) throws IOException {
    Map<String, String> figures = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        figures.put(file.getFileName().toString(), Files.readString(file).replace("\r\n", "\n"));
      }
    }
    return figures;
  }

  @Test
  void pageRepeatsEachClaimAndTheCommand() throws IOException {
    String text = Page.read(DOCS.resolve("experiments.md")).text().replaceAll("\\s+", " ");
    assertThat(text).contains(COMMAND);
    assertThat(Claims.PROGRAM.experiments())
        .allSatisfy(experiment -> assertThat(text).contains(experiment.claim()));
  }
}
