package io.github.normkit.golden;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.NormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * How the library answers a call of bad_inputs.csv.
 *
 * @param refusal whether the call fails
 * @param check asserts the answer to the row
 */
record Answer(boolean refusal, Consumer<BadInput> check) {

  static Answer refusesToBuild(String message, Supplier<NormLayer> build) {
    return refusal(row -> assertRefused(message, build::get));
  }

  /** Forward and infer refuse the input in either mode. */
  static Answer refusesInput(String message, NormLayer layer) {
    return refusal(
        row -> {
          stir(layer);
          Tensor x = Tensor.ones(row.shape());
          Tensor out = Tensor.full(x.shape(), 7);
          for (boolean training : new boolean[] {true, false}) {
            GoldenRun.setMode(layer, training);
            Unchanged unchanged = new Unchanged(layer, x, out);
            assertRefused(message, () -> layer.forward(x));
            assertRefused(message, () -> layer.forward(x, out));
            assertRefused(message, () -> layer.infer(x));
            assertRefused(message, () -> layer.infer(x, out));
            unchanged.check();
          }
        });
  }

  /** Forward refuses the input in training mode; infer, which has running statistics, does not. */
  static Answer refusesInTraining(String message, NormLayer layer) {
    return refusal(
        row -> {
          stir(layer);
          Tensor x = Tensor.ones(row.shape());
          Tensor out = Tensor.full(x.shape(), 7);
          Unchanged unchanged = new Unchanged(layer, x, out);
          assertRefused(message, () -> layer.forward(x));
          assertRefused(message, () -> layer.forward(x, out));
          unchanged.check();
          assertThat(layer.infer(x).shape()).isEqualTo(x.shape());
        });
  }

  /** LoadState refuses the layer's own state with one tensor replaced. */
  static Answer refusesState(String message, NormLayer layer, String name, Tensor tensor) {
    return refusal(
        row -> {
          stir(layer);
          Map<String, Tensor> state = layer.state();
          state.put(name, tensor);
          assertStateRefused(message, layer, state);
        });
  }

  /** LoadState refuses the layer's own state without some names. */
  static Answer refusesStateWithout(String message, NormLayer layer, String... names) {
    return refusal(
        row -> {
          stir(layer);
          Map<String, Tensor> state = layer.state();
          state.keySet().removeAll(List.of(names));
          assertStateRefused(message, layer, state);
        });
  }

  /** An operation refuses a null by its name and leaves its output alone. */
  static Answer refusesNull(String name, float[] out, Runnable operation) {
    return refusal(
        row -> {
          Arrays.fill(out, 7);
          assertThatNullPointerException().isThrownBy(operation::run).withMessage(name);
          assertThat(out).containsOnly(7);
        });
  }

  /** Backward refuses the gradient, and afterwards still takes one of the right shape. */
  static Answer refusesGradient(String message, NormLayer layer, Shape gradient) {
    return refusal(
        row -> {
          stir(layer);
          Tensor x = counting(row.shape());
          layer.forward(x);
          Tensor dy = Tensor.ones(gradient);
          Tensor dx = Tensor.full(gradient, 7);
          Unchanged unchanged = new Unchanged(layer, x, dy, dx);
          assertRefused(message, () -> layer.backward(dy));
          assertRefused(message, () -> layer.backward(dy, dx));
          unchanged.check();
          Tensor later = layer.backward(x);
          layer.forward(x);
          assertSameBits("grad_input", later, layer.backward(x));
        });
  }

  /** Backward refuses to come before any forward. */
  static Answer refusesBackwardFirst(String message, NormLayer layer, Shape shape) {
    return refusal(
        row -> {
          stir(layer);
          Tensor dy = Tensor.ones(shape);
          Tensor dx = Tensor.full(dy.shape(), 7);
          Unchanged unchanged = new Unchanged(layer, dy, dx);
          assertThatIllegalStateException()
              .isThrownBy(() -> layer.backward(dy))
              .withMessage(message);
          assertThatIllegalStateException()
              .isThrownBy(() -> layer.backward(dy, dx))
              .withMessage(message);
          unchanged.check();
        });
  }

  /** The expression does not compile, but does once {@code wrong} is replaced by {@code right}. */
  static Answer doesNotCompile(String expression, String wrong, String right) {
    return refusal(
        row -> {
          String inconvertible = "compiler.misc.inconvertible.types: " + wrong + "[], " + right;
          assertThat(Javac.messages(expression)).contains("compiler.err.", inconvertible);
          assertThat(Javac.messages(expression.replace(wrong, right))).isEmpty();
        });
  }

  /** The input has no element: neither has the output, and nothing is learned from it. */
  static Answer acceptsEmpty(NormLayer layer) {
    return acceptance(
        row -> {
          stir(layer);
          Tensor empty = Tensor.zeros(row.shape());
          for (boolean training : new boolean[] {true, false}) {
            GoldenRun.setMode(layer, training);
            Unchanged unchanged = new Unchanged(layer);
            assertSameBits("output", layer.forward(empty), empty);
            assertSameBits("grad_input", layer.backward(empty), empty);
            assertSameBits("inferred", layer.infer(empty), empty);
            unchanged.check();
          }
        });
  }

  /** In the mode it is in, the layer gives these values. */
  static Answer accepts(NormLayer layer, float[] x, float... expected) {
    return acceptance(
        row -> {
          Tensor input = Tensor.wrap(x, row.shape());
          Tensor output = Tensor.wrap(expected, row.shape());
          Unchanged unchanged = new Unchanged(layer, input);
          assertSameBits("output", layer.forward(input), output);
          assertSameBits("inferred", layer.infer(input), output);
          unchanged.check();
        });
  }

  private static Answer refusal(Consumer<BadInput> check) {
    return new Answer(true, check);
  }

  private static Answer acceptance(Consumer<BadInput> check) {
    return new Answer(false, check);
  }

  private static void assertRefused(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  private static void assertStateRefused(
      String message, NormLayer layer, Map<String, Tensor> state) {
    Unchanged unchanged = new Unchanged(layer, state.values().toArray(Tensor[]::new));
    assertRefused(message, () -> layer.loadState(state));
    unchanged.check();
  }

  /** Gives the layer a state and gradients that are not those of a new one. */
  private static void stir(NormLayer layer) {
    Map<String, Tensor> state = layer.state();
    state.remove("running_residual");
    state.replaceAll(
        (name, tensor) ->
            Tensor.full(tensor.shape(), name.equals("num_batches_tracked") ? 3 : 0.5f));
    layer.loadState(state);
    layer.parameters().forEach(p -> Arrays.fill(p.gradient().array(), 0.25f));
  }

  private static Tensor counting(Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = i;
    }
    return tensor;
  }
}
