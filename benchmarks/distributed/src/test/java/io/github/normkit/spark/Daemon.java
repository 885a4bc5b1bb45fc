package io.github.normkit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A master or a worker: a process on loopback, which ends with this one at the latest. */
final class Daemon implements AutoCloseable {

  static final String LOG = "-Dnormkit.spark.log=info";

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Process process;
  private final Path log;

  /** Starts the main method of a class on this class path; its files go into {@code home}. */
  Daemon(Path home, String name, String type, String... args) throws IOException {
    log = home.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", LOG, "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Guard.class.getName(), type, "--host", "127.0.0.1"));
    command.addAll(List.of("--port", "0", "--webui-port", "0"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", home.toString());
    // Without it Spark looks for the folders of its own build.
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    builder.environment().remove("JAVA_HOME");
    process =
        builder
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /** Waits for a line of the log and returns the first group of the pattern. */
  String await(String pattern) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      Matcher line = Pattern.compile(pattern).matcher(Files.readString(log));
      if (line.find()) {
        return line.group(1);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException(
        "no line "
            + pattern
            + ", process alive: "
            + process.isAlive()
            + "\n"
            + Files.readString(log));
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    try {
      process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
