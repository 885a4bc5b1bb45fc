package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The library in virtual machines of its own: with and without the vector module, on both paths.
 */
@Tag("vector")
class LaunchTest {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final String RESULT = "Tensor[1, 4] [-1.0690434, -0.5345217, 0.0, 1.6035652]";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void vectorKernelsAreTakenAndLoggedOnceWhereTheModuleIs(boolean modulePath) throws Exception {
    Jvm.Outcome outcome = launch(modulePath, VECTOR);
    assertThat(outcome.out()).startsWith("vector, ").contains(" bits " + RESULT);
    assertThat(outcome.lines("normkit: vector kernels (")).isEqualTo(1);
    assertThat(outcome.lines("normkit:")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void scalarKernelsAreTakenAndLoggedOnceWhereTheModuleIsMissing(boolean modulePath)
      throws Exception {
    Jvm.Outcome outcome = launch(modulePath);
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
    Jvm.Outcome outcome = launch(false, VECTOR, "-Dnormkit.kernels=scalar");
    assertThat(outcome.out()).startsWith("scalar " + RESULT);
    assertThat(outcome.lines("normkit: scalar kernels (asked for by -Dnormkit.kernels=scalar)"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void scalarKernelsAreTakenWithoutTheOptimizingCompiler(String flag) throws Exception {
    Jvm.Outcome outcome = launch(false, VECTOR, flag);
    assertThat(outcome.out()).startsWith("scalar " + RESULT);
    assertThat(
            outcome.lines("normkit: scalar kernels (the VM runs without its optimizing compiler"))
        .isEqualTo(1);
  }

  @Test
  void forcingVectorKernelsThatCannotBeHadIsAnError() throws Exception {
    Jvm.Outcome outcome = launch(false, "-Dnormkit.kernels=vector");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err())
        .contains(
            "normkit: -Dnormkit.kernels=vector cannot be had: the module jdk.incubator.vector is"
                + " missing; start java with --add-modules jdk.incubator.vector");
  }

  @Test
  void anUnknownChoiceIsAnError() throws Exception {
    Jvm.Outcome outcome = launch(false, "-Dnormkit.kernels=fast");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err())
        .contains("normkit: normkit.kernels must be auto, scalar or vector: got fast");
  }

  private static Jvm.Outcome launch(boolean modulePath, String... options) throws Exception {
    String library = Jvm.locationOf(Normkit.class);
    String program = Jvm.locationOf(launch.Launch.class);
    List<String> arguments = new ArrayList<>(List.of(options));
    if (modulePath) {
      arguments.addAll(
          List.of("--module-path", library, "--add-modules", "io.github.normkit", "-cp", program));
    } else {
      arguments.addAll(List.of("-cp", library + File.pathSeparator + program));
    }
    arguments.add("launch.Launch");
    return Jvm.run(arguments);
  }
}
