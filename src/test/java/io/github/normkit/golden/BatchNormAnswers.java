package io.github.normkit.golden;

import io.github.normkit.BatchNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import java.util.Map;

/**
 * The answers of BatchNorm to bad_inputs.csv.
 *
 * <p>PyTorch's BatchNorm1d to 3d are given as a layer with the ranks they take, its function with
 * separate arrays as a layer that loads them. Of what PyTorch lets pass, empty batches are taken;
 * refused are layers without channels, an infinite or negative ε and a momentum outside [0, 1].
 */
final class BatchNormAnswers {

  private static final String EPSILON = "BatchNorm: epsilon must be finite and positive: got ";
  private static final String MOMENTUM = "BatchNorm: momentum must lie in [0, 1]: got ";

  private static final String ONE_VALUE =
      "BatchNorm: batch statistics need more than one value per channel:"
          + " got 1 (batch 1 x spatial 1) of %s;"
          + " use eval mode with running statistics, a larger batch, or GroupNorm";

  private BatchNormAnswers() {}

  static void addTo(Map<String, Answer> answers) {
    construction(answers);
    inputs(answers);
    states(answers);
    backward(answers);
  }

  private static void construction(Map<String, Answer> answers) {
    for (String type : new String[] {"BatchNorm1d", "BatchNorm2d", "BatchNorm3d"}) {
      String row = "batch_norm: " + type + " channels=10 eps=";
      answers.put(row + "-1 train (ModuleInfo)", refusesEpsilon(-1));
      answers.put(row + "0 train (ModuleInfo)", refusesEpsilon(0));
    }
    answers.put("batch_norm: eps=-1e-5, F.batch_norm train", refusesEpsilon(-1e-5));
    answers.put("batch_norm: eps=NaN, train", refusesEpsilon(Double.NaN));
    answers.put("batch_norm: eps=Infinity, train", refusesEpsilon(Double.POSITIVE_INFINITY));
    answers.put("batch_norm: construct eps=-1e-5 (no forward)", refusesEpsilon(-1e-5));
    answers.put("batch_norm: construct momentum=-0.1", refusesMomentum(-0.1));
    answers.put("batch_norm: construct momentum=1.5", refusesMomentum(1.5));
    answers.put("batch_norm: momentum=NaN, train", refusesMomentum(Double.NaN));
    answers.put(
        "batch_norm: construct num_features=0",
        Answer.refusesToBuild(
            "BatchNorm: numFeatures must be at least 1: got 0", () -> new BatchNorm(0)));
    answers.put(
        "batch_norm: construct num_features=-3",
        Answer.refusesToBuild(
            "BatchNorm: numFeatures must be at least 1: got -3", () -> new BatchNorm(-3)));
  }

  private static Answer refusesEpsilon(double epsilon) {
    return Answer.refusesToBuild(
        EPSILON + epsilon, () -> BatchNorm.builder(10).epsilon(epsilon).build());
  }

  private static Answer refusesMomentum(double momentum) {
    return Answer.refusesToBuild(
        MOMENTUM + momentum, () -> BatchNorm.builder(4).momentum(momentum).build());
  }

