package io.github.normkit.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.golden.TensorError;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final List<TensorError> ERRORS = TensorError.all();
  private static final Report REPORT = new Report(ERRORS);
  private static final Pattern ROW_NAME = Pattern.compile("<text class='note row'[^>]*>([^<]*)<");

  @Test
  void everyFamilyLayerAndKindIsThere() {
    assertThat(ERRORS)
        .extracting(TensorError::family)
        .containsOnly(Labels.FAMILIES.keySet().toArray(String[]::new));
    assertThat(ERRORS)
        .extracting(TensorError::layer)
        .containsOnly(Labels.LAYERS.keySet().toArray(String[]::new));
    assertThat(ERRORS.stream().filter(ReportTest::isHard))
        .extracting(TensorError::hardKind)
        .containsOnly(Labels.HARD_KINDS.keySet().toArray(String[]::new));
  }

  @Test
  void tablesCountEveryTensorOnce() {
    assertThat(tensors(ReportTest::isFamilyRow)).isEqualTo(ERRORS.size());
    assertThat(tensors(Labels.HARD_KINDS::containsValue))
        .isEqualTo(ERRORS.stream().filter(ReportTest::isHard).count());
  }

  private static boolean isFamilyRow(String name) {
    return Labels.FAMILIES.values().stream().anyMatch(family -> name.startsWith(family + ", "));
  }

  private static int tensors(Predicate<String> ofRow) {
    return markdownRows().stream()
        .filter(row -> ofRow.test(row.get(0)))
        .mapToInt(row -> Integer.parseInt(row.get(2)))
        .sum();
  }

  @Test
  void pageHasTheRowsThatArePrinted() {
    List<String> printed = REPORT.lines().stream().map(ReportTest::withoutGaps).toList();
    assertThat(markdownRows())
        .filteredOn(row -> !row.get(0).isEmpty() && !row.get(0).startsWith("--"))
        .hasSize(28 + Labels.HARD_KINDS.size())
        .allSatisfy(row -> assertThat(printed).contains(String.join(" ", row)));
  }

  private static String withoutGaps(String line) {
    return line.strip().replaceAll(" +", " ");
  }

  @Test
  void rowsOfThePageHaveAsManyCellsAsItsTables() {
    assertThat(markdownRows()).allSatisfy(row -> assertThat(row).hasSize(9));
    assertThat(REPORT.markdown()).endsWith("\n").doesNotContain("\n\n\n");
  }

  /** The cells of all lines of the page's tables. */
  private static List<List<String>> markdownRows() {
    return REPORT
        .markdown()
        .lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
        .toList();
  }

  @Test
  void chartHasAMarkOfBothForEachFamilyAndKind() {
    String svg = REPORT.chart().toSvg();
    List<String> names = ROW_NAME.matcher(svg).results().map(match -> match.group(1)).toList();
    assertThat(names)
        .containsAll(Labels.HARD_KINDS.values())
        .containsAll(
            Labels.FAMILIES.entrySet().stream()
                .filter(family -> !List.of("onnx", Labels.HARD).contains(family.getKey()))
                .map(family -> family.getValue())
                .toList())
        .hasSize(4 + Labels.HARD_KINDS.size());
    int withLegend = names.size() + 1;
    assertThat(matches("class='mark c0", svg)).hasSize(withLegend);
    assertThat(matches("class='mark c1", svg)).hasSize(withLegend);
  }

  private static List<MatchResult> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().toList();
  }

  @Test
  void errorsAboveTheBoundAreCounted() {
    assertThat(
            lines(error(2.5, 1), error(2.5, 3), error(1.5, 1), error(Double.POSITIVE_INFINITY, 5)))
        .contains(
            "Of 4 tensors with PyTorch's error, normkit is more exact in 1, PyTorch in 3.",
            "Tensors in which normkit's error is above 2 ulps and above PyTorch's: 2.");
  }

  private static List<String> lines(TensorError... errors) {
    return new Report(List.of(errors)).lines();
  }

  private static TensorError error(double ulps, double pyTorchUlps) {
    return new TensorError(
        "a", "hard", "layer_norm", "zeros", "output", ulps, OptionalDouble.of(pyTorchUlps));
  }

  private static boolean isHard(TensorError error) {
    return error.family().equals(Labels.HARD);
  }
}
