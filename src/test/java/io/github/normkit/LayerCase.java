package io.github.normkit;

import io.github.normkit.reference.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A layer, its oracle, and a shape that both take. Layers that can have running statistics do.
 *
 * @param sets the index of the set, the elements that share statistics, of an element
 */
record LayerCase(
    String name,
    Shape shape,
    NormBuilder<?> builder,
    Supplier<Oracle> oracles,
    IntUnaryOperator sets) {

  private static final RunningOptions RUNNING = new RunningOptions(true, false, false, 0.1, true);

  static LayerCase layerNorm(int rows, int cols, double epsilon) {
    return new LayerCase(
        "LayerNorm",
        Shape.of(rows, cols),
        LayerNorm.builder(cols).epsilon(epsilon),
        () -> new RowOracle(true, cols, epsilon),
        i -> i / cols);
  }

  static LayerCase rmsNorm(int rows, int cols, double epsilon) {
    return new LayerCase(
        "RMSNorm",
        Shape.of(rows, cols),
        RMSNorm.builder(cols).bias(true).epsilon(epsilon),
        () -> new RowOracle(false, cols, epsilon),
        i -> i / cols);
  }

  static LayerCase batchNorm(Layout layout, int n, int channels, int places, double epsilon) {
    return new LayerCase(
        "BatchNorm " + layout,
        shape(layout, n, channels, places),
        BatchNorm.builder(channels).epsilon(epsilon).layout(layout),
        () -> new RunningOracle(false, channels, layout, epsilon, RUNNING),
        i -> channel(layout, channels, places, i));
  }

  static LayerCase groupNorm(
      Layout layout, int n, int groups, int channels, int places, double epsilon) {
    return new LayerCase(
        "GroupNorm(" + groups + ") " + layout,
        shape(layout, n, channels, places),
        GroupNorm.builder(groups, channels).epsilon(epsilon).layout(layout),
        () -> new GroupOracle(groups, channels, layout, epsilon),
        i ->
            i / (channels * places) * groups
                + channel(layout, channels, places, i) / (channels / groups));
  }

  static LayerCase instanceNorm(Layout layout, int n, int channels, int places, double epsilon) {
    return new LayerCase(
        "InstanceNorm " + layout,
        shape(layout, n, channels, places),
        InstanceNorm.builder(channels)
            .affine(true)
            .trackRunningStatistics(true)
            .epsilon(epsilon)
            .layout(layout),
        () -> new RunningOracle(true, channels, layout, epsilon, RUNNING),
        i -> i / (channels * places) * channels + channel(layout, channels, places, i));
  }

  /** Every layer, in both layouts, with sets of n elements; n is even if it is more than 1. */
  static List<LayerCase> withSetsOf(int n, double epsilon) {
    List<LayerCase> cases = new ArrayList<>();
    cases.add(layerNorm(2, n, epsilon));
    cases.add(rmsNorm(2, n, epsilon));
    for (Layout layout : Layout.values()) {
      if (n > 1) {
        cases.add(batchNorm(layout, 2, 3, n / 2, epsilon));
        cases.add(groupNorm(layout, 2, 2, 4, n / 2, epsilon));
        cases.add(instanceNorm(layout, 2, 3, n, epsilon));
      } else {
        cases.add(groupNorm(layout, 2, 3, 3, 1, epsilon));
      }
    }
    return cases;
  }

  private static Shape shape(Layout layout, int n, int channels, int places) {
    return layout == Layout.CHANNELS_FIRST
        ? Shape.of(n, channels, places)
        : Shape.of(n, places, channels);
  }

  private static int channel(Layout layout, int channels, int places, int i) {
    return layout == Layout.CHANNELS_FIRST ? i / places % channels : i % channels;
  }

  /** A new layer with random weight and bias. */
  NormLayer layer(RandomGenerator random) {
    NormLayer layer = builder.build();
    for (Parameter parameter : layer.parameters()) {
      float[] values = parameter.value().array();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
    }
    return layer;
  }

  /** A tensor of the shape, about 0 with a deviation of 1. */
  Tensor gaussians(RandomGenerator random) {
    return Trial.gradient(random, shape);
  }

  /** Whether the layer takes off the mean, so that adding a number to its input changes nothing. */
  boolean centred() {
    return !name.equals("RMSNorm");
  }

  /** The indices of the elements of each set, in order. */
  List<List<Integer>> elementsOfSets() {
    List<List<Integer>> elements = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      int set = sets.applyAsInt(i);
      while (elements.size() <= set) {
        elements.add(new ArrayList<>());
      }
      elements.get(set).add(i);
    }
    return elements;
  }

  /** Forward, running statistics and backward of a new layer are those of the reference. */
  void assertRight(String what, NormLayer layer, Tensor x, Tensor dy) {
    assertRight(what, layer, x, 0, dy);
  }

  /**
   * The same with the reference given {@code x - mean}, which a layer that takes off the mean does
   * not see, so that a large mean costs the reference no digits. The difference must be exact.
   */
  void assertRight(String what, NormLayer layer, Tensor x, double mean, Tensor dy) {
    Oracle oracle = oracles.get();
    oracle.take(layer.parameters(), false);
    double[] wide = Trial.wide(x);
    for (int i = 0; i < wide.length; i++) {
      wide[i] -= mean;
    }
    double[] y = oracle.forward(shape, wide, true);
    NaturalTolerance.assertClose(what + "y", layer.forward(x), y, oracle.yScale());
    if (mean == 0) {
      assertRunningStatistics(what, layer, oracle);
    }
    assertBackward(what, layer, oracle, dy);
  }

  private static void assertRunningStatistics(String what, NormLayer layer, Oracle oracle) {
    Map<String, Tensor> state = layer.state();
    oracle
        .runningStatistics()
        .forEach(
            (name, expected) ->
                NaturalTolerance.assertClose(
                    what + name,
                    state.get(name),
                    expected,
                    name.equals("running_mean") ? oracle.runningMeanScale() : 0));
  }

  private static void assertBackward(String what, NormLayer layer, Oracle oracle, Tensor dy) {
    double[] wideDy = Trial.wide(dy);
    Gradients expected = oracle.backward(wideDy);
    layer.zeroGrad();
    Tensor dx = layer.backward(dy);
    NaturalTolerance.assertClose(what + "dx", dx, expected.dx(), oracle.dxScale(wideDy));
    for (Parameter parameter : layer.parameters()) {
      int n = parameter.value().shape().size();
      boolean weight = parameter.name().equals("weight");
      NaturalTolerance.assertClose(
          what + parameter.name() + " gradient",
          parameter.gradient(),
          weight ? expected.dWeight() : expected.dBias(),
          weight ? oracle.dWeightScale(wideDy, n) : oracle.dBiasScale(wideDy, n));
    }
  }

  @Override
  public String toString() {
    return name + shape;
  }
}
