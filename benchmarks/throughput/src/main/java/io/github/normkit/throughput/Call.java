package io.github.normkit.throughput;

import java.util.Map;

/**
 * An implementation bound to a case: its inputs copied in, its results preallocated where it can be
 * given them, what backward needs of a forward kept. Only {@link #run} is timed.
 */
public interface Call extends AutoCloseable {

  /** The result of the forward operations. */
  String OUTPUT = "output";

  /** A result of an operation with a residual: what is normalized. */
  String SUM = "sum";

  /** A result of backward: the gradient by the input. */
  String GRAD_INPUT = "grad_input";

  /** A result of backward: the gradient by the weight. */
  String GRAD_WEIGHT = "grad_weight";

  /** A result of backward where there is a bias: the gradient by it. */
  String GRAD_BIAS = "grad_bias";

  /** Computes all results, once. */
  void run();

  /**
   * Returns the results of the last run by name, in the order of the case's elements.
   *
   * <p>Gradients are those of one backward from zero: who adds into them can run once more here.
   * Read before timing, so it may be slow.
   */
  Map<String, float[]> results();

  /**
   * Runs once and returns the largest error of a result; see {@link Checked#error}.
   *
   * @throws IllegalStateException if a result is wrong
   */
  default double error(Checked what) {
    return what.error(this);
  }

  /** Frees what was taken. */
  @Override
  void close();
}
