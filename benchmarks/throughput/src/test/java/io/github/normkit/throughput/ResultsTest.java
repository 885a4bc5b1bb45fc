package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {

  private static final Job NORMKIT =
      new Job("normkit", Case.parse("BATCH_TRAIN 32x512x7x7 channels-last"), 1);

  @TempDir private Path directory;

  private Results results() {
    Results results = new Results();
    results.about("command", "run: all");
    for (Job job : List.of(NORMKIT, NORMKIT.scalar(), NORMKIT.onOtherJdk(), NORMKIT.by("naive"))) {
      for (int round = 1; round <= 2; round++) {
        results.add(
            round,
            new Measured(job, List.of(List.of(round + 0.12349, 98765.4, 1e-3)), List.of(24.0)));
      }
    }
    return results;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = directory.resolve("results.csv");
    results().write(file);
    assertThat(file)
        .content()
        .startsWith("# command: run: all\ncase,threads,by,round,")
        .contains(
            "\nBATCH_TRAIN 32x512x7x7 channels-last,1,normkit-scalar,2,24,2.123 98765 0.001000\n");
    Results read = Results.read(file);
    assertThat(read.about("command")).isEqualTo("run: all");
    assertThat(read.about("nothing")).isEmpty();
    assertThat(read.jobs()).isEqualTo(results().jobs());
    assertThat(read.has(2, NORMKIT.scalar())).isTrue();
    assertThat(read.has(3, NORMKIT.scalar())).isFalse();
    assertThat(read.measured(NORMKIT))
        .hasValue(
            new Measured(
                NORMKIT,
                List.of(List.of(1.123, 98765.0, 0.001), List.of(2.123, 98765.0, 0.001)),
                List.of(24.0, 24.0)));
    Path again = directory.resolve("again.csv");
    read.write(again);
    assertThat(again).hasSameTextualContentAs(file);
    assertThat(directory.toFile().list()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LAYER_FORWARD 4x8,1,normkit,1,0",
        "LAYER_FORWARD 4x8,one,normkit,1,0,1",
        "LAYER_FORWARD,1,normkit,1,0,1"
      })
  void aBrokenLineIsNamed(String line) throws IOException {
    Path file = directory.resolve("results.csv");
    Files.writeString(file, line + "\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Results.read(file))
        .withMessage(file + ": a line must be a fork of a job: got " + line);
  }
}
