package io.github.normkit.experiments.pitfalls;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.experiments.Experiment;
import io.github.normkit.experiments.Findings;
import io.github.normkit.experiments.Progress;
import io.github.normkit.report.Table;
import java.math.BigDecimal;
import java.util.Random;

/** Weights before BatchNorm, whose length has no effect, with weight decay. */
final class WeightDecay implements Experiment {

  private static final int INPUTS = 16;
  private static final int BATCH = 32;
  private static final int STEPS = 3000;
  private static final int LAST = 1000;
  private static final double RATE = 0.1;
  private static final double[] DECAYS = {0, 0.001, 0.01, 0.1, 1};

  @Override
  public String name() {
    return "weight-decay";
  }

  @Override
  public String claim() {
    return "Decay of weights before BatchNorm leaves the function they make as it is: it sets their"
        + " length, and by it how far a step turns them.";
  }

  @Override
  public Findings run(Progress progress) {
    Table table =
        new Table(6)
            .row("decay λ", "length of w", "η / |w|²", "angle of\na step", "√(2 η λ)", "loss");
    for (double decay : DECAYS) {
      table.row(row(decay));
    }
    return new Findings()
        .table(table)
        .note(
            "A neuron of %d inputs with BatchNorm after it learns another such neuron from noisy"
                + " answers, with η = %.1f.\nMeans over the last %d of %d steps; the angles are in"
                + " degrees; the noise alone makes a loss of 0.5.",
            INPUTS, RATE, LAST, STEPS);
  }

  private static String[] row(double decay) {
    Random random = new Random(1);
    float[] teacher = Samples.normal(random, 0, 1, INPUTS).array();
    float[] w = Samples.normal(random, 0, 1, INPUTS).array();
    BatchNorm norm = BatchNorm.builder(1).affine(false).build();
    double[] sums = new double[4];
    for (int step = 0; step < STEPS; step++) {
      Tensor x = Samples.normal(random, 0, 1, BATCH, INPUTS);
      Tensor target = norm.forward(product(x, teacher));
      Tensor y = norm.forward(product(x, w));
      Tensor dy = Tensor.zeros(y.shape());
      double loss = 0;
      for (int i = 0; i < BATCH; i++) {
        double error = y.array()[i] - (target.array()[i] + random.nextGaussian());
        loss += error * error / 2 / BATCH;
        dy.array()[i] = (float) (error / BATCH);
      }
      float[] before = w.clone();
      descend(w, x, norm.backward(dy), decay);
      if (step >= STEPS - LAST) {
        double square = dot(w, w);
        double cosine = dot(before, w) / Math.sqrt(dot(before, before) * square);
        sums[0] += Math.sqrt(square);
        sums[1] += RATE / square;
        sums[2] += StrictMath.toDegrees(StrictMath.acos(Math.min(1, cosine)));
        sums[3] += loss;
      }
    }
    return Texts.row(
        "%s %.3f %.3f %.2f %.2f %.3f",
        decay == 0 ? "0" : BigDecimal.valueOf(decay).stripTrailingZeros().toPlainString(),
        sums[0] / LAST,
        sums[1] / LAST,
        sums[2] / LAST,
        StrictMath.toDegrees(Math.sqrt(2 * RATE * decay)),
        sums[3] / LAST);
  }

  private static Tensor product(Tensor x, float... w) {
    Tensor z = Tensor.zeros(Shape.of(BATCH, 1));
    for (int i = 0; i < BATCH; i++) {
      z.array()[i] = (float) dot(x.slice(i, i + 1).toArray(), w);
    }
    return z;
  }

  private static void descend(float[] w, Tensor x, Tensor dz, double decay) {
    for (int j = 0; j < INPUTS; j++) {
      double gradient = decay * w[j];
      for (int i = 0; i < BATCH; i++) {
        gradient += (double) dz.array()[i] * x.array()[i * INPUTS + j];
      }
      w[j] -= (float) (RATE * gradient);
    }
  }

  private static double dot(float[] a, float... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
