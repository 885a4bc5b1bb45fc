package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles, runs, and gives what it says. */
class ReadmeTest {

  @Test
  void exampleTrainsABatchNormAndDeploysIt(@TempDir Path directory) throws Exception {
    Path program = Files.writeString(directory.resolve("Example.java"), example());
    Jvm.Outcome outcome =
        Jvm.run(List.of("-cp", Jvm.locationOf(Normkit.class), program.toString()));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    double[] deployed =
        Arrays.stream(outcome.out().replaceAll(".*\\] \\[|\\]\\s*", "").split(", "))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertThat(deployed).hasSize(3);
    assertThat(deployed).containsExactly(new double[] {1.5, 2.5, 3.5}, within(0.1));
  }

  private static String example() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).isTrue();
    return block.group(1);
  }
}
