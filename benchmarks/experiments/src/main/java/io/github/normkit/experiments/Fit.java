package io.github.normkit.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Fits any network to the training digits: SGD with momentum, at a rate that falls linearly to 0.
 *
 * @param batch images in a step; what is left of an epoch is not used in it
 * @param epochs how often the images are seen
 * @param learningRate the rate of the first step
 */
record Fit(int batch, int epochs, float learningRate) {

  /** The share of the last step that the next one keeps. */
  static final float MOMENTUM = 0.9f;

  /** Fits with images in random order. */
  List<Double> run(Layer network, DigitsData data, Random random) {
    return run(network, data, rows -> DigitsData.shuffle(rows, random));
  }

  /**
   * Fits, and returns the mean training loss of each epoch; it ends with the first that is not
   * finite.
   *
   * @param order puts the rows in the order of the next epoch
   */
  List<Double> run(Layer network, DigitsData data, Consumer<int[]> order) {
    Sgd sgd = new Sgd(network.parameters(), MOMENTUM);
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    int[] rows = data.trainingRows();
    int steps = rows.length / batch;
    List<Double> losses = new ArrayList<>();
    double loss = 0;
    for (int epoch = 0; epoch < epochs && Double.isFinite(loss); epoch++) {
      order.accept(rows);
      loss = 0;
      for (int step = 0; step < steps; step++) {
        int[] images = Arrays.copyOfRange(rows, step * batch, (step + 1) * batch);
        network.zeroGrad();
        loss += criterion.loss(network.forward(data.images(images)), data.labels(images)) / steps;
        network.backward(criterion.gradient());
        int done = epoch * steps + step;
        sgd.step(learningRate * (1 - (float) done / (epochs * steps)));
      }
      losses.add(loss);
    }
    return losses;
  }
}
