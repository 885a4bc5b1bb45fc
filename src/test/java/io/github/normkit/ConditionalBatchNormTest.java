package io.github.normkit;

import static io.github.normkit.NaturalTolerance.assertClose;
import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.reference.Gradients;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BatchNorm with tables of weights and biases. */
class ConditionalBatchNormTest {

  static LongStream seeds() {
    return LongStream.range(0, 20).map(i -> Seeds.seed((int) i));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void resultsAreThoseOfTheFormulaWithRepeatedClasses(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int n = random.nextInt(2, 12);
    int c = random.nextInt(1, 5);
    int spatial = random.nextInt(1, 30);
    int k = random.nextInt(1, 6);
    boolean last = random.nextBoolean();
    int[] classes = random.ints(n, 0, k).toArray();
    Layout layout = last ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    Shape shape = last ? Shape.of(n, spatial, c) : Shape.of(n, c, spatial);
    int[] channel =
        IntStream.range(0, shape.size()).map(i -> last ? i % c : i / spatial % c).toArray();
    int[] parameters =
        IntStream.range(0, shape.size())
            .map(i -> classes[i / (c * spatial)] * c + channel[i])
            .toArray();
    SetsReference reference = new SetsReference(channel, parameters, true, 1e-3);

    ConditionalBatchNorm norm =
        new ConditionalBatchNorm(
            k, BatchNorm.builder(c).affine(false).epsilon(1e-3).layout(layout).build());
    norm.parameters().forEach(parameter -> fill(parameter.value(), random));
    Tensor x = fill(Tensor.zeros(shape), random);
    Tensor dy = fill(Tensor.zeros(shape), random);
    double[] weight = Trial.wide(norm.parameters().get(0).value());
    double[] bias = Trial.wide(norm.parameters().get(1).value());
    double[] wide = Trial.wide(x);
    double largest = NaturalTolerance.largest(weight);
    Tensor y = norm.forward(x, classes);
    assertClose("y", y, reference.forward(wide, weight, bias), largest);
    Gradients expected = reference.backward(wide, Trial.wide(dy), weight);
    Tensor dx = norm.backward(dy);
    assertClose("dx", dx, expected.dx(), reference.largestRstd(wide) * largest);
    assertClose("dWeight", norm.parameters().get(0).gradient(), expected.dWeight(), n);
    assertClose("dBias", norm.parameters().get(1).gradient(), expected.dBias(), n);
    assertSameBits("dx in place", norm.backward(dy, dy), dx);
  }

  private static Tensor fill(Tensor tensor, RandomGenerator random) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  @Test
  void evaluationUsesRunningStatisticsAndTheGradientKnowsIt() {
    ConditionalBatchNorm norm = new ConditionalBatchNorm(3, 1);
    Map<String, Tensor> state = norm.state();
    assertThat(state.keySet())
        .containsExactly(
            "weight",
            "bias",
            "running_mean",
            "running_var",
            "num_batches_tracked",
            "running_residual");
    state.put("weight", Tensor.of(Shape.of(3, 1), 2, 3, 4));
    state.put("bias", Tensor.of(Shape.of(3, 1), 10, 20, 30));
    state.put("running_mean", Tensor.of(Shape.of(1), 1));
    state.put("running_var", Tensor.of(Shape.of(1), 4 - 1e-5f));
    norm.loadState(state);
    norm.eval();
    assertThat(norm.isTraining()).isFalse();
    Tensor x = Tensor.of(Shape.of(3, 1), 3, 5, 1);
    assertClose("infer", norm.infer(x, 2, 0, 2), new double[] {34, 14, 30});
    assertClose("y", norm.forward(x, Tensor.zeros(x.shape()), 2, 0, 2), new double[] {34, 14, 30});
    Tensor dx = norm.backward(Tensor.of(x.shape(), 1, 10, 100));
    assertClose("dx", dx, new double[] {2, 10, 200});
    // xhat = 1, 2, 0; class 2 has the samples 0 and 2.
    assertClose("dWeight", norm.parameters().get(0).gradient(), new double[] {20, 0, 1});
    assertClose("dBias", norm.parameters().get(1).gradient(), new double[] {10, 0, 101});
    norm.zeroGrad();
    assertThat(norm.parameters().get(1).gradient().toArray()).containsOnly(0);
    assertSameBits(
        "in place", norm.infer(x, x, 2, 0, 2), norm.infer(Tensor.of(x.shape(), 3, 5, 1), 2, 0, 2));
    norm.train();
    assertThat(norm.isTraining()).isTrue();
  }

  @Test
  void trainingUpdatesTheRunningStatisticsAsBatchNorm() {
    ConditionalBatchNorm norm = new ConditionalBatchNorm(3, 2);
    BatchNorm plain = BatchNorm.builder(2).affine(false).build();
    Tensor x = fill(Tensor.zeros(Shape.of(5, 2, 7)), Seeds.random(Seeds.seed(0)));
    assertSameBits("y", norm.forward(x, 0, 1, 2, 1, 0), plain.forward(x));
    Map<String, Tensor> state = norm.state();
    state.remove("weight");
    state.remove("bias");
    assertSameBits("state", state, plain.state());
  }

  @Test
  void aClassOfManySamplesLosesNothing() {
    int n = 5000;
    ConditionalBatchNorm norm =
        new ConditionalBatchNorm(2, BatchNorm.builder(1).affine(false).frozen(true).build());
    int[] classes = new int[n];
    norm.forward(Tensor.zeros(Shape.of(n, 1)), classes);
    norm.backward(Tensor.full(Shape.of(n, 1), 1 / 3f));
    assertThat(norm.parameters().get(1).gradient().toArray())
        .containsExactly((float) (n * (double) (1 / 3f)), 0);
  }

  @Test
  void theClassesAreCopied() {
    ConditionalBatchNorm norm = new ConditionalBatchNorm(2, 1);
    int[] classes = {0, 0};
    norm.forward(Tensor.of(Shape.of(2, 1), 1, 2), classes);
    classes[0] = 1;
    norm.backward(Tensor.of(Shape.of(2, 1), 3, 4));
    assertThat(norm.parameters().get(1).gradient().toArray()).containsExactly(7, 0);
  }

  @Test
  void wrongCallsAreRefusedAndNothingIsWritten() {
    ConditionalBatchNorm norm = new ConditionalBatchNorm(3, 2);
    Map<String, Tensor> before = norm.state();
    Tensor x = Tensor.zeros(Shape.of(2, 2, 4));
    Tensor out = Tensor.ones(x.shape());
    refused(
        () -> norm.forward(x, out, 0, 3),
        "ConditionalBatchNorm: a class must lie in [0, 3): got 3 at index 1");
    refused(
        () -> norm.infer(x, out, -1, 0),
        "ConditionalBatchNorm: a class must lie in [0, 3): got -1 at index 0");
    refused(
        () -> norm.forward(x, out, 1),
        "ConditionalBatchNorm: there must be one class for each sample: expected 2 for [2, 2, 4],"
            + " got 1");
    refused(
        () -> new ConditionalBatchNorm(0, 2),
        "ConditionalBatchNorm: classes must be at least 1: got 0");
    refused(
        () -> new ConditionalBatchNorm(70_000, 70_000),
        "ConditionalBatchNorm: the tables must fit an int: got classes=70000, channels=70000, limit"
            + " 2147483647");
    refused(
        () -> new ConditionalBatchNorm(2, new BatchNorm(2)),
        "BatchNorm: a modulated layer must have no weight and bias of its own: expected 0"
            + " parameters, got 2");
    Map<String, Tensor> state = norm.state();
    state.put("running_var", Tensor.of(Shape.of(2), 1, -1));
    state.put("weight", Tensor.zeros(Shape.of(3, 2)));
    refused(
        () -> norm.loadState(state),
        "ConditionalBatchNorm: running_var must lie in [0.0, Infinity]: got -1.0 at index 1");
    assertSameBits("state", norm.state(), before);
    assertThat(out.toArray()).containsOnly(1);
    assertThatNullPointerException()
        .isThrownBy(() -> norm.forward(x, (int[]) null))
        .withMessage("classes");
    assertThatNullPointerException()
        .isThrownBy(() -> new ConditionalBatchNorm(2, null))
        .withMessage("norm");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}
