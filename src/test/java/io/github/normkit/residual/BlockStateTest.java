package io.github.normkit.residual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.BatchNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.RMSNorm;
import io.github.normkit.Seeds;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Names, modes and states of blocks, and the messages of wrong calls. */
class BlockStateTest {

  private static final int COLS = 3;

  private final RandomGenerator random = Seeds.random(Seeds.seed(0));

  private Neighbours function() {
    return new Neighbours(COLS, random);
  }

  private Tensor input(int... dims) {
    return Doubles.gaussians(random, Shape.of(dims));
  }

  @Test
  void namesHaveThePrefixesOfTheirParts() {
    Sandwich sandwich = new Sandwich(new RMSNorm(COLS), function(), new LayerNorm(COLS));
    assertThat(names(sandwich))
        .containsExactly("norm1.weight", "sublayer.a", "norm2.weight", "norm2.bias");
    assertThat(names(new PreNorm(new RMSNorm(COLS), new ParallelSublayers(function(), function()))))
        .containsExactly("norm.weight", "sublayer.0.a", "sublayer.1.a");
    assertThat(names(new PostNorm(new RMSNorm(COLS), function())))
        .containsExactly("norm.weight", "sublayer.a");
    PreNorm first = new PreNorm(new RMSNorm(COLS), function());
    PreNorm second = new PreNorm(new RMSNorm(COLS), Sublayer.of(new RMSNorm(COLS)));
    assertThat(names(new PreNormStack(List.of(first, second), new RMSNorm(COLS))))
        .containsExactly(
            "blocks.0.norm.weight",
            "blocks.0.sublayer.a",
            "blocks.1.norm.weight",
            "blocks.1.sublayer.weight",
            "norm.weight");
    assertThat(new PreNorm(new BatchNorm(COLS), function()).state().keySet())
        .contains("norm.running_mean", "sublayer.a");
  }

  private static List<String> names(Sublayer block) {
    List<String> names = block.parameters().stream().map(Parameter::name).toList();
    assertThat(block.state().keySet()).containsExactlyElementsOf(names);
    return names;
  }

  @Test
  void parametersAreThePartsOwn() {
    RMSNorm norm = new RMSNorm(COLS);
    PreNorm block = new PreNorm(norm, function());
    Parameter weight = block.parameters().get(0);
    assertThat(weight.value()).isSameAs(norm.parameters().get(0).value());
    assertThat(weight.gradient()).isSameAs(norm.parameters().get(0).gradient());
  }

  @Test
  void theModeReachesEveryPart() {
    NormLayer norm = new BatchNorm(COLS);
    NormLayer last = new BatchNorm(COLS);
    Neighbours f = function();
    Neighbours g = function();
    PreNormStack stack =
        new PreNormStack(List.of(new PreNorm(norm, new ParallelSublayers(f, g))), last);
    stack.eval();
    assertThat(List.of(norm.isTraining(), last.isTraining(), f.training, g.training))
        .containsOnly(false);
    stack.train();
    assertThat(List.of(norm.isTraining(), last.isTraining(), f.training, g.training))
        .containsOnly(true);
  }

  @Test
  void batchNormInABlockFollowsTheMode() {
    BatchNorm norm = new BatchNorm(COLS);
    PostNorm block = new PostNorm(norm, function());
    block.forward(input(8, COLS));
    Map<String, Tensor> trained = norm.state();
    block.eval();
    Tensor x = input(1, COLS);
    Tensor sum = input(1, COLS);
    Tensor f = block.forward(x);
    assertThat(norm.state().get("running_mean").toArray())
        .isEqualTo(trained.get("running_mean").toArray());
    assertThat(f.shape()).isEqualTo(sum.shape());
  }

  @Test
  void inferTakesTheRunningStatisticsOfBatchNormAndLeavesThem() {
    BatchNorm first = new BatchNorm(COLS);
    BatchNorm second = new BatchNorm(COLS);
    Neighbours f = function();
    List<Sublayer> blocks =
        List.of(
            new PreNorm(first, f),
            new PostNorm(first, f),
            new Sandwich(first, f, second),
            new PreNorm(first, new ParallelSublayers(f, function())),
            new PreNormStack(List.of(new PreNorm(first, f)), second));
    for (Sublayer block : blocks) {
      block.train();
      block.forward(input(8, COLS));
      Map<String, Tensor> before = block.state();
      Tensor x = input(5, COLS);
      float[] inferred = block.infer(x).toArray();
      assertThat(first.isTraining()).isTrue();
      before.forEach(
          (name, value) ->
              assertThat(block.state().get(name).toArray()).as(name).isEqualTo(value.toArray()));
      block.eval();
      assertThat(inferred).isEqualTo(block.forward(x).toArray());
    }
  }

  @Test
  void inferIsNoForwardForABackward() {
    PreNorm block = new PreNorm(new RMSNorm(COLS), function());
    block.infer(input(2, COLS));
    assertThatIllegalStateException()
        .isThrownBy(() -> block.backward(input(2, COLS)))
        .withMessage("PreNorm: backward must follow a forward: got none before");
    assertThatNullPointerException().isThrownBy(() -> block.infer(null)).withMessage("x");
  }

