package io.github.normkit.golden;

import io.github.normkit.GroupNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;

/**
 * The answers of GroupNorm to bad_inputs.csv.
 *
 * <p>Of what PyTorch lets pass, groups of one value are taken, whose output is the bias, but as in
 * PyTorch not in a batch of one; refused are layers without channels.
 */
final class GroupNormAnswers {

  private GroupNormAnswers() {}

  static void addTo(Map<String, Answer> answers) {
    construction(answers);
    inputs(answers);
    states(answers);
  }

  private static void construction(Map<String, Answer> answers) {
    answers.put("group_norm: eps=-100", refusesEpsilon(-100));
    answers.put("group_norm: eps=NaN", refusesEpsilon(Double.NaN));
    answers.put("group_norm: num_groups=2 (OpInfo)", indivisible(2, 7));
    answers.put(
        "group_norm: construct num_groups=3 num_channels=10 (ModuleInfo)", indivisible(3, 10));
    answers.put(
        "group_norm: construct num_groups=5 num_channels=13 (ModuleInfo)", indivisible(5, 13));
    answers.put("group_norm: num_groups=4", indivisible(4, 6));
    answers.put("group_norm: num_groups=12 (more than channels)", indivisible(12, 6));
    answers.put("group_norm: num_groups=0", tooSmall(0, 6, "groups", 0));
    answers.put("group_norm: num_groups=-2", tooSmall(-2, 6, "groups", -2));
    answers.put("group_norm: construct num_groups=0 num_channels=6", tooSmall(0, 6, "groups", 0));
    answers.put("group_norm: construct num_groups=2 num_channels=0", tooSmall(2, 0, "channels", 0));
    answers.put(
        "group_norm: construct num_groups=2 num_channels=-4", tooSmall(2, -4, "channels", -4));
  }

  private static Answer refusesEpsilon(double epsilon) {
    return Answer.refusesToBuild(
        "GroupNorm: epsilon must be finite and positive: got " + epsilon,
        () -> GroupNorm.builder(2, 6).epsilon(epsilon).build());
  }

  private static Answer indivisible(int groups, int channels) {
    return Answer.refusesToBuild(
        "GroupNorm: channels must be divisible by groups: got channels="
            + channels
            + ", groups="
            + groups,
        () -> new GroupNorm(groups, channels));
  }

  private static Answer tooSmall(int groups, int channels, String what, int got) {
    return Answer.refusesToBuild(
        "GroupNorm: " + what + " must be at least 1: got " + got,
        () -> new GroupNorm(groups, channels));
  }

  private static void inputs(Map<String, Answer> answers) {
    answers.put(
        "group_norm: num_groups=1 (OpInfo)",
        Answer.refusesInput(
            "GroupNorm: the input must have at least 2 dimensions:"
                + " expected rank >= 2, got rank 1 of [1]",
            new GroupNorm(1, 1)));
    answers.put(
        "group_norm: layer with 6 channels given 4",
        Answer.refusesInput(
            "GroupNorm: the input must have the layer's channels at axis 1:"
                + " expected 6, got 4 of [2, 4, 3]",
            new GroupNorm(2, 6)));
    answers.put(
        "group_norm: one value per group, batch 1",
        Answer.refusesInput(
            "GroupNorm: a single sample's groups must hold more than one value, or its output is"
                + " the bias alone: got 3 values in 3 groups of [1, 3]",
            new GroupNorm(3, 3)));
    answers.put("group_norm: one value per group, batch 2", acceptsOneValue());
    answers.put(
        "group_norm: 0 channels",
        Answer.refusesInput(
            "GroupNorm: the input must have the layer's channels at axis 1:"
                + " expected 6, got 0 of [2, 0, 3]",
            new GroupNorm(2, 6)));
    answers.put("group_norm: empty batch (must work)", Answer.acceptsEmpty(new GroupNorm(2, 6)));
    answers.put("group_norm: empty spatial dimension", Answer.acceptsEmpty(new GroupNorm(2, 6)));
    answers.put(
        "group_norm: integer input",
        Answer.doesNotCompile(
            "new GroupNorm(2, 6).forward(Tensor.of(Shape.of(2, 6, 3), new int[36]))",
            "int",
            "float"));
  }

  private static Answer acceptsOneValue() {
    GroupNorm layer = new GroupNorm(3, 3);
    layer.loadState(
        Map.of("weight", Tensor.full(Shape.of(3), 5), "bias", Tensor.of(Shape.of(3), 1, -2, 3)));
    return Answer.accepts(layer, new float[] {4, 7, -2, 0.1f, 1e6f, 3}, 1, -2, 3, 1, -2, 3);
  }

  private static void states(Map<String, Answer> answers) {
    answers.put("group_norm: weight of length 4 for 6 channels", refusesLength("weight", 4));
    answers.put(
        "group_norm: weight per group (2) instead of per channel (6)", refusesLength("weight", 2));
    answers.put("group_norm: bias of length 4 for 6 channels", refusesLength("bias", 4));
  }

  private static Answer refusesLength(String name, int length) {
    return Answer.refusesState(
        "GroupNorm: " + name + " must have the layer's shape: expected [6], got [" + length + "]",
        new GroupNorm(2, 6),
        name,
        Tensor.ones(Shape.of(length)));
  }
}
