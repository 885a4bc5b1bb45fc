package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A residual stack at its initialization and after an epoch of Adam.
 *
 * @param gradients the gradient norm of each block's parameters before the first step
 * @param likeness the mean cosine of two images in front of the classifier before the first step
 * @param loss the mean training loss of the last ten steps
 */
record StackRun(List<Double> gradients, double likeness, double loss) {

  private static final int WIDTH = 32;
  private static final int BATCH = 16;
  private static final float RATE = 0.002f;

  private static final int MEASURED = 128;
  private static final int LAST = 10;

  /**
   * Trains a stack.
   *
   * @param warmUp the number of steps in which the rate rises to its full height; then it stays
   */
  static StackRun of(Placement placement, int blocks, int warmUp, long seed, DigitsData data) {
    Random random = new Random(seed);
    Sequential network = placement.network(WIDTH, blocks, random);
    Adam adam = new Adam(network.parameters(), 0.9f, 0.999f);
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    int[] rows = data.trainingRows();
    DigitsData.shuffle(rows, random);
    int steps = rows.length / BATCH;
    int[] first = Arrays.copyOf(rows, MEASURED);
    criterion.loss(network.forward(data.images(first)), data.labels(first));
    network.backward(criterion.gradient());
    List<Double> gradients = gradients(network.layers().subList(1, 1 + blocks));
    double likeness = likeness(network, data.images(first));
    double loss = 0;
    for (int step = 0; step < steps; step++) {
      int[] batch = Arrays.copyOfRange(rows, step * BATCH, (step + 1) * BATCH);
      network.zeroGrad();
      double stepLoss = criterion.loss(network.forward(data.images(batch)), data.labels(batch));
      network.backward(criterion.gradient());
      if (step >= steps - LAST) {
        loss += stepLoss / LAST;
      }
      adam.step(RATE * Math.min(1, (step + 1f) / (warmUp + 1)));
    }
    return new StackRun(gradients, likeness, loss);
  }

  private static List<Double> gradients(List<Layer> blocks) {
    List<Double> norms = new ArrayList<>();
    for (Layer block : blocks) {
      double squares = 0;
      for (Parameter parameter : block.parameters()) {
        for (float g : Layer.values(parameter.gradient())) {
          squares += (double) g * g;
        }
      }
      norms.add(Math.sqrt(squares));
    }
    return norms;
  }

  private static double likeness(Sequential network, Tensor images) {
    List<Layer> layers = network.layers();
    Tensor features = new Sequential(layers.subList(0, layers.size() - 1)).infer(images);
    int rows = features.shape().dim(0);
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < i; j++) {
        sum += cosine(features, i, j);
      }
    }
    return sum / (rows * (rows - 1) / 2.0);
  }

  private static double cosine(Tensor rows, int i, int j) {
    double ij = 0;
    double ii = 0;
    double jj = 0;
    for (int c = 0; c < rows.shape().dim(1); c++) {
      double a = rows.get(i, c);
      double b = rows.get(j, c);
      ij += a * b;
      ii += a * a;
      jj += b * b;
    }
    return ij / Math.sqrt(ii * jj);
  }
}
