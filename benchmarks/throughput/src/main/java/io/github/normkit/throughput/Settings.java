package io.github.normkit.throughput;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How long is measured, and where.
 *
 * @param forks how many virtual machines time each job, one after the other over all jobs
 * @param warmups how many iterations of each are not counted
 * @param warmupMillis how long each of them takes, and how long the compiler must be quiet before
 * @param iterations how many are counted
 * @param iterationMillis how long each of them takes
 * @param jvmArgs arguments of the virtual machines, beyond those every job needs
 * @param otherJdk the home of the JDK for the jobs that want another than this program's
 * @param checks whether results are checked against the reference
 */
public record Settings(
    int forks,
    int warmups,
    int warmupMillis,
    int iterations,
    int iterationMillis,
    List<String> jvmArgs,
    Optional<Path> otherJdk,
    boolean checks) {

  /** Copies the arguments. */
  public Settings {
    jvmArgs = List.copyOf(jvmArgs);
  }

  /** Settings of jobs that are checked, and all run on this program's JDK. */
  public Settings(
      int forks,
      int warmups,
      int warmupMillis,
      int iterations,
      int iterationMillis,
      List<String> jvmArgs) {
    this(
        forks, warmups, warmupMillis, iterations, iterationMillis, jvmArgs, Optional.empty(), true);
  }

  /** Returns the same for jobs that were checked before. */
  public Settings unchecked() {
    return new Settings(
        forks, warmups, warmupMillis, iterations, iterationMillis, jvmArgs, otherJdk, false);
  }
}
