package io.github.normkit.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much of the machine other programs use, which is not just noise: a library whose threads wait
 * for each other in a loop may take a thousand times as long once one of them has lost its core.
 */
final class OtherPrograms {

  /** What is too much for times with several threads. */
  static final double LIMIT = 0.05;

  private static final int MILLIS = 1000;

  private OtherPrograms() {}

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
