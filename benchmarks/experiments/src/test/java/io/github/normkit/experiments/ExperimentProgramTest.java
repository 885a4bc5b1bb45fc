package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.report.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentProgramTest {

  private static final ExperimentProgram PROGRAM =
      new ExperimentProgram("numbers", "two numbers", List.of(new Named("one"), new Named("two")));

  /** Finds its own name. */
  private record Named(String name) implements Experiment {

    @Override
    public String claim() {
      return "This is " + name + ".";
    }

    @Override
    public Findings run(Progress progress) {
      progress.runIsDone();
      progress.runIsDone();
      return new Findings()
          .verdict(List.of(true), "it is.")
          .figure(name + "-figure", "A figure", "<svg>" + name + "</svg>\n")
          .table(new Table(2).row("", "name").row("found", name));
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void fillsThePageAndDrawsTheFiguresIntoItsDirectory() throws IOException {
    Path page = page("one", "two");
    assertThat(run("--page", page.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(page)
        .content()
        .containsSubsequence(
            "<!-- one: begin -->",
            "- **Holds with all 1 seeds:** it is.",
            "![A figure](page/one-figure.svg)",
            "| found | one |",
            "<!-- one: end -->",
            "<!-- two: begin -->",
            "![A figure](page/two-figure.svg)");
    assertThat(directory.resolve("page").resolve("one-figure.svg")).hasContent("<svg>one</svg>");
    assertThat(directory.resolve("page").resolve("two-figure.svg")).hasContent("<svg>two</svg>");
  }

  @Test
  void printsTheClaimADotForEachRunAndWhatCameOut() throws IOException {
    assertThat(run("--page", page("one", "two").toString())).isZero();
    assertThat(text(out).lines())
        .startsWith(
            "normkit: two numbers",
            "",
            "1 of 2: one",
            "Claim: This is one.",
            "..",
            "  Holds with all 1 seeds: it is.",
            "",
            "          name",
            "  found    one");
  }

  @Test
  void onlyOneIsRunAndItsPartAloneIsFilled() throws IOException {
    Path page = page("one", "two");
    assertThat(run("--only", "two", "--page", page.toString())).isZero();
    assertThat(text(out)).contains("2 of 2: two").doesNotContain("1 of 2");
    assertThat(page).content().contains("| found | two |").doesNotContain("| found | one |");
    assertThat(directory.resolve("page")).isDirectoryNotContaining("glob:**one*");
  }

  @Test
  void aPageWithoutThePartIsAFailure() throws IOException {
    Path page = page("one");
    assertThat(run("--page", page.toString())).isEqualTo(1);
    assertThat(text(err))
        .startsWith("numbers: the files could not be written: ")
        .contains("the page must hold <!-- two: begin --> and <!-- two: end -->");
  }

  @Test
  void aPageThatIsMissingIsAFailure() {
    assertThat(run("--page", directory.resolve("none.md").toString())).isEqualTo(1);
    assertThat(text(err)).startsWith("numbers: the files could not be written: ");
  }

  @Test
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out))
        .contains("--only", "--page", "--help", "target/numbers")
        .contains("  one\n    This is one.\n  two\n    This is two.\n");
  }

  @Test
  void badArgumentsEndWithOneLineAndThePointerToTheHelp() {
    assertThat(run("--only", "three")).isEqualTo(2);
    assertThat(run("--page")).isEqualTo(2);
    assertThat(run("all")).isEqualTo(2);
    assertThat(text(err).lines())
        .containsExactly(
            "numbers: --only must be one of one, two: got three",
            "See --help.",
            "numbers: --page must be followed by a value: got nothing",
            "See --help.",
            "numbers: unknown argument: expected --only, --page or --help, got all",
            "See --help.");
    assertThat(text(out)).isEmpty();
  }

  private Path page(String... parts) throws IOException {
    StringBuilder text = new StringBuilder("# Numbers\n");
    for (String part : parts) {
      text.append("<!-- %s: begin -->\n<!-- %s: end -->\n".formatted(part, part));
    }
    return Files.writeString(directory.resolve("page.md"), text);
  }

  private int run(String... args) {
    return PROGRAM.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
