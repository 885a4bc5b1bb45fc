package io.github.normkit.golden;

import io.github.normkit.InstanceNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;

/**
 * The answers of InstanceNorm to bad_inputs.csv.
 *
 * <p>The layer has no unbatched input, so that InstanceNorm2d is one of rank 4. Of what PyTorch
 * lets pass, samples without places are taken; refused are layers without channels and, with or
 * without parameters, inputs of another number of channels.
 */
final class InstanceNormAnswers {

  private InstanceNormAnswers() {}

  static void addTo(Map<String, Answer> answers) {
    answers.put("instance_norm: eps=-100", refusesEpsilon(-100));
    answers.put("instance_norm: eps=NaN", refusesEpsilon(Double.NaN));
    answers.put(
        "instance_norm: construct num_features=0",
        Answer.refusesToBuild(
            "InstanceNorm: channels must be at least 1: got 0", () -> new InstanceNorm(0)));
    answers.put(
        "instance_norm: train, 1 spatial element",
        Answer.refusesInput(
            "InstanceNorm: statistics of an instance need more than one spatial element:"
                + " got 1 of [2, 4, 1];"
                + " use eval mode with running statistics, or LayerNorm",
            new InstanceNorm(4)));
    answers.put(
        "instance_norm: train, 1x1 spatial",
        Answer.refusesInput(
            "InstanceNorm: statistics of an instance need more than one spatial element:"
                + " got 1 of [2, 4, 1, 1];"
                + " use eval mode with running statistics, or LayerNorm",
            new InstanceNorm(4)));
    answers.put(
        "instance_norm: train, empty spatial dimension", Answer.acceptsEmpty(new InstanceNorm(4)));
    answers.put(
        "instance_norm: eval with running statistics, 1 spatial element (must work)",
        acceptsOnePlaceInEval());
    answers.put(
        "instance_norm: use_input_stats=False without running statistics",
        Answer.refusesStateWithout(
            "InstanceNorm: state must have the names of the layer:"
                + " missing [running_mean, running_var], unknown []",
            tracking(),
            "running_mean",
            "running_var"));
    answers.put(
        "instance_norm: rank 2 input to the function",
        Answer.refusesInput(
            "InstanceNorm: the input must have at least 3 dimensions:"
                + " expected rank >= 3, got rank 2 of [2, 4]",
            new InstanceNorm(4)));
    answers.put(
        "instance_norm: InstanceNorm2d given rank 2",
        Answer.refusesInput(
            "InstanceNorm: the input must have an accepted rank:"
                + " expected rank [4], got rank 2 of [4, 3]",
            InstanceNorm.builder(4).rank(4).build()));
    answers.put(
        "instance_norm: InstanceNorm2d given rank 5",
        Answer.refusesInput(
            "InstanceNorm: the input must have an accepted rank:"
                + " expected rank [4], got rank 5 of [2, 4, 3, 3, 3]",
            InstanceNorm.builder(4).rank(4).build()));
    answers.put(
        "instance_norm: InstanceNorm1d(5, affine) given 4 channels",
        Answer.refusesInput(
            "InstanceNorm: the input must have the layer's channels at axis 1:"
                + " expected 5, got 4 of [2, 4, 3]",
            InstanceNorm.builder(5).affine(true).build()));
    answers.put(
        "instance_norm: InstanceNorm1d(5, no affine) given 4 channels",
        Answer.refusesInput(
            "InstanceNorm: the input must have the layer's channels at axis 1:"
                + " expected 5, got 4 of [2, 4, 3]",
            new InstanceNorm(5)));
    answers.put("instance_norm: weight of length 3 for 4 channels", refusesLength("weight", 3));
    answers.put("instance_norm: bias of length 5 for 4 channels", refusesLength("bias", 5));
    answers.put(
        "instance_norm: running_mean of length 3 for 4 channels", refusesLength("running_mean", 3));
    answers.put(
        "instance_norm: integer input",
        Answer.doesNotCompile(
            "new InstanceNorm(4).forward(Tensor.of(Shape.of(2, 4, 3), new int[24]))",
            "int",
            "float"));
  }

  private static NormLayer tracking() {
    return InstanceNorm.builder(4).affine(true).trackRunningStatistics(true).build();
  }

  private static Answer refusesEpsilon(double epsilon) {
    return Answer.refusesToBuild(
        "InstanceNorm: epsilon must be finite and positive: got " + epsilon,
        () -> InstanceNorm.builder(4).epsilon(epsilon).build());
  }

  private static Answer acceptsOnePlaceInEval() {
    NormLayer layer = InstanceNorm.builder(4).trackRunningStatistics(true).epsilon(3).build();
    layer.eval();
    return Answer.accepts(
        layer, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4);
  }

  private static Answer refusesLength(String name, int length) {
    return Answer.refusesState(
        "InstanceNorm: "
            + name
            + " must have the layer's shape: expected [4], got ["
            + length
            + "]",
        tracking(),
        name,
        Tensor.ones(Shape.of(length)));
  }
}