  private static void inputs(Map<String, Answer> answers) {
    answers.put(
        "batch_norm: train, one value per channel",
        Answer.refusesInTraining(ONE_VALUE.formatted("[1, 4]"), new BatchNorm(4)));
    answers.put(
        "batch_norm: train, one value per channel, rank 4",
        Answer.refusesInTraining(ONE_VALUE.formatted("[1, 4, 1, 1]"), new BatchNorm(4)));
    answers.put(
        "batch_norm: BatchNorm1d train, one value per channel",
        Answer.refusesInTraining(ONE_VALUE.formatted("[1, 4]"), ranked(2, 3)));
    answers.put(
        "batch_norm: eval without tracked statistics, one value per channel",
        Answer.refusesInput(
            ONE_VALUE.formatted("[1, 4]"),
            BatchNorm.builder(4).trackRunningStatistics(false).build()));
    answers.put("batch_norm: eval, one value per channel (must work)", acceptsOneValueInEval());
    answers.put("batch_norm: train, empty batch", Answer.acceptsEmpty(new BatchNorm(4)));
    answers.put("batch_norm: train, empty batch, rank 4", Answer.acceptsEmpty(new BatchNorm(4)));
    answers.put(
        "batch_norm: 0 channels, train",
        Answer.refusesInput(
            "BatchNorm: the input must have the layer's channels at axis 1:"
                + " expected 4, got 0 of [2, 0, 3]",
            new BatchNorm(4)));
    answers.put(
        "batch_norm: channels mismatch: layer 5, input 4",
        Answer.refusesInput(
            "BatchNorm: the input must have the layer's channels at axis 1:"
                + " expected 5, got 4 of [2, 4, 3]",
            new BatchNorm(5)));
    answers.put(
        "batch_norm: BatchNorm2d given rank 3",
        Answer.refusesInput(
            "BatchNorm: the input must have an accepted rank:"
                + " expected rank [4], got rank 3 of [2, 4, 3]",
            ranked(4)));
    answers.put(
        "batch_norm: BatchNorm1d given rank 4",
        Answer.refusesInput(
            "BatchNorm: the input must have an accepted rank:"
                + " expected rank [2, 3], got rank 4 of [2, 4, 3, 3]",
            ranked(2, 3)));
    answers.put(
        "batch_norm: BatchNorm3d given rank 4",
        Answer.refusesInput(
            "BatchNorm: the input must have an accepted rank:"
                + " expected rank [5], got rank 4 of [2, 4, 3, 3]",
            ranked(5)));
    answers.put(
        "batch_norm: rank 1 input",
        Answer.refusesInput(
            "BatchNorm: the input must have at least 2 dimensions:"
                + " expected rank >= 2, got rank 1 of [4]",
            new BatchNorm(4)));
    answers.put(
        "batch_norm: scalar input",
        Answer.refusesInput(
            "BatchNorm: the input must have at least 2 dimensions:"
                + " expected rank >= 2, got rank 0 of []",
            new BatchNorm(4)));
    answers.put(
        "batch_norm: integer input",
        Answer.doesNotCompile(
            "new BatchNorm(4).forward(Tensor.of(Shape.of(2, 4, 3), new int[24]))", "int", "float"));
  }

  private static NormLayer ranked(int... ranks) {
    return BatchNorm.builder(4).rank(ranks).build();
  }

  private static Answer acceptsOneValueInEval() {
    NormLayer layer = BatchNorm.builder(4).epsilon(3).build();
    layer.eval();
    return Answer.accepts(layer, new float[] {1, 2, -3, 0}, 0.5f, 1, -1.5f, 0);
  }

  private static void states(Map<String, Answer> answers) {
    answers.put("batch_norm: weight of length 3 for 4 channels", refusesLength("weight", 3));
    answers.put("batch_norm: bias of length 5 for 4 channels", refusesLength("bias", 5));
    answers.put(
        "batch_norm: running_mean of length 3 for 4 channels", refusesLength("running_mean", 3));
    answers.put(
        "batch_norm: running_var of length 3 for 4 channels", refusesLength("running_var", 3));
    answers.put(
        "batch_norm: running_mean without running_var, train",
        Answer.refusesStateWithout(
            "BatchNorm: state must have the names of the layer:"
                + " missing [running_var], unknown []",
            new BatchNorm(4),
            "running_var"));
    answers.put("batch_norm: negative running_var, eval", refusesVariance(-1));
    answers.put("batch_norm: NaN running_var, eval", refusesVariance(Float.NaN));
    float[] y = new float[24];
    answers.put(
        "batch_norm: eval without running statistics",
        Answer.refusesNull(
            "mean",
            y,
            () ->
                ChannelNorm.normalize(
                    ChannelView.batchNorm(2, 4, 3, false),
                    new float[24],
                    0,
                    y,
                    0,
                    Affine.NONE,
                    1e-5,
                    null,
                    null,
                    null)));
  }

  private static Answer refusesLength(String name, int length) {
    return Answer.refusesState(
        "BatchNorm: " + name + " must have the layer's shape: expected [4], got [" + length + "]",
        new BatchNorm(4),
        name,
        Tensor.ones(Shape.of(length)));
  }

  private static Answer refusesVariance(float value) {
    return Answer.refusesState(
        "BatchNorm: running_var must lie in [0.0, Infinity]: got " + value + " at index 0",
        new BatchNorm(4),
        "running_var",
        Tensor.of(Shape.of(4), value, 1, 1, 1));
  }

  private static void backward(Map<String, Answer> answers) {
    answers.put(
        "batch_norm: backward with grad_output of another shape (2,4,2)",
        Answer.refusesGradient(
            "BatchNorm: dy must have the input's shape: expected [2, 4, 3], got [2, 4, 2]",
            new BatchNorm(4),
            Shape.of(2, 4, 2)));
    answers.put(
        "batch_norm: backward before any forward",
        Answer.refusesBackwardFirst(
            "BatchNorm: backward must follow a forward: got none before",
            new BatchNorm(4),
            Shape.of(2, 4, 3)));
  }
}
