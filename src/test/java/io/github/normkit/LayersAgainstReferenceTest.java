package io.github.normkit;

import static io.github.normkit.NaturalTolerance.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.reference.Gradients;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The float layers against the float64 reference, on random shapes with random options. */
class LayersAgainstReferenceTest {

  private static final int TRIALS = 60;
  private static final int LARGE_TRIALS = 12;

  /** Large enough that a layer splits its work. */
  private static final int LARGE = 70_000;

  private static final int STEPS = 4;

  static Stream<Trial> trials() {
    return Trials.ofEachLayer(TRIALS, 0);
  }

  static Stream<Trial> largeTrials() {
    return Trials.ofEachLayer(LARGE_TRIALS, LARGE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void stepsOfTrainingAndEvaluationMatch(Trial trial) {
    NormLayer layer = trial.layer(null);
    Oracle oracle = trial.oracle(layer);
    RandomGenerator random = trial.random();
    for (int step = 0; step < STEPS; step++) {
      boolean training = random.nextInt(3) > 0;
      setMode(layer, training);
      Tensor x = Trial.input(random, trial.shape(random, oracle, training));
      assertStepMatches("step " + step, layer, oracle, x, Trial.gradient(random, x.shape()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeTrials")
  void stepsOnLargeInputsMatch(Trial trial) {
    NormLayer layer = trial.layer(null);
    Oracle oracle = trial.oracle(layer);
    RandomGenerator random = trial.random();
    Tensor x = Trial.input(random, trial.shape(random, oracle, true));
    assertStepMatches("step", layer, oracle, x, Trial.gradient(random, x.shape()));
  }

  private static void setMode(NormLayer layer, boolean training) {
    if (training) {
      layer.train();
    } else {
      layer.eval();
    }
  }

  private static void assertStepMatches(
      String step, NormLayer layer, Oracle oracle, Tensor x, Tensor dy) {
    Tensor y = layer.forward(x);
    double[] expectedY = oracle.forward(x.shape(), Trial.wide(x), layer.isTraining());
    assertClose(step + ": y", y, expectedY, oracle.yScale());
    assertThat(y.shape()).isEqualTo(x.shape());
    assertRunningStatistics(step, layer, oracle);

    layer.zeroGrad();
    Tensor dx = layer.backward(dy);
    Gradients expected = oracle.backward(Trial.wide(dy));
    assertThat(dx.shape()).isEqualTo(x.shape());
    assertClose(step + ": dx", dx, expected.dx(), oracle.dxScale(Trial.wide(dy)));
    assertParameterGradients(step, layer, oracle, Trial.wide(dy), expected);
  }

  private static void assertParameterGradients(
      String step, NormLayer layer, Oracle oracle, double[] dy, Gradients expected) {
    for (Parameter parameter : layer.parameters()) {
      int length = parameter.value().shape().size();
      if (parameter.name().equals("weight")) {
        double scale = oracle.dWeightScale(dy, length);
        assertClose(step + ": dWeight", parameter.gradient(), expected.dWeight(), scale);
      } else {
        double scale = oracle.dBiasScale(dy, length);
        assertClose(step + ": dBias", parameter.gradient(), expected.dBias(), scale);
      }
    }
  }

  /** All names of the state are accounted for, and each statistic has its value. */
  private static void assertRunningStatistics(String step, NormLayer layer, Oracle oracle) {
    Map<String, Tensor> state = layer.state();
    Set<String> names = new LinkedHashSet<>();
    layer.parameters().forEach(parameter -> names.add(parameter.name()));
    oracle
        .runningStatistics()
        .forEach(
            (name, expected) -> {
              names.add(name);
              assertThat(state).containsKey(name);
              double scale = name.equals("running_mean") ? oracle.runningMeanScale() : 0;
              assertClose(step + ": " + name, state.get(name), expected, scale);
            });
    if (!oracle.runningStatistics().isEmpty()) {
      names.add("running_residual");
    }
    assertThat(state.keySet()).containsExactlyElementsOf(names);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void inferMatchesAndChangesNothing(Trial trial) {
    NormLayer layer = trial.layer(null);
    Oracle oracle = trial.oracle(layer);
    RandomGenerator random = trial.random();
    Tensor x = Trial.input(random, trial.shape(random, oracle, true));
    layer.forward(x);
    oracle.forward(x.shape(), Trial.wide(x), true);
    Map<String, Tensor> before = layer.state();

    Tensor other = Trial.input(random, trial.shape(random, oracle, false));
    Tensor y = layer.infer(other);

    double[] wide = Trial.wide(other);
    double inferScale = oracle.inferScale(other.shape(), wide);
    assertClose("y", y, oracle.infer(other.shape(), wide), inferScale);
    Guarded view = Guarded.copyOf(other, random);
    assertThat(layer.infer(view.tensor(), view.tensor())).isSameAs(view.tensor());
    assertSameBits("in place", view.tensor(), y);
    view.assertGuardsIntact();
    Guarded out = Guarded.zeros(other.shape(), random);
    assertThat(layer.infer(other, out.tensor())).isSameAs(out.tensor());
    assertSameBits("into a view", out.tensor(), y);
    out.assertGuardsIntact();

    assertSameBits("state", layer.state(), before);
    assertThat(layer.isTraining()).isTrue();
    Tensor dy = Trial.gradient(random, x.shape());
    Gradients expected = oracle.backward(Trial.wide(dy));
    double scale = oracle.dxScale(Trial.wide(dy));
    assertClose("dx of the forward before", layer.backward(dy), expected.dx(), scale);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void givenTensorsAndViewsReceiveTheSameBits(Trial trial) {
    NormLayer plain = trial.layer(null);
    NormLayer layer = trial.layer(null);
    Oracle oracle = trial.oracle(layer);
    RandomGenerator random = trial.random();
    Tensor x = Trial.input(random, trial.shape(random, oracle, true));
    Tensor dy = Trial.gradient(random, x.shape());
    final Tensor y = plain.forward(x);
    final Tensor dx = plain.backward(dy);

    Guarded xView = Guarded.copyOf(x, random);
    Guarded yView = Guarded.zeros(x.shape(), random);
    assertThat(layer.forward(xView.tensor(), yView.tensor())).isSameAs(yView.tensor());
    assertSameBits("y", yView.tensor(), y);
    assertSameBits("x", xView.tensor(), x);
    yView.assertGuardsIntact();

    Guarded dyView = Guarded.copyOf(dy, random);
    Guarded dxView = Guarded.zeros(x.shape(), random);
    assertThat(layer.backward(dyView.tensor(), dxView.tensor())).isSameAs(dxView.tensor());
    assertSameBits("dx", dxView.tensor(), dx);
    assertSameBits("dy", dyView.tensor(), dy);
    dxView.assertGuardsIntact();
    assertSameBits("gradients", gradients(layer), gradients(plain));

    layer.zeroGrad();
    assertThat(layer.backward(dyView.tensor(), dyView.tensor())).isSameAs(dyView.tensor());
    assertSameBits("dx over dy", dyView.tensor(), dx);
    dyView.assertGuardsIntact();
    xView.assertGuardsIntact();
    assertSameBits("gradients", gradients(layer), gradients(plain));
    assertSameBits("state", layer.state(), plain.state());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void gradientsAddUpUntilTheyAreZeroed(Trial trial) {
    NormLayer layer = trial.layer(null);
    Oracle oracle = trial.oracle(layer);
    RandomGenerator random = trial.random();
    Tensor x = Trial.input(random, trial.shape(random, oracle, true));
    double[] first = Trial.wide(Trial.gradient(random, x.shape()));
    double[] second = Trial.wide(Trial.gradient(random, x.shape()));
    double[] sum = new double[first.length];
    double[] terms = new double[first.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = first[i] + second[i];
      terms[i] = Math.abs(first[i]) + Math.abs(second[i]);
    }

    layer.forward(x);
    layer.backward(narrow(first, x.shape()));
    layer.backward(narrow(second, x.shape()));

    oracle.forward(x.shape(), Trial.wide(x), true);
    assertParameterGradients("sum", layer, oracle, terms, oracle.backward(sum));
    layer.zeroGrad();
    for (Parameter parameter : layer.parameters()) {
      assertSameBits(
          parameter.name(), parameter.gradient(), Tensor.zeros(parameter.value().shape()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeTrials")
  void poolsGiveTheSameBits(Trial trial) {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      NormLayer alone = trial.layer(null);
      NormLayer parallel = trial.layer(pool);
      Oracle oracle = trial.oracle(alone);
      RandomGenerator random = trial.random();
      Tensor x = Trial.input(random, trial.shape(random, oracle, true));
      Tensor dy = Trial.gradient(random, x.shape());

      assertSameBits("y", parallel.forward(x), alone.forward(x));
      assertSameBits("dx", parallel.backward(dy), alone.backward(dy));
      assertSameBits("gradients", gradients(parallel), gradients(alone));
      assertSameBits("state", parallel.state(), alone.state());
      assertSameBits("inferred", parallel.infer(x), alone.infer(x));
      parallel.eval();
      alone.eval();
      assertSameBits("y in evaluation", parallel.forward(x), alone.forward(x));
      assertSameBits("dx in evaluation", parallel.backward(dy), alone.backward(dy));
      assertSameBits("gradients in evaluation", gradients(parallel), gradients(alone));
    } finally {
      pool.shutdown();
    }
  }

  private static Map<String, Tensor> gradients(NormLayer layer) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    layer.parameters().forEach(p -> gradients.put(p.name(), p.gradient()));
    return gradients;
  }

  private static Tensor narrow(double[] values, Shape shape) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return Tensor.wrap(narrow, shape);
  }

  /** A tensor inside a larger array, whose other elements must survive. */
  private record Guarded(Tensor tensor) {

    private static final float GUARD = -12345.678f;

    static Guarded zeros(Shape shape, RandomGenerator random) {
      return copyOf(Tensor.zeros(shape), random);
    }

    static Guarded copyOf(Tensor values, RandomGenerator random) {
      int before = random.nextInt(1, 20);
      int length = values.shape().size();
      float[] array = new float[before + length + random.nextInt(1, 20)];
      Arrays.fill(array, GUARD);
      System.arraycopy(values.array(), values.offset(), array, before, length);
      return new Guarded(Tensor.wrap(array, before, values.shape()));
    }

    void assertGuardsIntact() {
      float[] array = tensor.array();
      for (int i = 0; i < array.length; i++) {
        boolean inside = i >= tensor.offset() && i < tensor.offset() + tensor.shape().size();
        assertThat(inside || array[i] == GUARD).as("element %d beside the view", i).isTrue();
      }
    }
  }
}
