package io.github.normkit.throughput;

import java.util.Arrays;
import java.util.List;

/**
 * The first calls in a virtual machine: how long the first one takes, the second, and so on, while
 * the compiler is at work.
 */
final class FirstCallsTrial {

  /** The calls whose time is told. */
  static final List<Integer> TOLD = List.of(1, 2, 10, 100, 1000, 10_000);

  private static final int CALLS = TOLD.get(TOLD.size() - 1);

  /** A call is fast that takes no more of the last calls' time, as do most of those that follow. */
  private static final double FAST = 1.5;

  private static final int FOLLOWING = 21;

  private FirstCallsTrial() {}

  /**
   * Prints the times of the calls that are told, in µs, then how many calls there were before they
   * were fast and how many ms these took, separated by blanks.
   *
   * @param args the case
   */
  public static void main(String[] args) {
    Call call = new Normkit().bind(Case.parse(args[0]), 1).orElseThrow();
    long[] nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      call.run();
      nanos[i] = System.nanoTime() - start;
    }
    StringBuilder line = new StringBuilder();
    TOLD.forEach(told -> line.append(nanos[told - 1] / 1e3).append(' '));
    int slow = slow(nanos);
    line.append(slow).append(' ').append(Arrays.stream(nanos, 0, slow).sum() / 1e6);
    System.out.println(line);
  }

  /** Returns how many calls there are before they are fast. */
  static int slow(long... nanos) {
    double limit = FAST * median(nanos, nanos.length - nanos.length / 10, nanos.length);
    int slow = 0;
    while (slow + FOLLOWING < nanos.length
        && (nanos[slow] > limit || median(nanos, slow, slow + FOLLOWING) > limit)) {
      slow++;
    }
    return slow;
  }

  private static long median(long[] nanos, int from, int to) {
    long[] sorted = Arrays.copyOfRange(nanos, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
