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
        .endsWith("The same in a page: " + page, "Figure: " + directory.resolve("accuracy.svg"));
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
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("--page", "--help");
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
