package io.github.normkit.throughput;

import java.util.List;

/**
 * How long is measured.
 *
 * @param forks how many virtual machines time each job, one after the other over all jobs
 * @param warmups how many iterations of each are not counted
 * @param warmupMillis how long each of them takes, and how long the compiler must be quiet before
 * @param iterations how many are counted
 * @param iterationMillis how long each of them takes
 * @param jvmArgs arguments of the virtual machines, beyond those every job needs
 */
public record Settings(
    int forks,
    int warmups,
    int warmupMillis,
    int iterations,
    int iterationMillis,
    List<String> jvmArgs) {

  /** Three forks of two iterations and then five, a second each. */
  public static final Settings DEFAULTS = new Settings(3, 2, 1000, 5, 1000, List.of());

  /** Copies the arguments. */
  public Settings {
    jvmArgs = List.copyOf(jvmArgs);
  }
}
