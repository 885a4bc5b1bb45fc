package io.github.normkit.throughput;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Times jobs with JMH, a virtual machine for each job and fork.
 *
 * <p>All jobs get their first fork before any gets its second, so that a change in the machine's
 * speed hits all alike. A line says of each how far the session is; what JMH and the forks print
 * goes to a log.
 */
public final class Session {

  /** Who is told how a session goes. */
  public interface Follower {

    /** Takes what a fork has measured. */
    default void timed(Measured fork) {}

    /** Returns how many forks come after this session, for the estimate of the time left. */
    default int later() {
      return 0;
    }

    /** Returns whether there is time for another fork. */
    default boolean goesOn() {
      return true;
    }
  }

  private final Settings settings;
  private final PrintStream out;
  private final Path log;
  private final Follower follower;
  private final Map<Job, List<RunResult>> runs = new LinkedHashMap<>();
  private final Set<Job> failed = new LinkedHashSet<>();

  /**
   * Prepares a session.
   *
   * @param settings how long is measured
   * @param out where the progress is printed
   * @param log the file for what JMH prints
   */
  public Session(Settings settings, PrintStream out, Path log) {
    this(settings, out, log, new Follower() {});
  }

  /**
   * Prepares a session that somebody follows.
   *
   * @param settings how long is measured
   * @param out where the progress is printed
   * @param log the file for what JMH prints
   * @param follower is told of each fork
   */
  public Session(Settings settings, PrintStream out, Path log, Follower follower) {
    this.settings = settings;
    this.out = out;
    this.log = log;
    this.follower = follower;
  }

  /**
   * Times the jobs, each once even if it is listed twice, in their order. A job that fails is
   * reported and left out of the results; see {@link #failed}.
   */
  public void run(Collection<Job> jobs) {
    List<Job> left = new ArrayList<>();
    for (int fork = 0; fork < settings.forks(); fork++) {
      left.addAll(new LinkedHashSet<>(jobs));
    }
    int count = left.size();
    long start = System.nanoTime();
    try (Log to = new Log(log)) {
      for (int done = 1; done <= count && follower.goesOn(); done++) {
        Job job = left.get(done - 1);
        String time = run(job, to);
        int rest = count - done + follower.later();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        String estimate = rest > 0 ? left(elapsed.dividedBy(done).multipliedBy(rest)) : "";
        print("  %2d of %d   %s: %s%s", done, count, job, time, estimate);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the log could not be written: " + log, e);
    }
  }

  private String run(Job job, Log to) {
    try {
      RunResult run = to.run(options(job));
      runs.computeIfAbsent(job, j -> new ArrayList<>()).add(run);
      follower.timed(measured(job, List.of(run)));
      return Format.micros(run.getPrimaryResult().getScore()) + " µs";
    } catch (RunnerException e) {
      failed.add(job);
      // Not in JMH's own output: that another JMH is running, say.
      System.err.println(job + ": " + e);
      return "failed, see " + log;
    }
  }

  private static String left(Duration rest) {
    long seconds = rest.toSeconds();
    return seconds < 100
        ? "; about " + seconds + " s left"
        : "; about " + (seconds + 30) / 60 + " min left";
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  private Options options(Job job) {
    ChainedOptionsBuilder options =
        options(job.benchmark(), settings, job.kernels())
            .param("implementation", job.implementation())
            .param("operation", job.what().operation().name())
            .param("shape", job.what().shapeText())
            .param("threads", String.valueOf(job.threads()))
            .param("kernels", job.kernels())
            .param("checks", String.valueOf(settings.checks()));
    if (job.otherJdk()) {
      options.jvm(settings.otherJdk().orElseThrow().resolve(Path.of("bin", "java")).toString());
    }
    if (!job.what().operation().isRows()) {
      options.param(
          "layout",
          job.what().channelsLast() ? NormBenchmark.CHANNELS_LAST : NormBenchmark.CHANNELS_FIRST);
    }
    return options.build();
  }

  /** Returns what JMH is told of a fork, but for the parameters. */
  static ChainedOptionsBuilder options(
      Class<? extends CallBenchmark> benchmark, Settings settings, String kernels) {
    List<String> jvmArgs = new ArrayList<>(settings.jvmArgs());
    jvmArgs.add(NormBenchmark.VECTORS);
    jvmArgs.add(NormBenchmark.LEAST_HEAP);
    jvmArgs.add(NormBenchmark.MOST_HEAP);
    jvmArgs.add("-D" + io.github.normkit.Normkit.KERNELS_PROPERTY + "=" + kernels);
    return new OptionsBuilder()
        .include("^" + Pattern.quote(benchmark.getName()) + "\\.run$")
        .forks(1)
        .warmupIterations(settings.warmups())
        .warmupTime(TimeValue.milliseconds(settings.warmupMillis()))
        .measurementIterations(settings.iterations())
        .measurementTime(TimeValue.milliseconds(settings.iterationMillis()))
        .jvmArgsAppend(jvmArgs.toArray(String[]::new))
        .addProfiler(Allocation.class)
        .shouldFailOnError(true);
  }

  /** Returns the jobs that could not be timed. */
  public Set<Job> failed() {
    return Set.copyOf(failed);
  }

  /** Returns what was measured of a job, or nothing if it was not run or failed. */
  public Optional<Measured> measured(Job job) {
    List<RunResult> forks = runs.get(job);
    if (forks == null || failed.contains(job)) {
      return Optional.empty();
    }
    return Optional.of(measured(job, forks));
  }

  private static Measured measured(Job job, List<RunResult> forks) {
    return new Measured(
        job,
        forks.stream().map(Session::iterations).toList(),
        forks.stream().map(Session::allocated).toList());
  }

  /** Returns the times of a fork. */
  static List<Double> iterations(RunResult fork) {
    return fork.getBenchmarkResults().stream()
        .flatMap(result -> result.getIterationResults().stream())
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
  }

  /** Returns what a call of a fork allocates. */
  static double allocated(RunResult fork) {
    Result<?> allocated = fork.getSecondaryResults().get(Allocation.BYTES);
    return allocated == null ? Double.NaN : allocated.getScore();
  }

  /** Writes all results in JMH's JSON, the forks of a job together. */
  public void writeJson(Path file) throws IOException {
    List<RunResult> merged = runs.values().stream().map(Session::merged).toList();
    try (PrintStream to = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, to).writeOut(merged);
    }
  }

  private static RunResult merged(List<RunResult> forks) {
    List<BenchmarkResult> results =
        forks.stream().flatMap(fork -> fork.getBenchmarkResults().stream()).toList();
    return new RunResult(forks.get(0).getParams(), results);
  }
}
