package io.github.normkit.throughput;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Properties;
import java.util.stream.Stream;

/** Where and when is measured. */
public final class Machine {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Returns the processor's name and how many cores there are. */
  public static String processor() {
    int cores = Runtime.getRuntime().availableProcessors();
    return modelName() + ", " + cores + (cores == 1 ? " core" : " cores");
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

  /** Returns the version and the vendor of this JDK. */
  public static String jdk() {
    return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
  }

  /**
   * Returns the version of another JDK, as its file named release gives it.
   *
   * @param home its directory
   * @throws IOException if there is no such file
   */
  public static String jdk(Path home) throws IOException {
    Properties release = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    }
    return release.getProperty("JAVA_VERSION", "unknown").replace("\"", "");
  }

  /** Returns the day, in UTC. */
  public static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
