package io.github.normkit.experiments;

import io.github.normkit.NormLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One training run of the network on the digits: a function of its fields, but for the times.
 *
 * @param variant what normalizes the network
 * @param seed decides the initial weights and the order of the images
 * @param epochs how often each image is seen
 * @param learningRate the rate of the first step; it falls linearly to 0
 */
record Training(Variant variant, long seed, int epochs, float learningRate) {

  /** Images in a step. */
  static final int BATCH = 32;

  private static final int CHANNELS = 8;
  private static final int FEATURES = 32;

  /**
   * What came out.
   *
   * @param losses the mean training loss of each epoch; it ends with the first that is not finite
   * @param accuracy the share of the test images that are classified right
   * @param seconds the time of the training
   * @param normSeconds the part of it spent in normalization, forward and backward
   */
  record Result(List<Double> losses, double accuracy, double seconds, double normSeconds) {

    /**
     * Returns the loss of an epoch, the first being 1, or the one that was not finite before it.
     */
    double loss(int epoch) {
      return losses.get(Math.min(epoch, losses.size()) - 1);
    }

    /** Returns the loss of the last epoch. */
    double finalLoss() {
      return losses.get(losses.size() - 1);
    }
  }

  /** Trains and tests. */
  Result run(DigitsData data) {
    Random random = new Random(seed);
    Sequential network = network(variant, random);
    long start = System.nanoTime();
    List<Double> losses = new Fit(BATCH, epochs, learningRate).run(network, data, random);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(losses, data.accuracy(network::infer), seconds, normSeconds(network));
  }

  /** Three convolutions and two dense layers; a norm and a ReLU follow all but the last. */
  static Sequential network(Norms norms, Random random) {
    return network(norms, 3, random);
  }

  /** The same with more convolutions, which come after the third. */
  static Sequential network(Norms norms, int convolutions, Random random) {
    int side = DigitsData.SIDE;
    int half = side / 2;
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d(1, side, side, CHANNELS, 1, random));
    addActivation(layers, norms.forImages(CHANNELS, side, side));
    layers.add(new Conv2d(CHANNELS, side, side, CHANNELS, 2, random));
    addActivation(layers, norms.forImages(CHANNELS, half, half));
    for (int i = 2; i < convolutions; i++) {
      layers.add(new Conv2d(CHANNELS, half, half, CHANNELS, 1, random));
      addActivation(layers, norms.forImages(CHANNELS, half, half));
    }
    layers.add(new Dense(CHANNELS * half * half, FEATURES, random));
    addActivation(layers, norms.forFeatures(FEATURES));
    layers.add(new Dense(FEATURES, DigitsData.CLASSES, random));
    return new Sequential(layers);
  }

  private static void addActivation(List<Layer> layers, Optional<NormLayer> norm) {
    norm.map(Normalization::new).ifPresent(layers::add);
    layers.add(new Relu());
  }

  private static double normSeconds(Sequential network) {
    return network.layers().stream()
            .filter(Normalization.class::isInstance)
            .mapToLong(layer -> ((Normalization) layer).nanos())
            .sum()
        / 1e9;
  }
}
