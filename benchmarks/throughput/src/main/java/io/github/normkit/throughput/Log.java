package io.github.normkit.throughput;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The file that takes what JMH and its forks print, and until it is closed all that is printed. */
final class Log implements AutoCloseable {

  private final PrintStream systemOut = System.out;
  private final PrintStream systemErr = System.err;
  private final PrintStream to;
  private final OutputFormat format;

  Log(Path file) throws IOException {
    to = new PrintStream(file.toFile(), StandardCharsets.UTF_8);
    // Where JMH passes on what the forks print, whatever its own output is.
    System.setOut(to);
    System.setErr(to);
    format = OutputFormatFactory.createFormatInstance(to, VerboseMode.NORMAL);
  }

  RunResult run(Options options) throws RunnerException {
    return new Runner(options, format).runSingle();
  }

  @Override
  public void close() {
    System.setOut(systemOut);
    System.setErr(systemErr);
    to.close();
  }
}
