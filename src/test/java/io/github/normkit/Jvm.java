package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs in virtual machines of their own. */
final class Jvm {

  /** How a program ended and what it wrote. */
  record Outcome(int exit, String out, String err) {

    /** How many lines of the error stream hold that text. */
    long lines(String text) {
      return err.lines().filter(line -> line.contains(text)).count();
    }
  }

  private Jvm() {}

  /** Runs {@code java} with those arguments, that of this virtual machine. */
  static Outcome run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Path out = Files.createTempFile("jvm", ".out");
    Path err = Files.createTempFile("jvm", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertThat(ended).as("ends within a minute: %s", command).isTrue();
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The root of the class files that a class is among, also where a module is patched. */
  static String locationOf(Class<?> type) throws URISyntaxException {
    Path path = Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
    for (int i = 0; i < type.getName().split("\\.").length; i++) {
      path = path.getParent();
    }
    return path.toString();
  }
}
