package io.github.normkit.distributed;

/**
 * One replica's end of a group that exchanges arrays: all that a synchronized layer needs of a
 * cluster.
 *
 * <p>All replicas of a group must make the same calls in the same order. {@link ReplicaGroup}
 * implements it for threads; over processes it is a few lines around any all-gather (MPI, NCCL,
 * Gloo, a barrier of Spark).
 *
 * <p>An implementation must never wait without end: where a replica has died, or is late, {@link
 * #allGather} has to throw a {@link CollectiveException} at all others. One thread at a time.
 */
public interface Collective {

  /**
   * Returns the number of replicas.
   *
   * @return at least 1, the same at all of them
   */
  int worldSize();

  /**
   * Returns which replica this is.
   *
   * @return a number from 0 to {@code worldSize() - 1}, another at each
   */
  int rank();

  /**
   * Sends an array to all replicas and waits for theirs.
   *
   * <p>Every double arrives with its bits, NaNs included. Lengths may differ from rank to rank, and
   * be 0.
   *
   * @param values this replica's array. Not modified, and not read after the call.
   * @return the array of each rank, in the order of ranks; shared, not to be modified
   * @throws CollectiveException if not all replicas take part in time
   */
  double[][] allGather(double[] values);
}
