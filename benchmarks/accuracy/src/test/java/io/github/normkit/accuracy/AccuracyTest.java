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
  void writesThePageAndTheChartOfTheDocs() throws IOException {
    Path deep = directory.resolve("deep").resolve("er");
    assertThat(run("--out", deep.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out).lines())
        .startsWith(
            "normkit: errors on the golden float32 cases, beside those of PyTorch's kernels")
        .endsWith(
            "The same as a page: " + deep.resolve("accuracy.md"),
            "Chart of the largest errors: " + deep.resolve("accuracy.svg"));
    assertIsThatOfTheDocs(deep, "accuracy.md");
    assertIsThatOfTheDocs(deep, "accuracy.svg");
  }

  private static void assertIsThatOfTheDocs(Path directory, String file) throws IOException {
    assertThat(Files.readString(DOCS.resolve(file)))
        .as(
            "docs/%s, which mvn -q -f benchmarks -Paccuracy test-compile"
                + " -Daccuracy.args=\"--out docs\" makes",
            file)
        .isEqualToNormalizingNewlines(Files.readString(directory.resolve(file)));
  }

  @Test
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("--out", "--help");
  }

  @Test
  void badArgumentsEndWithOneLine() {
    assertThat(run("--out")).isEqualTo(2);
    assertThat(run("docs", "now")).isEqualTo(2);
    String rule = "accuracy: the arguments must be --out DIRECTORY, --help or none: got ";
    assertThat(text(err).lines()).containsExactly(rule + "--out", rule + "docs now");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAFailure() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(run("--out", file.toString())).isEqualTo(1);
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
