package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the page on moving a model says of the frameworks is what these printed, and the library.
 */
class FrameworksTest {

  private static final Path HOME = Path.of(System.getProperty("basedir", "."));
  private static final Path PRINTED = HOME.resolve("src/test/resources/frameworks");

  private final String page = text(HOME.resolve("docs/pytorch.md"));

  /** That normkit prints the same is {@link ExamplesTest}'s to see. */
  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "Keras", "Flax", "Onnx"})
  void pageShowsWhatTheFrameworkHasPrinted(String framework) {
    String name = "norms_in_" + framework.toLowerCase(Locale.ROOT);
    int program = page.indexOf("public class From" + framework + " ");
    int afterProgram = page.indexOf("\n```\n", program);
    String afterwards = page.substring(afterProgram + "\n```\n".length());
    Matcher block = Pattern.compile("```\n(.*?)```", Pattern.DOTALL).matcher(afterwards);
    assertThat(block.find()).isTrue();
    assertThat(block.group(1)).isEqualTo(text(PRINTED.resolve(name + ".txt")));
    assertThat(afterwards.substring(0, block.start())).contains("/" + name + ".py)");
    assertThat(PRINTED.resolve(name + ".py")).isRegularFile();
  }

  @ParameterizedTest
  @EnumSource
  void pageHasTheOptionsOfTheConvention(Convention convention) {
    Matcher row = Pattern.compile("\n\\| " + convention + " \\|(.*)\\|").matcher(page);
    assertThat(row.find()).isTrue();
    String[] cells = row.group(1).strip().split(" \\| ");
    assertThat(cells).hasSize(6);
    assertThat(number(cells[0])).isEqualTo(convention.batchEpsilon());
    assertThat(number(cells[1])).isEqualTo(convention.epsilon());
    assertThat(number(cells[2])).isEqualTo(convention.rmsEpsilon());
    assertThat(number(cells[3])).isEqualTo(convention.momentum());
    assertThat(cells[5]).isEqualTo(convention.unbiasedVariance() ? "unbiased" : "biased");
  }

  @Test
  void pageNamesEveryTensorOfTheState() {
    assertThat(new BatchNorm(1).state().keySet())
        .allSatisfy(name -> assertThat(page).containsPattern("\n\\| `" + name + "`[^|]*\\| "));
  }

  private static double number(String cell) {
    return cell.equals("2⁻²³") ? 0x1p-23 : Double.parseDouble(cell);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
