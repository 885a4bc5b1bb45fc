package io.github.normkit.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyTest {

  private static final Path DOCS = Path.of("..", "..", "docs");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void fillsThePageAndDrawsTheChartOfTheDocs() throws IOException {
    Path page = directory.resolve("numerics.md");
    Files.copy(DOCS.resolve("numerics.md"), page);
    assertThat(run("--page", page.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out).lines())
        .startsWith(
            "normkit: errors on the golden float32 cases, beside those of PyTorch's kernels")
        .endsWith(
            "The same in a page: " + page,
            "Chart of the largest errors: " + directory.resolve("accuracy.svg"));
    assertIsThatOfTheDocs("numerics.md");
    assertIsThatOfTheDocs("accuracy.svg");
  }

  private void assertIsThatOfTheDocs(String file) throws IOException {
    assertThat(Files.readString(DOCS.resolve(file)))
        .as(
            "docs/%s, which mvn -q -f benchmarks -Paccuracy test-compile"
                + " -Daccuracy.args=\"--page docs/numerics.md\" makes",
            file)
        .isEqualToNormalizingNewlines(Files.readString(directory.resolve(file)));
  }

  @Test
  void aPageThatAsksForNoTablesIsAFailure() throws IOException {
    Path page = Files.writeString(directory.resolve("page.md"), "# Numerics\n");
    assertThat(run("--page", page.toString())).isEqualTo(1);
    assertThat(text(err))
        .contains("the page must hold <!-- accuracy: begin --> and <!-- accuracy: end -->");
    assertThat(page).hasContent("# Numerics\n");
  }

  @Test
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("--page", "--help");
  }

  @Test
  void badArgumentsEndWithOneLine() {
    assertThat(run("--page")).isEqualTo(2);
    assertThat(run("docs", "now")).isEqualTo(2);
    String rule = "accuracy: the arguments must be --page FILE, --help or none: got ";
    assertThat(text(err).lines()).containsExactly(rule + "--page", rule + "docs now");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aPageThatIsMissingIsAFailure() {
    assertThat(run("--page", directory.resolve("none.md").toString())).isEqualTo(1);
    assertThat(text(err)).startsWith("accuracy: the files could not be written: ");
  }

  private int run(String... args) {
    return Accuracy.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