  /** A function for training alone. */
  private static final class Identity implements Sublayer {

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }

    @Override
    public Tensor backward(Tensor dy) {
      return dy;
    }
  }

  @Test
  void aFunctionWithoutInferIsNamed() {
    PostNorm block = new PostNorm(new RMSNorm(COLS), new Identity());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> block.infer(input(2, COLS)))
        .withMessage(
            "Sublayer: infer must be overridden: got only forward and backward of "
                + Identity.class.getName());
  }

  @Test
  void aStateMakesAnotherBlockTheSame() {
    BatchNorm norm = new BatchNorm(COLS);
    PreNorm block = new PreNorm(norm, function());
    block.forward(input(8, COLS));
    PreNorm other = new PreNorm(new BatchNorm(COLS), function());
    other.loadState(block.state());
    block.eval();
    other.eval();
    Tensor x = input(5, COLS);
    assertThat(other.forward(x).toArray()).isEqualTo(block.forward(x).toArray());
    assertThat(Doubles.of(other.state().get("sublayer.a")))
        .isEqualTo(Doubles.of(block.state().get("sublayer.a")));
  }

  @Test
  void aStateIsASnapshot() {
    PreNorm block = new PreNorm(new RMSNorm(COLS), function());
    Tensor a = block.state().get("sublayer.a");
    float before = a.get(0);
    block.parameters().get(1).value().set(7, 0);
    assertThat(a.get(0)).isEqualTo(before);
  }

  @Test
  void aWrongStateIsNamedAndChangesNothing() {
    Sandwich block = new Sandwich(new RMSNorm(COLS), function(), new RMSNorm(COLS));
    Map<String, Tensor> before = block.state();
    Map<String, Tensor> state = new LinkedHashMap<>();
    before.forEach((name, value) -> state.put(name, Tensor.full(value.shape(), 9)));

    refused(
        block,
        without(state, "norm2.weight"),
        "Sandwich: norm2: RMSNorm: state must have the names of the layer:"
            + " missing [weight], unknown []");
    refused(
        block,
        without(state, "sublayer.a"),
        "Sandwich: sublayer: Sublayer: state must have the names of the parameters:"
            + " expected [a], got []");
    refused(
        block,
        with(state, "sublayer.a", Tensor.zeros(Shape.of(4))),
        "Sandwich: sublayer: Sublayer: a must have the parameter's shape: expected [3], got [4]");
    refused(
        block,
        with(state, "other.weight", Tensor.zeros(Shape.of(4))),
        "Sandwich: names in the state must begin with that of a part:"
            + " expected one of [norm1, sublayer, norm2], got [other.weight]");
    assertThatNullPointerException()
        .isThrownBy(() -> block.loadState(with(state, "norm2.weight", null)))
        .withMessage("norm2.weight");
    assertThatNullPointerException().isThrownBy(() -> block.loadState(null)).withMessage("state");
    before.forEach(
        (name, value) ->
            assertThat(block.state().get(name).toArray()).as(name).isEqualTo(value.toArray()));
  }

  @Test
  void aFunctionThatFailsToLoadChangesNothing() {
    Sublayer failing =
        new Sublayer() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }

          @Override
          public Tensor backward(Tensor dy) {
            return dy;
          }

          @Override
          public void loadState(Map<String, Tensor> state) {
            throw new IllegalStateException("not now");
          }
        };
    PreNorm block = new PreNorm(new RMSNorm(COLS), failing);
    Map<String, Tensor> state = Map.of("norm.weight", Tensor.full(Shape.of(COLS), 9));
    assertThatIllegalStateException()
        .isThrownBy(() -> block.loadState(state))
        .withMessage("not now");
    assertThat(block.state().get("norm.weight").toArray()).containsOnly(1);
  }

  private static void refused(Sublayer block, Map<String, Tensor> state, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> block.loadState(state))
        .withMessage(message);
  }

  private static Map<String, Tensor> without(Map<String, Tensor> state, String name) {
    Map<String, Tensor> other = new LinkedHashMap<>(state);
    other.remove(name);
    return other;
  }

  private static Map<String, Tensor> with(Map<String, Tensor> state, String name, Tensor value) {
    Map<String, Tensor> other = new LinkedHashMap<>(state);
    other.put(name, value);
    return other;
  }

  @Test
  void backwardNeedsAForward() {
    PreNorm block = new PreNorm(new RMSNorm(COLS), function());
    assertThatIllegalStateException()
        .isThrownBy(() -> block.backward(input(2, COLS)))
        .withMessage("PreNorm: backward must follow a forward: got none before");
  }

  @Test
  void shapesAreChecked() {
    PreNorm block = new PreNorm(new RMSNorm(COLS), function());
    block.forward(input(2, COLS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> block.backward(input(4, COLS)))
        .withMessage("PreNorm: dy must have the input's shape: expected [2, 3], got [4, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> block.forward(input(2, 4)))
        .withMessage(
            "RMSNorm: the input's trailing dimensions must be normalizedShape:"
                + " expected [3], got [2, 4]");
    assertThatIllegalStateException()
        .as("after a forward that failed")
        .isThrownBy(() -> block.backward(input(2, COLS)));
  }

  @Test
  void aSublayersShapesAreChecked() {
    Sublayer wrong =
        new Sublayer() {
          @Override
          public Tensor forward(Tensor x) {
            return x.shape().dim(0) == 1 ? x : Tensor.zeros(Shape.of(1, COLS));
          }

          @Override
          public Tensor infer(Tensor x) {
            return forward(x);
          }

          @Override
          public Tensor backward(Tensor dy) {
            return Tensor.zeros(Shape.of(7));
          }
        };
    PostNorm block = new PostNorm(new RMSNorm(COLS), wrong);
    List<ThrowingCallable> calls =
        List.of(() -> block.forward(input(2, COLS)), () -> block.infer(input(2, COLS)));
    for (ThrowingCallable call : calls) {
      assertThatIllegalArgumentException()
          .isThrownBy(call)
          .withMessage(
              "PostNorm: a sublayer's output must have its input's shape:"
                  + " expected [2, 3], got [1, 3]");
    }
    block.forward(input(1, COLS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> block.backward(input(1, COLS)))
        .withMessage(
            "PostNorm: a sublayer's gradient must have its input's shape:"
                + " expected [1, 3], got [7]");
  }

  @Test
  void aSublayerMayReturnItsArgument() {
    Sublayer identity = new Identity();
    Tensor x = input(2, COLS);
    Tensor dy = input(2, COLS);
    float[] twice = x.toArray();
    for (int i = 0; i < twice.length; i++) {
      twice[i] *= 2;
    }
    RMSNorm alone = new RMSNorm(COLS);
    Tensor expected = alone.forward(Tensor.wrap(twice, x.shape()));
    PostNorm block = new PostNorm(new RMSNorm(COLS), identity);
    assertThat(block.forward(x).toArray()).isEqualTo(expected.toArray());
    float[] dx = alone.backward(dy).toArray();
    for (int i = 0; i < dx.length; i++) {
      dx[i] *= 2;
    }
    assertThat(block.backward(dy).toArray()).isEqualTo(dx);

    ParallelSublayers one = new ParallelSublayers(identity);
    assertThat(one.forward(x).toArray()).isEqualTo(x.toArray());
    assertThat(one.backward(dy).toArray()).isEqualTo(dy.toArray());
  }

  @Test
  void wrongPartsAreRefused() {
    RMSNorm norm = new RMSNorm(COLS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sandwich(norm, function(), norm))
        .withMessage(
            "Sandwich: the norms must be two layers, for each keeps its input: got one for both");
    assertThatIllegalArgumentException()
        .isThrownBy(ParallelSublayers::new)
        .withMessage("ParallelSublayers: there must be sublayers: expected at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreNormStack(List.of()))
        .withMessage("PreNormStack: there must be blocks: expected at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PostNorm(norm, function(), Double.NaN))
        .withMessage("AddNorm: scale must be finite as a float: got NaN");
    assertThatNullPointerException()
        .isThrownBy(() -> new PreNorm(null, function()))
        .withMessage("norm");
    assertThatNullPointerException()
        .isThrownBy(() -> new PreNorm(norm, null))
        .withMessage("sublayer");
    assertThatNullPointerException()
        .isThrownBy(() -> new Sandwich(norm, function(), null))
        .withMessage("norm");
    PreNorm block = new PreNorm(norm, function());
    assertThatNullPointerException()
        .isThrownBy(() -> new PreNormStack(List.of(block), null))
        .withMessage("last");
    PreNorm other = new PreNorm(new RMSNorm(COLS), function());
    String rule =
        "PreNormStack: each norm must be a layer of its own, for it keeps its input: got one for ";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreNormStack(List.of(block, other, block)))
        .withMessage(rule + "blocks.0 and blocks.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreNormStack(List.of(other, block), norm))
        .withMessage(rule + "blocks.1 and norm");
  }

  @Test
  void zeroGradClearsNoMoreThanItsOwnStretch() {
    float[] gradients = {1, 1, 1, 1, 1};
    Parameter parameter =
        new Parameter("p", Tensor.zeros(Shape.of(2)), Tensor.wrap(gradients, 1, Shape.of(2)));
    Sublayer f =
        new Sublayer() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }

          @Override
          public Tensor backward(Tensor dy) {
            return dy;
          }

          @Override
          public List<Parameter> parameters() {
            return List.of(parameter);
          }
        };
    f.zeroGrad();
    assertThat(gradients).isEqualTo(new float[] {1, 0, 0, 1, 1});
    assertThat(Arrays.asList(f.state().get("p").toArray().length)).containsExactly(2);
  }
}
