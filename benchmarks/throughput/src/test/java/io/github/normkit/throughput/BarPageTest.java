package io.github.normkit.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarPageTest {

  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path RESULTS = DOCS.resolve("performance").resolve("peers.csv");

  private static final String COMMAND =
      "mvn -q -f benchmarks -Pbar compile -Dbar.args=\"--page docs/performance.md\"";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(String... args) {
    return BarPage.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void thePageAndTheFigureAreThoseOfTheResults() throws IOException {
    Path page = directory.resolve("performance.md");
    Files.copy(DOCS.resolve("performance.md"), page);
    int code = run("--results", RESULTS.toString(), "--page", page.toString());
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(Files.readString(DOCS.resolve("performance.md")))
        .as("docs/performance.md, which %s makes", COMMAND)
        .isEqualToNormalizingNewlines(Files.readString(page));
    assertThat(Files.readString(DOCS.resolve("performance").resolve("peers.svg")))
        .as("docs/performance/peers.svg, which %s makes", COMMAND)
        .isEqualToNormalizingNewlines(
            Files.readString(directory.resolve("performance").resolve("peers.svg")));
  }

  @Test
  void thePageHasTheCommand() throws IOException {
    assertThat(DOCS.resolve("performance.md")).content().contains(COMMAND);
  }

  @Test
  void theResultsNameNoDirectoryOfTheMachine() throws IOException {
    assertThat(Files.readAllLines(RESULTS).stream().filter(line -> line.startsWith("#")))
        .isNotEmpty()
        .noneMatch(line -> line.contains(" /"));
  }

  @Test
  void withoutAPageTheTablesArePrinted() {
    assertThat(run("--results", RESULTS.toString())).isZero();
    assertThat(out.toString(UTF_8)).contains("every case, 1 thread", "below the bar", "B/call");
  }

  @Test
  void missingResultsAreSaid() {
    Path missing = directory.resolve("none.csv");
    assertThat(run("--results", missing.toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("bar: ").contains("none.csv");
  }

  @Test
  void aBadArgumentIsRefusedAndHelpIsPrinted() {
    assertThat(run("--pages", "x")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("bar: unknown argument").contains("See --help.");
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("--results FILE", "--page FILE");
  }
}
