package io.github.normkit.residual;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.RMSNorm;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.reference.LayerNormReference;
import io.github.normkit.reference.RMSNormReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block gives what its formula gives in double, and its gradients, of the input and of every
 * parameter, are those of central differences of the formula.
 */
class BlocksTest {

  private static final int ROWS = 4;
  private static final int COLS = 9;
  private static final Shape SHAPE = Shape.of(2, 2, COLS);

  /** Some twenty roundings in float, of terms that cancel little. */
  private static final double CLOSE = 4e-6;

  /** A block, and its formula on an input and the values of its parameters by name. */
  private record Case(
      String name, Sublayer block, BiFunction<double[], Map<String, double[]>, double[]> formula) {

    @Override
    public String toString() {
      return name + ", seed " + Seeds.seed(0);
    }
  }

  static Stream<Case> cases() {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    List<Case> cases = new ArrayList<>();
    for (boolean centered : new boolean[] {true, false}) {
      String name = centered ? "LayerNorm" : "RMSNorm";
      cases.add(
          new Case(
              "x + f(norm(x)), " + name,
              new PreNorm(norm(centered), function(random)),
              (x, p) -> Doubles.sum(x, f("sublayer", norm(centered, "norm", x, p), p))));
      cases.add(
          new Case(
              "norm(x + f(x)), " + name,
              new PostNorm(norm(centered), function(random)),
              (x, p) -> norm(centered, "norm", Doubles.sum(x, f("sublayer", x, p)), p)));
      DeepNorm deep = DeepNorm.decoderOnly(24);
      cases.add(
          new Case(
              "norm(alpha x + f(x)), " + name,
              deep.block(norm(centered), function(random)),
              (x, p) ->
                  norm(
                      centered,
                      "norm",
                      Doubles.sum(x, Math.pow(2 * 24, 0.25), f("sublayer", x, p)),
                      p)));
      cases.add(
          new Case(
              "x + norm2(f(norm1(x))), " + name,
              new Sandwich(norm(centered), function(random), norm(!centered)),
              (x, p) ->
                  Doubles.sum(
                      x,
                      norm(
                          !centered,
                          "norm2",
                          f("sublayer", norm(centered, "norm1", x, p), p),
                          p))));
      cases.add(
          new Case(
              "x + f(norm(x)) + g(norm(x)), " + name,
              new PreNorm(
                  norm(centered),
                  new ParallelSublayers(function(random), function(random), function(random))),
              (x, p) -> {
                double[] h = norm(centered, "norm", x, p);
                return Doubles.sum(
                    x,
                    Doubles.sum(
                        f("sublayer.2", h, p),
                        Doubles.sum(f("sublayer.0", h, p), f("sublayer.1", h, p))));
              }));
      for (boolean ends : new boolean[] {true, false}) {
        List<PreNorm> blocks =
            List.of(
                new PreNorm(norm(centered), function(random)),
                new PreNorm(norm(!centered), function(random)),
                new PreNorm(norm(centered), function(random)));
        cases.add(
            new Case(
                "three blocks" + (ends ? " and a norm, " : ", ") + name,
                ends ? new PreNormStack(blocks, norm(centered)) : new PreNormStack(blocks),
                (x, p) -> {
                  double[] s = x;
                  for (int i = 0; i < 3; i++) {
                    double[] h = norm(centered ^ i == 1, "blocks." + i + ".norm", s, p);
                    s = Doubles.sum(s, f("blocks." + i + ".sublayer", h, p));
                  }
                  return ends ? norm(centered, "norm", s, p) : s;
                }));
      }
      cases.add(
          new Case(
              "norm(x) alone, " + name,
              Sublayer.of(norm(centered)),
              (x, p) -> norm(centered, "", x, p)));
    }
    cases.forEach(c -> c.block().parameters().forEach(p -> move(p.value(), random)));
    return cases.stream();
  }

