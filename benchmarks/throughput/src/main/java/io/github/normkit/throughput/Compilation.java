package io.github.normkit.throughput;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Waits for the compiler, which vectors need more of than any fixed warm-up is sure to give. */
final class Compilation {

  private static final long LONGEST = TimeUnit.SECONDS.toNanos(20);

  private Compilation() {}

  /** Calls until the compiler has finished nothing for so long, or that takes too long. */
  static void settle(Runnable call, long quietNanos) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long start = System.nanoTime();
    long lastChange = start;
    long compiled = compiler.getTotalCompilationTime();
    long now = start;
    while (now - lastChange < quietNanos && now - start < LONGEST) {
      call.run();
      now = System.nanoTime();
      if (compiler.getTotalCompilationTime() != compiled) {
        compiled = compiler.getTotalCompilationTime();
        lastChange = now;
      }
    }
  }
}
