package io.github.normkit.throughput;

import java.util.List;

/** Both layers on one shape and pass, and the copy of the same bytes. */
record DuelPair(Job layer, Job rms) {

  static DuelPair of(String shape, boolean backward, int threads) {
    return new DuelPair(
        job(backward ? Operation.LAYER_BACKWARD : Operation.LAYER_FORWARD, shape, threads),
        job(backward ? Operation.RMS_BACKWARD : Operation.RMS_FORWARD, shape, threads));
  }

  private static Job job(Operation operation, String shape, int threads) {
    return new Job(Job.NORMKIT, new Case(operation, Case.shape(shape), false), threads);
  }

  /** Returns the three, which are timed one after the other. */
  List<Job> jobs() {
    return List.of(layer, copy(), rms);
  }

  Job copy() {
    return layer.copy();
  }

  boolean isBackward() {
    return layer.what().operation().isBackward();
  }

  String shape() {
    return layer.what().shapeText();
  }
}
