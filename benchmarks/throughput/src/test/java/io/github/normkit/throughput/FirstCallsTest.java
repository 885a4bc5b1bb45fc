package io.github.normkit.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstCallsTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(String... args) {
    return FirstCalls.run(
        args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void theFirstCallsAreTimedWithBothKernels() throws IOException {
    Path page = directory.resolve("page.md");
    Files.writeString(page, "<!-- first-calls: begin -->\n<!-- first-calls: end -->\n");
    int code = run("--cases", "RMS_FORWARD:2x64", "--jvms", "1", "--page", page.toString());
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    String feature = String.valueOf(Runtime.version().feature());
    assertThat(out.toString(UTF_8))
        .containsPattern("RMS_FORWARD 2x64 +vector +" + feature + "( +[0-9.]+){8}")
        .containsPattern("RMS_FORWARD 2x64 +scalar +" + feature + "( +[0-9.]+){8}");
    assertThat(page).content().contains("| RMS_FORWARD 2x64 | vector |", "JDK " + feature);
  }

  @Test
  void callsAreFastOnceMostOfThoseThatFollowAre() {
    long[] nanos = new long[1000];
    Arrays.fill(nanos, 100);
    assertThat(FirstCallsTrial.slow(nanos)).isZero();
    Arrays.fill(nanos, 0, 200, 5000);
    assertThat(FirstCallsTrial.slow(nanos)).isEqualTo(200);
    // One slow call among fast ones, such as an interruption, changes nothing.
    nanos[600] = 5000;
    assertThat(FirstCallsTrial.slow(nanos)).isEqualTo(200);
  }

  @Test
  void aMissingJdkIsSaid() {
    assertThat(run("--other-jdk", directory.toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("first-calls: ").contains("release");
  }

  @Test
  void aBadArgumentIsRefusedAndHelpIsPrinted() {
    assertThat(run("--jvms", "0")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("first-calls: --jvms must be a whole number");
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("--cases LIST", "--page FILE");
  }
}
