package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.normkit.GroupNorm;
import io.github.normkit.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AxesFigureTest {

  private static final Path DOCS = Path.of("..", "..", "docs");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void fillsThePageAndDrawsTheFigureOfTheDocs() throws IOException {
    Path page = directory.resolve("index.md");
    Files.copy(DOCS.resolve("index.md"), page);
    assertThat(run("--page", page.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out).lines())
        .endsWith("The same in a page: " + page, "Figure: " + directory.resolve("axes.svg"));
    assertIsThatOfTheDocs("index.md");
    assertIsThatOfTheDocs("axes.svg");
  }

  private void assertIsThatOfTheDocs(String file) throws IOException {
    assertThat(Files.readString(DOCS.resolve(file)))
        .as(
            "docs/%s, which mvn -q -f benchmarks -Paxes compile"
                + " -Daxes.args=\"--page docs/index.md\" makes",
            file)
        .isEqualToNormalizingNewlines(Files.readString(directory.resolve(file)));
  }

  @Test
  void aSetIsFoundOutFromTheLayer() {
    // Element 13 is that of sample 1, channel 2, place 1.
    SharedSet set = SharedSet.of(new GroupNorm(2, 4), Shape.of(3, 4, 2), 13);
    assertThat(set.shared().stream()).containsExactly(12, 13, 14, 15);
    assertThat(set.extents()).containsExactly(1, 2, 2);
    assertThat(set.statistics()).isEqualTo(Shape.of(3, 2, 1));
    assertThat(set.over("N", "C", "L")).isEqualTo("2 of C, L");
  }

  @Test
  void aSetThatIsNoBoxHasNoExtents() {
    BitSet diagonal = new BitSet();
    diagonal.set(0);
    diagonal.set(3);
    assertThatThrownBy(new SharedSet(Shape.of(2, 2), diagonal)::extents)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a set must be a box: expected [2, 2], got 2 elements");
  }

  @Test
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("--page", "--help");
  }

  private int run(String... args) {
    return AxesFigure.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
