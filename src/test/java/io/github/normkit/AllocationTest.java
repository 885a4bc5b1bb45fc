package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once compiled, a pass that is given its output allocates nothing. */
class AllocationTest {

  @ParameterizedTest
  @ValueSource(strings = {"vector", "scalar"})
  void nothingIsAllocatedOnceAllIsCompiled(String kernels) throws Exception {
    Jvm.Outcome outcome =
        Jvm.run(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "-Dnormkit.kernels=" + kernels,
                "-cp",
                Jvm.locationOf(Normkit.class)
                    + File.pathSeparator
                    + Jvm.locationOf(Allocations.class),
                Allocations.class.getName()));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).hasSizeGreaterThan(40).allMatch(line -> line.endsWith(": 0"));
  }
}
