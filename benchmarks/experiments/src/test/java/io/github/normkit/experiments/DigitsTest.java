package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Normkit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {

  private static final String[] LABELS = {
    "none", "BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "RMSNorm"
  };

  private static final Path ROOT = Path.of("..", "..");

  private static final String ROW =
      "\\w+ +\\d+\\.\\d % +\\d\\.\\d{4} +(-|\\d+\\.\\d{3} s) +(-|\\d+ %) +(none|(>= )?\\d\\.\\d+)";

  private static final Pattern NAME = Pattern.compile("<text class='name'[^>]*>([^<]*)<");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void oneEpochGivesTheTableAndTheChart() throws Exception {
    Path chart = directory.resolve("deep").resolve("er").resolve("digits.svg");
    assertThat(run("--epochs", "1", "--out", chart.toString())).isZero();

    assertThat(text(err)).isEmpty();
    assertThat(text(out))
        .contains("kernels    " + Normkit.kernels())
        .contains("Step 1 of 2", "Step 2 of 2")
        .endsWith("Chart of the loss curves: " + chart + System.lineSeparator());
    assertThat(tableRows()).extracting(row -> row.split(" +", 2)[0]).containsExactly(LABELS);
    assertThat(tableRows()).allMatch(row -> row.matches(ROW), "has all cells");

    assertThat(names(chart)).containsExactly(LABELS);
  }

  @Test
  void runWithoutArgumentsGivesTheChartOfTheDocsAndTheRatesOfTheReadme() throws Exception {
    Path chart = directory.resolve("digits.svg");
    assertThat(run("--out", chart.toString())).isZero();
    assertThat(ROOT.resolve("docs").resolve("digits.svg"))
        .as(
            "docs/digits.svg, which mvn -q -f benchmarks -Pdigits compile"
                + " -Ddigits.args=\"--out docs/digits.svg\" draws")
        .hasSameTextualContentAs(chart);
    Map<String, String> rates = new HashMap<>();
    tableRows().forEach(row -> rates.put(row.replaceAll(" .*", ""), row.replaceAll(".* ", "")));
    assertThat(ratesOfTheReadme())
        .as("the largest rates that README.md says the network still learns at")
        .isEqualTo(rates);
  }

  /** By the label of each variant; the README says "without normalization" and "with BatchNorm". */
  private static Map<String, String> ratesOfTheReadme() throws IOException {
    String text = Files.readString(ROOT.resolve("README.md")).replaceAll("\\s+", " ");
    String sentence = text.replaceAll(".* the network still learns is |\\. !.*", "");
    Map<String, String> rates = new HashMap<>();
    for (String part : sentence.split(", (and )?", -1)) {
      String[] words = part.replace("without normalization", "with none").split(" with | and ", -1);
      for (String label : List.of(words).subList(1, words.length)) {
        rates.put(label, words[0]);
      }
    }
    return rates;
  }

  @Test
  void trainingThatDivergesIsSaidToDiverge() throws Exception {
    Path chart = directory.resolve("digits.svg");
    assertThat(run("--epochs", "1", "--learning-rate", "1e30", "--out", chart.toString())).isZero();
    assertThat(tableRows()).first().asString().matches("none +\\d+\\.\\d % +diverged .*");
    assertThat(names(chart)).contains("none (no value)");
  }

  @Test
  void helpExplainsAllArguments() {
    assertThat(run("--help")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("--epochs", "--seed", "--learning-rate", "--out", "--help");
  }

  @Test
  void badArgumentsEndWithOneLineAndThePointerToTheHelp() {
    assertThat(run("--epochs", "none")).isEqualTo(2);
    assertThat(text(err).lines())
        .containsExactly(
            "digits: --epochs must be a whole number from 1 to 1000: got \"none\"", "See --help.");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsFoundBeforeTheTraining() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Path chart = file.resolve("digits.svg");
    assertThat(run("--out", chart.toString())).isEqualTo(2);
    assertThat(text(err).lines())
        .containsExactly(
            "digits: --out must be a file that can be written: got \"" + chart + '"',
            "See --help.");
    assertThat(text(out)).isEmpty();
  }

  private int run(String... args) {
    return Digits.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  /** The texts that name the curves. */
  private static List<String> names(Path chart) throws Exception {
    return NAME.matcher(Files.readString(chart)).results().map(match -> match.group(1)).toList();
  }

  private List<String> tableRows() {
    return text(out)
        .lines()
        .map(String::strip)
        .filter(line -> line.contains(" % ") && !line.contains("test accuracy"))
        .toList();
  }
}
