package io.github.normkit.throughput;

import io.github.normkit.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is timed together: one implementation on one case.
 *
 * @param implementation its name; see {@link Implementations}
 * @param what the case
 * @param threads how many threads work at it
 * @param kernels {@code "vector"} or {@code "scalar"}, the kernels of normkit in its virtual
 *     machine
 */
public record Job(String implementation, Case what, int threads, String kernels) {

  /** The implementation to compare with. */
  static final String COPY = "copy";

  /** The kernels that copies and others than normkit are run with. */
  static final String VECTOR = "vector";

  /** Returns whether the implementation has the operation; a small case of it is bound. */
  public boolean exists() {
    int[] dims = new int[what.shape().rank()];
    Arrays.fill(dims, 2);
    dims[1] = 2 * Case.GROUPS;
    Case small = new Case(what.operation(), Shape.of(dims), what.channelsLast());
    Optional<Call> call = Implementations.named(implementation).bind(small, threads);
    call.ifPresent(Call::close);
    return call.isPresent();
  }

  /** Returns the copy of the bytes this must move, the same for all cases of that many. */
  public Job copy() {
    return copy(COPY);
  }

  /** Returns such a copy by an implementation that copies. */
  Job copy(String by) {
    boolean backward = what.operation().isBackward();
    Operation operation =
        what.operation().isRows()
            ? backward ? Operation.LAYER_BACKWARD : Operation.LAYER_FORWARD
            : backward ? Operation.BATCH_BACKWARD : Operation.BATCH_TRAIN;
    return new Job(by, new Case(operation, what.shape(), false), threads, VECTOR);
  }

  /** Returns the benchmark class that runs it. */
  Class<? extends NormBenchmark> benchmark() {
    return switch (what.operation().layer()) {
      case LAYER, RMS -> RowBenchmark.class;
      case BATCH -> BatchBenchmark.class;
      case GROUP -> GroupBenchmark.class;
      case INSTANCE -> InstanceBenchmark.class;
    };
  }

  @Override
  public String toString() {
    String kernel = kernels.equals(VECTOR) ? "" : ", " + kernels;
    return implementation
        + " "
        + what
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads")
        + kernel;
  }
}
