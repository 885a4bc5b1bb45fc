package io.github.normkit.golden;

import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs the layer of a golden case through its steps and sets what it gave beside the answers. */
final class GoldenRun {

  private final GoldenCase golden;
  private final NormLayer layer;
  private final List<Comparison> comparisons = new ArrayList<>();

  private GoldenRun(GoldenCase golden) {
    this.golden = golden;
    this.layer = GoldenLayers.of(golden);
  }

  static List<Comparison> of(GoldenCase golden) {
    GoldenRun run = new GoldenRun(golden);
    golden.steps().forEach(run::step);
    return run.comparisons;
  }

  static void setMode(NormLayer layer, boolean training) {
    if (training) {
      layer.train();
    } else {
      layer.eval();
    }
  }

  private void step(GoldenCase.Step step) {
    setMode(layer, step.training());
    Tensor x = golden.input(step);
    compareTensor("output", step, layer.forward(x));
    golden
        .gradOutput(step)
        .ifPresent(
            dy -> {
              layer.zeroGrad();
              compareTensor("grad_input", step, layer.backward(dy));
              for (Parameter parameter : layer.parameters()) {
                compareTensor("grad_" + parameter.name(), step, parameter.gradient());
              }
            });
    layer
        .state()
        .forEach(
            (name, tensor) -> {
              if (golden.has("expected." + name + step.suffix())) {
                compareTensor(name, step, tensor);
              }
            });
    if (golden.has("expected.save_invstd" + step.suffix())) {
      compareStatistics(step, SavedStatistics.of(golden, x));
    }
  }

  private void compareStatistics(GoldenCase.Step step, SavedStatistics statistics) {
    compare("save_invstd", step, statistics.rstd());
    if (golden.has("expected.save_mean" + step.suffix())) {
      compare("save_mean", step, statistics.mean());
    }
  }

  private void compareTensor(String tensor, GoldenCase.Step step, Tensor got) {
    compare(tensor, step, doubles(got));
  }

  private void compare(String tensor, GoldenCase.Step step, double[] got) {
    String name = tensor + step.suffix();
    boolean sampled = golden.has("expected." + name + ".sample");
    String member = sampled ? name + ".sample" : name;
    NpyArray expected = golden.member("expected." + member);
    NpyArray exact = golden.has("exact." + member) ? golden.member("exact." + member) : expected;
    String atol = golden.find("atol." + tensor).orElseGet(() -> golden.get("atol"));
    comparisons.add(
        new Comparison(
            golden,
            tensor,
            member,
            expected.shape(),
            sampled ? sample(got) : got,
            expected.values(),
            exact.values(),
            golden.number("rtol"),
            Double.parseDouble(atol)));
  }

  private double[] sample(double[] values) {
    return Arrays.stream(golden.member("sample_index").values())
        .map(index -> values[(int) index])
        .toArray();
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.array()[tensor.offset() + i];
    }
    return values;
  }
}
