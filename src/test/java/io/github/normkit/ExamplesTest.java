package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs on the pages compile without a warning, run, and print what the pages say. */
class ExamplesTest {

  private static final Path HOME = Path.of(System.getProperty("basedir", "."));

  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern CLASS = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);

  @TempDir private Path directory;

  /** A program of a page, and the block after it, empty if there is none. */
  private record Example(String page, String name, String source, String printed) {

    @Override
    public String toString() {
      return page + ": " + name;
    }
  }

  static Stream<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> pages = Files.list(HOME.resolve("docs"))) {
      for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
        examples.addAll(examples(page));
      }
    }
    return examples.stream();
  }

  private static List<Example> examples(Path page) throws IOException {
    List<Example> examples = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page).replace("\r\n", "\n"));
    boolean more = block.find();
    while (more) {
      String source = block.group(2);
      Matcher program = CLASS.matcher(source);
      boolean isProgram = block.group(1).equals("java") && program.find();
      more = block.find();
      if (isProgram) {
        boolean printed = more && block.group(1).matches("|text");
        examples.add(
            new Example(
                page.getFileName().toString(),
                program.group(1),
                source,
                printed ? block.group(2) : ""));
      }
    }
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplePrintsWhatThePageSays(Example example) throws Exception {
    assertThat(example.printed()).as("the block after the program").isNotEmpty();
    assertThat(run(example)).isEqualTo(example.printed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "RMSNorm"})
  void everyLayerHasAPageWithAnExample(String layer) throws IOException {
    assertThat(examples())
        .filteredOn(example -> example.page().equals(layer.toLowerCase(Locale.ROOT) + ".md"))
        .isNotEmpty()
        .allSatisfy(example -> assertThat(example.source()).contains(layer));
  }

  @Test
  void exampleOfTheReadmeTrainsABatchNormAndDeploysIt() throws Exception {
    List<Example> readme = examples(HOME.resolve("README.md"));
    assertThat(readme).hasSize(1);
    double[] deployed =
        Arrays.stream(run(readme.get(0)).replaceAll(".*\\] \\[|\\]\\s*", "").split(", "))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertThat(deployed).hasSize(3);
    assertThat(deployed).containsExactly(new double[] {1.5, 2.5, 3.5}, within(0.1));
  }

  /** Compiles a program as a user would and returns what it prints. */
  private String run(Example example) throws Exception {
    String library = Jvm.locationOf(Normkit.class);
    Path program = Files.writeString(directory.resolve(example.name() + ".java"), example.source());
    StringWriter messages = new StringWriter();
    PrintWriter writer = new PrintWriter(messages);
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                writer,
                writer,
                "--release",
                "17",
                "-Xlint:all",
                "-Werror",
                "-cp",
                library,
                "-d",
                directory.toString(),
                program.toString());
    assertThat(compiled).as("%s", messages).isZero();
    String classPath = directory + System.getProperty("path.separator") + library;
    Jvm.Outcome outcome = Jvm.run(List.of("-cp", classPath, example.name()));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome.out().replace("\r\n", "\n");
  }
}
