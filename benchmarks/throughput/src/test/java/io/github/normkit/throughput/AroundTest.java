package io.github.normkit.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AroundTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(String... args) {
    return Around.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void eachPassGivesWhatItsFormulaGives(AroundPass pass) {
    try (Call call = pass.bind()) {
      assertThat(call.error(pass)).isLessThan(1e-5);
      for (int i = 0; i < 3; i++) {
        call.run();
      }
      assertThat(call.error(pass)).as("after some calls").isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResultThatIsOffIsRefused(AroundPass pass) {
    for (String name : pass.expected().keySet()) {
      try (Call call = pass.bind()) {
        assertThatIllegalStateException()
            .isThrownBy(() -> pass.error(changed(call, name)))
            .withMessageStartingWith(pass + ": " + name + " must be off by at most");
      }
    }
  }

  /** The call, with an element of a result a hundredth of the largest off. */
  private static Call changed(Call call, String name) {
    return new Call() {

      @Override
      public void run() {
        call.run();
      }

      @Override
      public Map<String, float[]> results() {
        Map<String, float[]> results = call.results();
        float largest = 0;
        for (float value : results.get(name)) {
          largest = Math.max(largest, Math.abs(value));
        }
        results.get(name)[0] += largest / 100;
        return results;
      }

      @Override
      public void close() {}
    };
  }

  @ParameterizedTest
  @CsvSource({
    // 40 of 48 heads of 128, in place
    "QK_FORWARD, 512x(32+8+8)x128, 20971520",
    "QK_BACKWARD, 512x(32+8+8)x128, 31457280",
    "DYT_FORWARD, 512x1024, 4194304",
    "DYT_BACKWARD, 512x1024, 6291456",
    "LOCAL_RESPONSE_FORWARD, 2x96x55x55, 4646400",
    "FILTER_RESPONSE_BACKWARD, 8x256x14x14, 4816896",
    // 664 of 1024 positions are counted
    "MASKED_LAYER_FORWARD, 16x64x512, 3457024",
    "MASKED_BATCH_BACKWARD, 16x512x64, 4816896",
    "MODULATED_LAYER_FORWARD, 2x256x1152, 4718592",
    // backward adds into what it has read
    "WEIGHT_NORM_FORWARD, 256x256x3x3, 4718592",
    "SPECTRAL_NORM_BACKWARD, 256x256x3x3, 9437184"
  })
  void aPassMovesWhatItReadsAndWritesOnce(AroundPass pass, String shape, long bytes) {
    assertThat(pass.shape()).isEqualTo(shape);
    assertThat(pass.bytes()).isEqualTo(bytes);
    try (Call copy = new Copy.Vectors().of(pass.bytes())) {
      assertThat(copy.error(pass)).isZero();
      assertThat(copy.results().get(Call.OUTPUT)).hasSize((int) (bytes / 8));
    }
  }

  @Test
  void theProgramTimesAPassAndItsCopyAndWritesThePage() throws IOException {
    Path page = directory.resolve("page.md");
    Files.writeString(page, "before\n<!-- around: begin -->\n<!-- around: end -->\nafter\n");
    Path log = directory.resolve("around.log");
    int code =
        run(
            ("--passes modulated_layer_forward --iterations 2 --millis 5 --page "
                    + page
                    + " --log "
                    + log)
                .split(" ", -1));
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString(UTF_8))
        .containsPattern("MODULATED_LAYER_FORWARD: [0-9.]+ µs")
        .containsPattern("MODULATED_LAYER_FORWARD +2x256x1152( +[0-9.]+){4} %");
    assertThat(page)
        .content()
        .startsWith("before\n")
        .endsWith("after\n")
        .contains("| pass | shape | µs |", "| MODULATED_LAYER_FORWARD | 2x256x1152 |", "; JDK ");
    assertThat(log)
        .content()
        .containsPattern("# normkit, MODULATED_LAYER_FORWARD: error [0-9.]+e-0[5-9]; kernels")
        .contains("# copy, MODULATED_LAYER_FORWARD: error 0.0e+00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--passes DYT,SOFTMAX | --passes must be of [QK_FORWARD, QK_BACKWARD,",
        "--millis 0 | --millis must be a whole number from 1 on: got \"0\"",
        "--pass DYT | unknown argument: expected one of [--iterations, --log,"
      })
  void aBadArgumentIsRefused(String argumentsAndMessage) {
    List<String> parts = List.of(argumentsAndMessage.split(" \\| ", -1));
    assertThat(run(parts.get(0).split(" ", -1))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("around: " + parts.get(1)).contains("See --help.");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpNamesEveryArgument() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8))
        .contains("--passes", "--warmups", "--iterations", "--millis", "--log", "--page");
  }
}
