package io.github.normkit.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/**
 * Where and when was measured.
 *
 * @param processor its name and how many cores there are
 * @param jdk the version and the vendor
 * @param date the day, in UTC
 */
record Machine(String processor, String jdk, String date) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** Returns this machine, now. */
  static Machine here() {
    return new Machine(
        modelName() + ", " + Runtime.getRuntime().availableProcessors() + " cores",
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  private static String modelName() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  @Override
  public String toString() {
    return processor + "; JDK " + jdk + "; " + date;
  }
}
