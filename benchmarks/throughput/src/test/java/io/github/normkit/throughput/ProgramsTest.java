package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTest {

  private static final Settings SHORT = new Settings(1, 1, 5, 2, 5, List.of());

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int throughput(String... args) {
    return Main.run(args, stream(out), stream(err));
  }

  private int duel(String... args) {
    return Duel.run(SHORT, args, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream from) {
    return from.toString(StandardCharsets.UTF_8);
  }

  @Test
  void throughputTimesACaseAndItsCopy() throws IOException {
    Path json = directory.resolve("results.json");
    int exit =
        throughput(
            ("--cases GROUP_FORWARD:2x32x3x3:channels-last --kernels scalar --implementations"
                    + " normkit,naive --forks 1 --warmups 1 --iterations 2 --millis 5 --out "
                    + json)
                .split(" ", -1));
    assertThat(text(err)).isEmpty();
    assertThat(exit).isZero();
    assertThat(text(out))
        .containsPattern(" 1 of 2   copy BATCH_TRAIN 2x32x3x3, 1 thread: [0-9.]+ µs; about")
        .containsPattern(" 2 of 2   normkit-scalar GROUP_FORWARD 2x32x3x3 channels-last, 1 thread:")
        .containsPattern("GROUP_FORWARD 2x32x3x3 channels-last +normkit-scalar +1 +[0-9.]+ ")
        .doesNotContain("naive");
    assertThat(json).content().contains("GroupBenchmark.run", "\"scalar\"", "allocated");
    assertThat(directory.resolve("results.log"))
        .content()
        .containsPattern("# normkit, GROUP_FORWARD 2x32x3x3 channels-last: error .*scalar");
  }

  @Test
  void aCaseThatCannotBeTimedIsReported() throws IOException {
    Path json = directory.resolve("results.json");
    int exit =
        throughput(
            ("--cases INSTANCE_FORWARD:2x2x1x1 --forks 1 --warmups 1 --iterations 1 --millis 5 --out "
                    + json)
                .split(" ", -1));
    assertThat(exit).isEqualTo(1);
    assertThat(text(out))
        .contains("2 of 2   normkit INSTANCE_FORWARD 2x2x1x1, 1 thread: failed, see")
        .containsPattern("BATCH_TRAIN 2x2x1x1 +copy ");
    assertThat(directory.resolve("results.log"))
        .content()
        .contains("InstanceNorm: statistics of an instance need more than one spatial element");
  }

  @Test
  void theDuelEndsInATableAndAChart() throws IOException {
    Path chart = directory.resolve("duel.svg");
    assertThat(duel("--shapes", "2x64", "--out", chart.toString())).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out))
        .contains("kernels vector", " 6 of 6   normkit RMS_BACKWARD 2x64, 1 thread: ")
        .containsPattern("2x64 +forward +[0-9.]+ +[0-9.]+ +-?[0-9]+ % ")
        .containsPattern("2x64 +backward ");
    assertThat(chart).content().contains("2x64", "</svg>");
    assertThat(directory.resolve("duel.json")).exists();
    assertThat(Files.readString(directory.resolve("duel.log"))).contains("RMS_FORWARD 2x64: error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--case LAYER | unknown argument: expected one of [--cases, --forks,",
        "--cases | --cases must have a value: got nothing",
        "--cases LAYER,SOFTMAX | --cases must be operations: got \"SOFTMAX\"",
        "--cases LAYER:3 | operation must be one of",
        "--implementations abacus | --implementations must be of [normkit, normkit-in-place,",
        "--kernels cubic | --kernels must be of [vector, scalar]: got \"cubic\"",
        "--threads 0 | --threads must be a whole number from 1 on: got \"0\"",
        "--millis soon | --millis must be a whole number from 1 on: got \"soon\""
      })
  void aBadArgumentIsRefused(String argumentsAndMessage) {
    List<String> parts = List.of(argumentsAndMessage.split(" \\| ", -1));
    assertThat(throughput(parts.get(0).split(" ", -1))).isEqualTo(2);
    assertThat(text(err)).startsWith("throughput: " + parts.get(1)).contains("See --help.");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void theDuelRefusesABadArgument() {
    assertThat(duel("--shapes", "2x3x4")).isEqualTo(2);
    assertThat(text(err)).startsWith("duel: LAYER_FORWARD: shape must be rows x columns");
  }

  @Test
  void aDirectoryIsNoFileToWrite() {
    assertThat(duel("--out", directory.toString())).isEqualTo(2);
    assertThat(text(err)).startsWith("duel: --out must be a file: got the directory");
  }

  @Test
  void helpNamesEveryArgument() {
    assertThat(throughput("--help")).isZero();
    assertThat(duel("--help")).isZero();
    assertThat(text(out)).contains("--cases", "--kernels", "--millis", "--shapes", "--out");
  }
}
