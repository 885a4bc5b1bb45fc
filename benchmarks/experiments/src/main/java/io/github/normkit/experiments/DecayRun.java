package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What becomes of the weight before a BatchNorm under plain gradient descent.
 *
 * @param losses the training loss of each step
 * @param norms the norm of the weight before each step, and after the last
 * @param steps the norm of each {@code rate g}, in norms of the weight before it
 * @param gradients the norm of each step's gradient
 */
record DecayRun(
    List<Double> losses, List<Double> norms, List<Double> steps, List<Double> gradients) {

  private static final int BATCH = 32;
  private static final int FEATURES = 32;

  /**
   * How the weight is moved: {@code w = (1 - rate decay) w - rate g}. All others have the same
   * rate, and no decay.
   *
   * @param scale what the initial weight is multiplied with
   * @param growth what the weight's rate is multiplied with after each step, and with the root of
   *     it before the first
   */
  record Rule(float rate, float decay, float scale, double growth) {

    /** The rule without decay by which the weight takes the same directions. */
    Rule withoutDecay() {
      double shrinking = 1 - (double) rate * decay;
      return new Rule(rate, 0, scale, 1 / (shrinking * shrinking));
    }
  }

  static DecayRun of(Rule rule, int count, long seed, DigitsData data) {
    Random random = new Random(seed);
    Dense first = new Dense(DigitsData.SIDE * DigitsData.SIDE, FEATURES, random);
    Sequential network =
        new Sequential(
            List.of(
                first,
                new Normalization(new BatchNorm(FEATURES)),
                new Relu(),
                new Dense(FEATURES, DigitsData.CLASSES, random)));
    Parameter weight = first.parameters().get(0);
    List<Parameter> others = network.parameters().stream().filter(p -> !p.equals(weight)).toList();
    float[] w = weight.value().array();
    scale(w, rule.scale);
    DecayRun run =
        new DecayRun(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    SoftmaxCrossEntropy criterion = new SoftmaxCrossEntropy();
    Sgd sgd = new Sgd(others, 0);
    int[] rows = data.trainingRows();
    int perEpoch = rows.length / BATCH;
    double rate = rule.rate * Math.sqrt(rule.growth);
    for (int step = 0; step < count; step++) {
      if (step % perEpoch == 0) {
        DigitsData.shuffle(rows, random);
      }
      int from = step % perEpoch * BATCH;
      int[] batch = Arrays.copyOfRange(rows, from, from + BATCH);
      network.zeroGrad();
      run.losses.add(criterion.loss(network.forward(data.images(batch)), data.labels(batch)));
      network.backward(criterion.gradient());
      float[] gradient = weight.gradient().array();
      double norm = Vectors.norm(w);
      run.norms.add(norm);
      run.gradients.add(Vectors.norm(gradient));
      run.steps.add(rate * Vectors.norm(gradient) / norm);
      float keep = 1 - rule.rate * rule.decay;
      for (int i = 0; i < w.length; i++) {
        w[i] = keep * w[i] - (float) rate * gradient[i];
      }
      rate *= rule.growth;
      sgd.step(rule.rate);
    }
    run.norms.add(Vectors.norm(w));
    return run;
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
