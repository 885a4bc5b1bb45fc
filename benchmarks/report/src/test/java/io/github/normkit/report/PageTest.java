package io.github.normkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

  private static final Page PAGE =
      new Page(
          """
          # Title
          <!-- a: begin -->
          old
          <!-- a: end -->
          between
          <!-- b-c: begin -->
          <!-- b-c: end -->
          """);

  @TempDir private Path directory;

  @Test
  void partsAreNamedInOrder() {
    assertThat(PAGE.parts()).containsExactly("a", "b-c");
  }

  @Test
  void onlyThePartIsReplaced() throws IOException {
    assertThat(PAGE.with("a", "new $1\n").text())
        .isEqualTo(PAGE.text().replace("\nold\n", "\n\nnew $1\n\n"));
    assertThat(PAGE.with("b-c", "x\n").with("b-c", "y\n")).isEqualTo(PAGE.with("b-c", "y\n"));
  }

  @Test
  void aPageIsReadAsItWasWritten() throws IOException {
    Path file = directory.resolve("page.md");
    PAGE.write(file);
    assertThat(Page.read(file)).isEqualTo(PAGE);
  }

  @Test
  void aPartThatIsMissingOrNotClosedIsAnError() {
    String message = "the page must hold <!-- d: begin --> and <!-- d: end -->";
    assertThatThrownBy(() -> PAGE.with("d", ""))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
    Page turned = new Page("<!-- d: end -->\n<!-- d: begin -->\n");
    assertThatThrownBy(() -> turned.with("d", ""))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }
}
