package io.github.normkit.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private String results() {
    return directory.resolve("results.csv").toString();
  }

  @Test
  void aQuickRunMeasuresAllWhoHaveTheCase() {
    int code =
        run("--quick", "--threads", "1", "--cases", "^LAYER_FORWARD 32x128$", "--out", results());
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString(UTF_8))
        .contains("Round 1 of 1", "8 of 8", "every case, 1 thread", "scalar kernels")
        .doesNotContain("left out");
    assertThat(Path.of(results()))
        .content()
        .startsWith("# command: mvn ")
        .contains("\nLAYER_FORWARD 32x128,1,nd4j,1,", "\nLAYER_FORWARD 32x128,1,normkit-scalar,1,");
    assertThat(directory.resolve("peers-round1.log")).isNotEmptyFile();
  }

  @Test
  void aRunGoesOnWhereItEnded() throws IOException {
    String[] all = {"--quick", "--threads", "1", "--cases", "^BATCH_INFER 256x1024$"};
    List<String> args = new ArrayList<>(List.of(all));
    args.addAll(List.of("--out", results(), "--resume"));
    assertThat(run(args.toArray(String[]::new))).isZero();
    List<String> lines = Files.readAllLines(Path.of(results()));
    Files.write(Path.of(results()), lines.subList(0, lines.size() - 2));
    assertThat(run(args.toArray(String[]::new))).isZero();
    assertThat(out.toString(UTF_8)).contains("8 of 8", "2 of 2");
    assertThat(Files.readAllLines(Path.of(results()))).hasSameSizeAs(lines);
  }

  @Test
  void theOtherJdkHasAVirtualMachineOfItsOwn() throws IOException {
    String home = System.getProperty("java.home");
    int code =
        run(
            "--quick",
            "--threads",
            "1",
            "--cases",
            "^RMS_FORWARD 32x128$",
            "--other-jdk",
            home,
            "--out",
            results());
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(Files.readString(Path.of(results())))
        .contains("# other JDK: ", "--other-jdk HOME_OF_THE_OTHER\"\n", "normkit-other-jdk,1,")
        .doesNotContain(home);
  }

  @Test
  void aBadArgumentIsSaidWithoutRunning() {
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .startsWith("peers: --rounds must be a whole number from 1 on: got \"0\"");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpIsPrinted() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("--cases REGEX", "default all 80");
  }
}
