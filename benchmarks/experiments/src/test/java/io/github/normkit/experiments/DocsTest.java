package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.experiments.pitfalls.Pitfalls;
import io.github.normkit.report.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every figure, and every part of a page that is marked as written by a program, has its program.
 */
class DocsTest {

  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path DOCS = ROOT.resolve("docs");

  /** The pages that are filled by experiments. */
  private static final Map<Path, ExperimentProgram> FILLED =
      Map.of(
          DOCS.resolve("experiments.md"),
          Claims.PROGRAM,
          DOCS.resolve("pitfalls.md"),
          Pitfalls.PROGRAM);

  private static final Pattern FIGURE = Pattern.compile("!\\[[^\\]]*\\]\\(([^)]*)\\)");
  private static final Pattern PROFILE = Pattern.compile("mvn [^`\\n]*-P([\\w-]+)");

  private final List<Path> pages = pages();
  private final List<String> programs = programs();

  @Test
  void everyFigureOnAPageIsAFile() {
    assertThat(figures()).isNotEmpty().allSatisfy(figure -> assertThat(figure).isRegularFile());
  }

  @Test
  void everyFigureThatIsAFileIsOnAPage() {
    assertThat(files(DOCS, ".svg")).isSubsetOf(figures());
  }

  @Test
  void everyFigureHasItsProgram() {
    assertThat(figures())
        .allSatisfy(
            figure ->
                assertThat(isOfAnExperiment(figure) || isInAProgram(figure.getFileName()))
                    .as("a program writes %s", figure)
                    .isTrue());
  }

  /** Figures of experiments lie in the directory of the page, and have the experiment's name. */
  private static boolean isOfAnExperiment(Path figure) {
    return FILLED.entrySet().stream()
        .filter(filled -> figure.getParent().equals(withoutEnding(filled.getKey())))
        .flatMap(filled -> filled.getValue().experiments().stream())
        .anyMatch(experiment -> figure.getFileName().toString().startsWith(experiment.name()));
  }

  private static Path withoutEnding(Path page) {
    return page.resolveSibling(page.getFileName().toString().replace(".md", ""));
  }

  /** Programs name what they write in a text, whole or at the end of a path. */
  private boolean isInAProgram(Object name) {
    return programs.stream()
        .anyMatch(
            program -> program.contains("\"" + name + "\"") || program.contains("/" + name + "\""));
  }

  @Test
  void everyExperimentHasItsPlaceInTheOrderOfTheProgram() {
    FILLED.forEach(
        (page, program) ->
            assertThat(parts(page))
                .as("the marked parts of %s", page)
                .isEqualTo(program.experiments().stream().map(Experiment::name).toList()));
  }

  @Test
  void everyOtherMarkedPartHasItsProgram() {
    for (Path page : pages) {
      if (!FILLED.containsKey(page)) {
        assertThat(parts(page))
            .allSatisfy(
                part ->
                    assertThat(isInAProgram(part))
                        .as("a program writes the part %s of %s", part, page)
                        .isTrue());
      }
    }
  }

  @Test
  void everyMarkedPartEndsBeforeTheNextBegins() {
    Pattern mark = Pattern.compile("<!-- (\\S+: (?:begin|end)) -->");
    for (Path page : pages) {
      List<String> expected = new ArrayList<>();
      parts(page).forEach(part -> expected.addAll(List.of(part + ": begin", part + ": end")));
      assertThat(mark.matcher(text(page)).results().map(match -> match.group(1)).toList())
          .as("the marks of %s", page)
          .isEqualTo(expected);
    }
  }

  @Test
  void everyCommandNamesAProfileThatExists() {
    List<String> poms =
        files(ROOT.resolve("benchmarks"), "pom.xml").stream().map(DocsTest::text).toList();
    for (Path page : pages) {
      assertThat(PROFILE.matcher(text(page)).results().map(match -> match.group(1)))
          .as("the profiles in %s", page)
          .allSatisfy(
              profile ->
                  assertThat(poms).anyMatch(pom -> pom.contains("<id>" + profile + "</id>")));
    }
  }

  private static List<Path> pages() {
    List<Path> pages = new ArrayList<>(files(DOCS, ".md"));
    pages.add(ROOT.resolve("README.md"));
    return pages;
  }

  /** The Java texts of the programs, which are all but the tests. */
  private static List<String> programs() {
    return files(ROOT.resolve("benchmarks"), ".java").stream()
        .filter(file -> !file.toString().endsWith("Test.java"))
        .map(DocsTest::text)
        .toList();
  }

  private List<Path> figures() {
    List<Path> figures = new ArrayList<>();
    for (Path page : pages) {
      FIGURE
          .matcher(text(page))
          .results()
          .map(match -> page.resolveSibling(match.group(1)).normalize())
          .forEach(figures::add);
    }
    return figures;
  }

  private static List<String> parts(Path page) {
    return new Page(text(page)).parts();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path directory, String ending) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
