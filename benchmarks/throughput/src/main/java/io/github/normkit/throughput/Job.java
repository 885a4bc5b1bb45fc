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
 * @param otherJdk whether the virtual machine is that of the other JDK; see {@link Settings}
 */
public record Job(String implementation, Case what, int threads, String kernels, boolean otherJdk) {

  /** The implementation that all is about. */
  public static final String NORMKIT = "normkit";

  /** The same, writing where it reads. */
  public static final String IN_PLACE = NORMKIT + "-in-place";

  /** The implementation to compare with. */
  public static final String COPY = "copy";

  /** The kernels that copies and others than normkit are run with. */
  static final String VECTOR = "vector";

  /** The kernels that define each formula. */
  static final String SCALAR = "scalar";

  private static final String WITH_SCALAR = NORMKIT + "-scalar";
  private static final String ON_OTHER_JDK = NORMKIT + "-other-jdk";

  /** A job of this JDK, with vectors. */
  public Job(String implementation, Case what, int threads) {
    this(implementation, what, threads, VECTOR, false);
  }

  /** Returns the same with the scalar kernels. */
  public Job scalar() {
    return new Job(implementation, what, threads, SCALAR, otherJdk);
  }

  /** Returns the same on the other JDK. */
  public Job onOtherJdk() {
    return new Job(implementation, what, threads, kernels, true);
  }

  /** Returns the same of another implementation, on this JDK and with vectors. */
  public Job by(String other) {
    return new Job(other, what, threads);
  }

  /** Returns who is timed: the implementation, and of normkit how it is run. */
  public String who() {
    if (otherJdk) {
      return ON_OTHER_JDK;
    }
    return kernels.equals(SCALAR) ? WITH_SCALAR : implementation;
  }

  /** Returns the job of a name that {@link #who} gave. */
  static Job of(String who, Case what, int threads) {
    Job normkit = new Job(NORMKIT, what, threads);
    return switch (who) {
      case WITH_SCALAR -> normkit.scalar();
      case ON_OTHER_JDK -> normkit.onOtherJdk();
      default -> normkit.by(who);
    };
  }

  /** Returns whether somebody else than normkit computes it. */
  public boolean isOfAPeer() {
    return !implementation.startsWith(NORMKIT) && !implementation.contains(COPY);
  }

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
    Operation operation =
        switch (what.operation()) {
          case LAYER_FORWARD, RMS_FORWARD -> Operation.LAYER_FORWARD;
          case LAYER_BACKWARD, RMS_BACKWARD -> Operation.LAYER_BACKWARD;
          case ADD_RMS_FORWARD -> Operation.ADD_RMS_FORWARD;
          case BATCH_BACKWARD, GROUP_BACKWARD, INSTANCE_BACKWARD -> Operation.BATCH_BACKWARD;
          case BATCH_TRAIN, BATCH_INFER, GROUP_FORWARD, INSTANCE_FORWARD -> Operation.BATCH_TRAIN;
        };
    return new Job(by, new Case(operation, what.shape(), false), threads);
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
    return who() + " " + what + ", " + threads + (threads == 1 ? " thread" : " threads");
  }
}
