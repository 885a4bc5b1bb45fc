package io.github.normkit.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * How much of the machine other programs use, which is not just noise: a library whose threads wait
 * for each other in a loop may take a thousand times as long once one of them has lost its core.
 */
final class OtherPrograms {

  /** What is too much for times with several threads. */
  static final double LIMIT = 0.05;

  private static final int MILLIS = 1000;

  private OtherPrograms() {}

  /** Says what it does to the times that others use so much of the machine. */
  static String warning(double share) {
    return String.format(
        Locale.ROOT,
        "Other programs use %.0f %% of the machine: times with several threads are not to be"
            + " trusted, those of libraries that wait in a loop least of all",
        100 * share);
  }

  /** Returns the share of all cores that is used while this program does nothing for a second. */
  static double share() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    // The first reading is of the time before, the second of that between the two.
    double before = system.getCpuLoad();
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return before;
    }
    return system.getCpuLoad();
  }
}
