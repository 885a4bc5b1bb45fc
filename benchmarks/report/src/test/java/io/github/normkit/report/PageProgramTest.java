package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.report.PageProgram.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageProgramTest {

  private static final PageProgram PROGRAM =
      new PageProgram("sizes", "sizes.svg", "Measures sizes.\n");

  private static final Result RESULT =
      new Result(List.of("one 1", "two 2"), "one | 1\n", "<svg/>\n");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void fillsThePageAndDrawsTheFigureBesideIt() throws IOException {
    Path page = page("<!-- sizes: begin -->\n<!-- sizes: end -->\n");
    assertThat(run("--page", page.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out).lines())
        .containsExactly(
            "one 1",
            "two 2",
            "",
            "The same in a page: " + page,
            "Figure: " + directory.resolve("sizes.svg"));
    assertThat(page).content().contains("<!-- sizes: begin -->\n\none | 1\n\n<!-- sizes: end -->");
    assertThat(directory.resolve("sizes.svg")).hasContent("<svg/>");
  }

  @Test
  void aPageThatDoesNotAskForItIsAFailureAndStaysAsItIs() throws IOException {
    Path page = page("# Sizes\n");
    assertThat(run("--page", page.toString())).isEqualTo(1);
    assertThat(text(err))
        .startsWith("sizes: the files could not be written: ")
        .contains("the page must hold <!-- sizes: begin --> and <!-- sizes: end -->");
    assertThat(page).hasContent("# Sizes\n");
    assertThat(directory.resolve("sizes.svg")).doesNotExist();
  }

  @Test
  void aPageThatIsMissingIsAFailure() {
    assertThat(run("--page", directory.resolve("none.md").toString())).isEqualTo(1);
    assertThat(text(err)).startsWith("sizes: the files could not be written: ");
  }

  @Test
  void helpExplainsTheArgumentsAndMeasuresNothing() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).isEqualTo("Measures sizes.\n");
  }

  @Test
  void badArgumentsEndWithOneLine() {
    assertThat(run("--page")).isEqualTo(2);
    assertThat(run("docs", "now")).isEqualTo(2);
    String rule = "sizes: the arguments must be --page FILE, --help or none: got ";
    assertThat(text(err).lines()).containsExactly(rule + "--page", rule + "docs now");
    assertThat(text(out)).isEmpty();
  }

  private Path page(String text) throws IOException {
    return Files.writeString(directory.resolve("page.md"), text);
  }

  private int run(String... args) {
    return PROGRAM.run(
        () -> RESULT,
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
