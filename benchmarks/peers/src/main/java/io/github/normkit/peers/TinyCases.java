package io.github.normkit.peers;

import io.github.normkit.Shape;
import io.github.normkit.throughput.Case;
import java.util.List;

/** Small cases that stand for large ones: who can compute the one can compute the other. */
final class TinyCases {

  private static final int SAMPLES = 3;
  private static final int CHANNELS = 2 * Case.GROUPS;
  private static final int WIDTH = 5;

  private TinyCases() {}

  /** Returns all that stand for a case of the benchmarks. */
  static List<Case> all() {
    return Case.all().stream().map(TinyCases::like).distinct().toList();
  }

  /** Returns the case of the same operation, rank and layout. */
  static Case like(Case c) {
    int[] dimensions = new int[c.shape().rank()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = i == 0 ? SAMPLES : i == 1 ? CHANNELS : WIDTH;
    }
    return new Case(c.operation(), Shape.of(dimensions), c.channelsLast());
  }
}
