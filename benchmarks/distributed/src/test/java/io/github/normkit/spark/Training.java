package io.github.normkit.spark;

import io.github.normkit.BatchNorm;
import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.distributed.Collective;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Two steps of training on a batch that is a function of a seed, or on a part of it. */
final class Training {

  private static final int CHANNELS = 6;
  private static final int STEPS = 2;

  /** The bits of all that the steps leave: y and dx of each, and the running statistics. */
  @SuppressWarnings("ArrayRecordComponent") // its instances are never compared
  record Result(int rank, long process, List<float[]> tensors, float[] running)
      implements Serializable {}

  private Training() {}

  /** Trains on samples {@code from} to {@code to}, exclusive, of {@code n}. */
  static Result run(BatchNorm norm, int rank, int n, int from, int to) {
    SplittableRandom random = new SplittableRandom(20_260_101L);
    for (Parameter parameter : norm.parameters()) {
      fill(parameter.value(), random, 1);
    }
    List<float[]> tensors = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      Tensor x = fill(Tensor.zeros(Shape.of(n, CHANNELS, 7, 7)), random, 3).slice(from, to);
      Tensor dy = fill(Tensor.zeros(Shape.of(n, CHANNELS, 7, 7)), random, 0).slice(from, to);
      tensors.add(norm.forward(x).toArray());
      tensors.add(norm.backward(dy).toArray());
    }
    float[] running = new float[2 * CHANNELS];
    System.arraycopy(norm.state().get("running_mean").toArray(), 0, running, 0, CHANNELS);
    System.arraycopy(norm.state().get("running_var").toArray(), 0, running, CHANNELS, CHANNELS);
    return new Result(rank, ProcessHandle.current().pid(), tensors, running);
  }

  /** The replica's part: so many samples in each. */
  static Result replica(Collective collective, int samples) {
    BatchNorm norm = BatchNorm.builder(CHANNELS).synchronize(collective).build();
    int rank = collective.rank();
    int n = samples * collective.worldSize();
    return run(norm, rank, n, rank * samples, (rank + 1) * samples);
  }

  /** All of the batch. */
  static Result alone(int n) {
    return run(new BatchNorm(CHANNELS), 0, n, 0, n);
  }

  private static Tensor fill(Tensor tensor, SplittableRandom random, double mean) {
    for (int i = 0; i < tensor.array().length; i++) {
      tensor.array()[i] = (float) (mean + random.nextDouble(-2, 2));
    }
    return tensor;
  }
}
