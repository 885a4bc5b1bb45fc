package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a training run meets along its gradients: after every so many steps it goes along the
 * gradient without staying there, as far as some multiples of its step, and looks around.
 *
 * @param losses the training loss of each epoch
 * @param looks what was seen
 */
record Landscape(List<Double> losses, List<Look> looks) {

  /** What normalizes the network. */
  enum Kind {
    NONE("none"),
    BATCH_NORM("BatchNorm"),
    NOISY("BatchNorm, noise");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * Seen from one place.
   *
   * @param lossRange the largest loss on the way less the smallest
   * @param change how far the gradient on the way is from that at the start, at most
   * @param relativeChange the same, in norms of the gradient at the start
   * @param smoothness how far it is, in lengths of the way, at most: the effective β
   */
  record Look(double lossRange, double change, double relativeChange, double smoothness) {}

  private static final int BATCH = 32;
  static final int EPOCHS = 3;
  static final int EVERY = 9;

  /** How far to look, in steps. */
  static final List<Float> REACHES = List.of(0.5f, 1f, 2f, 4f);

  /** Trains with plain gradient descent, so that a step is a multiple of the gradient. */
  static Landscape of(Kind kind, float rate, long seed, DigitsData data) {
    return new Walk(kind, rate, seed, data).run();
  }

  /** A run. */
  private static final class Walk {

    private final float rate;
    private final DigitsData data;
    private final Random random;
    private final List<BatchNoise> noises = new ArrayList<>();
    private final Sequential network;
    private final SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();

    Walk(Kind kind, float rate, long seed, DigitsData data) {
      this.rate = rate;
      this.data = data;
      this.random = new Random(seed);
      this.network = network(kind, seed);
    }

    /** The network of {@link Training}, with noise behind each norm if asked for. */
    private Sequential network(Kind kind, long seed) {
      Variant variant = kind == Kind.NONE ? Variant.NONE : Variant.BATCH_NORM;
      Sequential plain = Training.network(variant, random);
      if (kind != Kind.NOISY) {
        return plain;
      }
      return new Sequential(
          plain.layers().stream()
              .flatMap(
                  layer ->
                      layer instanceof Normalization
                          ? Stream.of(layer, noise(seed))
                          : Stream.of(layer))
              .toList());
    }

    private BatchNoise noise(long seed) {
      BatchNoise noise = new BatchNoise(100 * seed + noises.size());
      noises.add(noise);
      return noise;
    }

    Landscape run() {
      List<Double> losses = new ArrayList<>();
      List<Look> looks = new ArrayList<>();
      int[] rows = data.trainingRows();
      int steps = rows.length / BATCH;
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        DigitsData.shuffle(rows, random);
        double loss = 0;
        for (int step = 0; step < steps; step++) {
          int number = epoch * steps + step;
          noises.forEach(noise -> noise.step(number));
          int[] batch = Arrays.copyOfRange(rows, step * BATCH, (step + 1) * BATCH);
          double here = loss(batch);
          float[] gradient = gradient();
          if (number % EVERY == 0) {
            looks.add(look(batch, here, gradient));
          }
          move(gradient, rate);
          loss += here / steps;
        }
        losses.add(loss);
      }
      return new Landscape(losses, looks);
    }

    private Look look(int[] batch, double here, float[] gradient) {
      float[] start = values();
      double norm = Vectors.norm(gradient);
      double min = here;
      double max = here;
      double change = 0;
      double smoothness = 0;
      for (float reach : REACHES) {
        move(gradient, reach * rate);
        double there = loss(batch);
        min = Math.min(min, there);
        max = Math.max(max, there);
        float[] other = gradient();
        double difference = 0;
        for (int i = 0; i < other.length; i++) {
          difference += square((double) other[i] - gradient[i]);
        }
        change = Math.max(change, Math.sqrt(difference));
        smoothness = Math.max(smoothness, Math.sqrt(difference) / (reach * rate * norm));
        restore(start);
      }
      return new Look(max - min, change, change / norm, smoothness);
    }

    private double loss(int... batch) {
      network.zeroGrad();
      double loss = criterion.loss(network.forward(data.images(batch)), data.labels(batch));
      network.backward(criterion.gradient());
      return loss;
    }

    private float[] gradient() {
      return all(network.parameters().stream().map(p -> Layer.values(p.gradient())).toList());
    }

    private float[] values() {
      return all(network.parameters().stream().map(p -> Layer.values(p.value())).toList());
    }

    private static float[] all(List<float[]> parts) {
      float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }

    private void move(float[] gradient, float rate) {
      int at = 0;
      for (Parameter parameter : network.parameters()) {
        float[] values = parameter.value().array();
        for (int i = 0; i < values.length; i++) {
          values[i] -= rate * gradient[at++];
        }
      }
    }

    private void restore(float... start) {
      int at = 0;
      for (Parameter parameter : network.parameters()) {
        float[] values = parameter.value().array();
        System.arraycopy(start, at, values, 0, values.length);
        at += values.length;
      }
    }

    private static double square(double v) {
      return v * v;
    }
  }
}
