package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library in virtual machines of its own: with and without the vector module, on both paths. */
@Tag("vector")
class LaunchTest {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final String RESULT = "Tensor[1, 4] [-1.0690434, -0.5345217, 0.0, 1.6035651]";

  private record Outcome(int exit, String out, String err) {

    long lines(String text) {
      return err.lines().filter(line -> line.contains(text)).count();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void vectorKernelsAreTakenAndLoggedOnceWhereTheModuleIs(boolean modulePath) throws Exception {
    Outcome outcome = launch(modulePath, VECTOR);
    assertThat(outcome.out()).startsWith("vector, ").contains(" bits " + RESULT);
    assertThat(outcome.lines("normkit: vector kernels (")).isEqualTo(1);
    assertThat(outcome.lines("normkit:")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void scalarKernelsAreTakenAndLoggedOnceWhereTheModuleIsMissing(boolean modulePath)
      throws Exception {
    Outcome outcome = launch(modulePath);
    assertThat(outcome.out()).isEqualTo("scalar " + RESULT + System.lineSeparator());
    assertThat(
            outcome.lines(
                "normkit: scalar kernels (the module jdk.incubator.vector is missing;"
                    + " start java with --add-modules jdk.incubator.vector)"))
        .isEqualTo(1);
    assertThat(outcome.lines("normkit:")).isEqualTo(1);
  }

  @Test
  void scalarKernelsAreTakenWhereTheyAreAskedFor() throws Exception {
    Outcome outcome = launch(false, VECTOR, "-Dnormkit.kernels=scalar");
    assertThat(outcome.out()).startsWith("scalar " + RESULT);
    assertThat(outcome.lines("normkit: scalar kernels (asked for by -Dnormkit.kernels=scalar)"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void scalarKernelsAreTakenWithoutTheOptimizingCompiler(String flag) throws Exception {
    Outcome outcome = launch(false, VECTOR, flag);
    assertThat(outcome.out()).startsWith("scalar " + RESULT);
    assertThat(outcome.lines("normkit: scalar kernels (the VM runs without its optimizing compiler"))
        .isEqualTo(1);
  }

  @Test
  void forcingVectorKernelsThatCannotBeHadIsAnError() throws Exception {
    Outcome outcome = launch(false, "-Dnormkit.kernels=vector");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err())
        .contains(
            "normkit: -Dnormkit.kernels=vector cannot be had: the module jdk.incubator.vector is"
                + " missing; start java with --add-modules jdk.incubator.vector");
  }

  @Test
  void anUnknownChoiceIsAnError() throws Exception {
    Outcome outcome = launch(false, "-Dnormkit.kernels=fast");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err())
        .contains("normkit: normkit.kernels must be auto, scalar or vector: got fast");
  }

  private static Outcome launch(boolean modulePath, String... options) throws Exception {
    String library = locationOf(Normkit.class);
    String program = locationOf(launch.Launch.class);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    if (modulePath) {
      command.addAll(
          List.of("--module-path", library, "--add-modules", "io.github.normkit", "-cp", program));
    } else {
      command.addAll(List.of("-cp", library + File.pathSeparator + program));
    }
    command.add("launch.Launch");
    return run(command);
  }

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("launch", ".out");
    Path err = Files.createTempFile("launch", ".err");
    Process process =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends: %s", command).isTrue();
    return new Outcome(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }

  /** The root of the class files that a class is among, also where a module is patched. */
  private static String locationOf(Class<?> type) throws URISyntaxException {
    Path path = Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
    for (int i = 0; i < type.getName().split("\\.").length; i++) {
      path = path.getParent();
    }
    return path.toString();
  }
}
