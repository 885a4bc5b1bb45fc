package io.github.normkit;

import io.github.normkit.distributed.Collective;
import io.github.normkit.functional.BatchSteps;
import io.github.normkit.functional.ChannelView;
import java.util.concurrent.ForkJoinPool;

/**
 * What the replicas of a synchronized layer tell each other.
 *
 * <p>A message is the call, the number of channels, and then the moments or sums of each block of
 * the replica's part.
 */
final class Replicas {

  private static final int FORWARD = 0;
  private static final int BACKWARD = 1;

  /** Where the blocks begin. */
  private static final int HEADER = 2;

  private final String layer;
  private final Collective collective;
  private final int channels;

  /** The number of elements of a channel in all parts of the last forward. */
  private long count;

  Replicas(String layer, Collective collective, int channels) {
    this.layer = layer;
    this.collective = collective;
    this.channels = channels;
  }

  /**
   * Takes the statistics of all parts.
   *
   * @param mean receives the means, unless all parts are empty. Modified.
   * @param variance receives the biased variances, likewise. Modified.
   * @return the number of elements of a channel in all parts
   */
  long statistics(ChannelView view, Tensor x, double[] mean, double[] variance, ForkJoinPool pool) {
    int length = BatchSteps.momentsLength(channels);
    double[] own = new double[view.blocks() * length];
    BatchSteps.moments(view, x.array(), x.offset(), own, pool);
    double[] all = gather(FORWARD, own, length);
    count = BatchSteps.merge(channels, all, all.length / length, mean, variance);
    if (count == 1) {
      throw new IllegalArgumentException(
          layer
              + ": batch statistics need more than one value per channel: got 1 in the parts of "
              + collective.worldSize()
              + " replicas; use eval mode with running statistics, a larger batch, or GroupNorm");
    }
    return count;
  }

  /** Writes the gradient of this part by the sums of all, and adds this part's to the gradients. */
  void gradient(
      ChannelView view,
      Tensor dy,
      Tensor x,
      Tensor dx,
      AffineParameters affine,
      double epsilon,
      double[] mean,
      double[] variance,
      ForkJoinPool pool) {
    int length = BatchSteps.sumsLength(channels);
    double[] own = new double[view.blocks() * length];
    BatchSteps.sums(
        view, dy.array(), dy.offset(), x.array(), x.offset(), epsilon, mean, variance, own, pool);
    double[] all = gather(BACKWARD, own, length);
    double[] total = new double[length];
    BatchSteps.total(channels, all, all.length / length, total);
    BatchSteps.gradient(
        view,
        dy.array(),
        dy.offset(),
        x.array(),
        x.offset(),
        dx.array(),
        dx.offset(),
        affine.values(),
        epsilon,
        mean,
        variance,
        count,
        total,
        pool);
    if (view.blocks() > 0) {
      BatchSteps.total(channels, own, view.blocks(), total);
      BatchSteps.addGradients(channels, total, affine.gradients());
    }
  }

  /** Sends this part's blocks and returns those of all parts in the order of ranks. */
  private double[] gather(int call, double[] own, int length) {
    double[] message = new double[HEADER + own.length];
    message[0] = call;
    message[1] = channels;
    System.arraycopy(own, 0, message, HEADER, own.length);
    double[][] messages = collective.allGather(message);
    check(messages, length);
    int size = 0;
    for (double[] each : messages) {
      size += each.length - HEADER;
    }
    double[] all = new double[size];
    int at = 0;
    for (double[] each : messages) {
      System.arraycopy(each, HEADER, all, at, each.length - HEADER);
      at += each.length - HEADER;
    }
    return all;
  }

  private void check(double[][] messages, int length) {
    int worldSize = collective.worldSize();
    if (messages == null || messages.length != worldSize) {
      throw new IllegalStateException(
          layer
              + ": the collective must return an array for each rank: expected "
              + worldSize
              + ", got "
              + (messages == null ? "none" : messages.length));
    }
    for (int rank = 0; rank < worldSize; rank++) {
      if (messages[rank] == null || messages[rank].length < HEADER) {
        throw new IllegalStateException(
            layer + ": the collective must return what was sent: got nothing of rank " + rank);
      }
    }
    for (int rank = 1; rank < worldSize; rank++) {
      double[] first = messages[0];
      double[] other = messages[rank];
      if (other[1] != first[1]) {
        throw new IllegalArgumentException(
            layer
                + ": replicas must have the same number of channels: got "
                + (long) first[1]
                + " at rank 0, "
                + (long) other[1]
                + " at rank "
                + rank);
      }
      if (other[0] != first[0]) {
        throw new IllegalStateException(
            layer
                + ": replicas must make the same call: got "
                + name(first[0])
                + " at rank 0, "
                + name(other[0])
                + " at rank "
                + rank);
      }
    }
    for (int rank = 0; rank < worldSize; rank++) {
      int numbers = messages[rank].length - HEADER;
      if (numbers % length != 0) {
        throw new IllegalStateException(
            layer
                + ": the collective must return what was sent: got "
                + numbers
                + " numbers of rank "
                + rank
                + ", not a multiple of "
                + length);
      }
    }
  }

  private static String name(double call) {
    return call == FORWARD ? "forward" : "backward";
  }
}