  private static NormLayer norm(boolean centered) {
    return centered
        ? LayerNorm.builder(COLS).epsilon(1e-3).build()
        : RMSNorm.builder(COLS).bias(true).epsilon(1e-3).build();
  }

  private static Sublayer function(RandomGenerator random) {
    return new Neighbours(COLS, random);
  }

  private static double[] norm(
      boolean centered, String prefix, double[] x, Map<String, double[]> parameters) {
    String dot = prefix.isEmpty() ? "" : prefix + ".";
    double[] weight = parameters.get(dot + "weight");
    double[] bias = parameters.get(dot + "bias");
    return centered
        ? LayerNormReference.forward(x, ROWS, COLS, weight, bias, 1e-3).y()
        : RMSNormReference.forward(x, ROWS, COLS, weight, bias, 1e-3).y();
  }

  private static double[] f(String prefix, double[] x, Map<String, double[]> parameters) {
    return Neighbours.reference(x, parameters.get(prefix + ".a"));
  }

  private static void move(Tensor tensor, RandomGenerator random) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[i] += (float) (0.3 * random.nextGaussian());
    }
  }

  private static Map<String, double[]> values(Sublayer block) {
    Map<String, double[]> values = new LinkedHashMap<>();
    block.parameters().forEach(p -> values.put(p.name(), Doubles.of(p.value())));
    return values;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardIsTheFormula(Case c) {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    Tensor x = Doubles.gaussians(random, SHAPE);
    Tensor before = Tensor.of(SHAPE, x.toArray());
    double[] expected = c.formula().apply(Doubles.of(x), values(c.block()));
    Doubles.assertClose("y", c.block().forward(x), expected, CLOSE);
    assertThat(x.toArray()).isEqualTo(before.toArray());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backwardIsTheSlopeOfTheFormula(Case c) {
    RandomGenerator random = Seeds.random(Seeds.seed(2));
    Tensor x = Doubles.gaussians(random, SHAPE);
    Tensor dy = Doubles.gaussians(random, SHAPE);
    c.block().zeroGrad();
    c.block().forward(x);
    Tensor dx = c.block().backward(dy);

    double[] at = Doubles.of(x);
    double[] weights = Doubles.of(dy);
    Map<String, double[]> values = values(c.block());
    Doubles.assertClose("dx", dx, slopes(c, at, values, at, weights), CLOSE);
    for (Parameter parameter : c.block().parameters()) {
      double[] expected = slopes(c, at, values, values.get(parameter.name()), weights);
      Doubles.assertClose("d" + parameter.name(), parameter.gradient(), expected, CLOSE);
    }
  }

  /** Of the sum of the outputs times the weights, by each of some numbers that go into it. */
  private static double[] slopes(
      Case c, double[] x, Map<String, double[]> values, double[] by, double[] weights) {
    double step = 1e-5;
    double[] slopes = new double[by.length];
    for (int i = 0; i < by.length; i++) {
      double v = by[i];
      by[i] = v + step;
      double above = dot(c.formula().apply(x, values), weights);
      by[i] = v - step;
      double below = dot(c.formula().apply(x, values), weights);
      by[i] = v;
      slopes[i] = (above - below) / (2 * step);
    }
    return slopes;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsOfParametersAddUpAndAreCleared(Case c) {
    RandomGenerator random = Seeds.random(Seeds.seed(3));
    Tensor dy = Doubles.gaussians(random, SHAPE);
    c.block().forward(Doubles.gaussians(random, SHAPE));
    c.block().zeroGrad();
    c.block().backward(dy);
    List<float[]> once = c.block().parameters().stream().map(p -> p.gradient().toArray()).toList();
    c.block().backward(dy);
    for (int i = 0; i < once.size(); i++) {
      Parameter parameter = c.block().parameters().get(i);
      double[] twice = Doubles.of(Tensor.of(parameter.value().shape(), once.get(i)));
      Doubles.assertClose(parameter.name(), parameter.gradient(), Doubles.sum(twice, twice), CLOSE);
      assertThat(once.get(i)).isNotEqualTo(new float[COLS]);
    }
    c.block().zeroGrad();
    c.block().parameters().forEach(p -> assertThat(p.gradient().toArray()).containsOnly(0));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferHasTheBitsOfForwardInEvaluationMode(Case c) {
    Tensor x = Doubles.gaussians(Seeds.random(Seeds.seed(6)), SHAPE);
    float[] before = x.toArray();
    float[] inferred = c.block().infer(x).toArray();
    c.block().eval();
    assertThat(inferred).isEqualTo(c.block().forward(x).toArray());
    assertThat(x.toArray()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferBetweenForwardAndBackwardChangesNeither(Case c) {
    RandomGenerator random = Seeds.random(Seeds.seed(7));
    Tensor x = Doubles.gaussians(random, SHAPE);
    Tensor dy = Doubles.gaussians(random, SHAPE);
    c.block().zeroGrad();
    c.block().forward(x);
    Tensor dx = c.block().backward(dy);
    List<float[]> gradients =
        c.block().parameters().stream().map(p -> p.gradient().toArray()).toList();
    c.block().zeroGrad();
    c.block().forward(x);
    c.block().infer(Doubles.gaussians(random, Shape.of(7, COLS)));
    assertThat(c.block().backward(dy).toArray()).isEqualTo(dx.toArray());
    for (int i = 0; i < gradients.size(); i++) {
      assertThat(c.block().parameters().get(i).gradient().toArray()).isEqualTo(gradients.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anEmptyBatchGivesAnEmptyResult(Case c) {
    Tensor empty = Tensor.zeros(Shape.of(0, COLS));
    assertThat(c.block().forward(empty).shape()).isEqualTo(empty.shape());
    assertThat(c.block().backward(empty).shape()).isEqualTo(empty.shape());
    assertThat(c.block().infer(empty).shape()).isEqualTo(empty.shape());
  }

  @Test
  void aStackHasTheBitsOfItsBlocksOneByOne() {
    RandomGenerator random = Seeds.random(Seeds.seed(4));
    List<PreNorm> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blocks.add(new PreNorm(norm(i % 2 == 0), function(random)));
    }
    LayerNorm last = new LayerNorm(COLS);
    Tensor x = Doubles.gaussians(random, SHAPE);
    Tensor dy = Doubles.gaussians(random, SHAPE);

    Tensor y = x;
    for (PreNorm block : blocks) {
      y = block.forward(y);
    }
    y = last.forward(y);
    Tensor dx = last.backward(dy);
    for (int i = 3; i >= 0; i--) {
      dx = blocks.get(i).backward(dx);
    }

    PreNormStack stack = new PreNormStack(blocks, last);
    List<float[]> gradients = stack.parameters().stream().map(p -> p.gradient().toArray()).toList();
    stack.zeroGrad();
    assertThat(stack.forward(x).toArray()).isEqualTo(y.toArray());
    assertThat(stack.backward(dy).toArray()).isEqualTo(dx.toArray());
    for (int i = 0; i < gradients.size(); i++) {
      assertThat(stack.parameters().get(i).gradient().toArray()).isEqualTo(gradients.get(i));
    }
  }

  @Test
  void aSandwichWithAZeroWeightBeginsAsTheIdentityAndLearns() {
    RandomGenerator random = Seeds.random(Seeds.seed(5));
    for (boolean zeroCentered : new boolean[] {true, false}) {
      RMSNorm second = RMSNorm.builder(COLS).zeroCentered(zeroCentered).zeroWeight(true).build();
      Sandwich block = new Sandwich(new RMSNorm(COLS), function(random), second);
      Tensor x = Doubles.gaussians(random, SHAPE);
      Tensor dy = Doubles.gaussians(random, SHAPE);
      assertThat(block.forward(x).toArray()).isEqualTo(x.toArray());
      assertThat(block.backward(dy).toArray()).isEqualTo(dy.toArray());
      assertThat(second.parameters().get(0).gradient().toArray()).doesNotContain(0f);
    }
  }
}
