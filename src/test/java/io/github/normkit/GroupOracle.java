package io.github.normkit;

import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.GroupNormReference;
import io.github.normkit.reference.Normalized;

/** GroupNorm. */
final class GroupOracle extends ImageOracle {

  private final int groups;

  GroupOracle(int groups, int channels, Layout layout, double epsilon) {
    super(channels, layout, epsilon);
    this.groups = groups;
  }

  @Override
  Normalized normalize(Shape shape, double[] x, double[] weight, double[] bias, boolean training) {
    return GroupNormReference.forward(
        x, samples(shape), channels, places(shape), layout, groups, weight, bias, epsilon());
  }

  @Override
  Gradients gradients(Shape shape, double[] x, double[] dy, double[] weight) {
    return GroupNormReference.backward(
        x, dy, samples(shape), channels, places(shape), layout, groups, weight, epsilon());
  }
}
