package io.github.normkit.residual;

import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A function with backward, such as attention or a feed-forward network, that a wrapper of this
 * package puts into a residual block.
 *
 * <p>Its output has the shape of its input. Neither method may modify its argument; either may
 * return it. What forward keeps for backward is the function's own. A function without parameters
 * needs nothing else to train; one with parameters overrides {@link #parameters}, and {@link
 * #state} and {@link #loadState} if it has more to save. To be deployed it overrides {@link
 * #infer}.
 *
 * <p><b>Threads.</b> The wrappers call it on their caller's thread.
 */
public interface Sublayer {

  /**
   * Applies the function and remembers what backward needs.
   *
   * @param x the input. Not modified; it stays as it is until backward.
   * @return the output, of the input's shape
   */
  Tensor forward(Tensor x);

  /**
   * Applies the function as in evaluation mode, whatever the mode is; remembers and changes
   * nothing, so that a forward before it still has its backward.
   *
   * @param x the input. Not modified.
   * @return the output, of the input's shape
   * @throws UnsupportedOperationException unless overridden
   */
  default Tensor infer(Tensor x) {
    throw new UnsupportedOperationException(
        "Sublayer: infer must be overridden: got only forward and backward of "
            + getClass().getName());
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the parameters.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradient of the loss by the input, of its shape
   */
  Tensor backward(Tensor dy);

  /** Switches to training mode. */
  default void train() {}

  /** Switches to evaluation mode. */
  default void eval() {}

  /**
   * Returns the trainable parameters.
   *
   * @return those that the function has, live; none unless overridden
   */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Sets the gradients of all parameters to zero. */
  default void zeroGrad() {
    for (Parameter parameter : parameters()) {
      Tensor gradient = parameter.gradient();
      int from = gradient.offset();
      Arrays.fill(gradient.array(), from, from + gradient.shape().size(), 0);
    }
  }

  /**
   * Returns a snapshot of what a trained function has to save.
   *
   * @return copies by name; those of the parameters unless overridden
   */
  default Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Parameter parameter : parameters()) {
      Tensor value = parameter.value();
      state.put(parameter.name(), Tensor.of(value.shape(), value.toArray()));
    }
    return state;
  }

  /**
   * Takes over a state from {@link #state}; all of it or, on an error, nothing.
   *
   * @param state the named tensors; copied
   * @throws IllegalArgumentException if the names or a shape are not those of {@link #state}
   */
  default void loadState(Map<String, Tensor> state) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    parameters().forEach(parameter -> own.put(parameter.name(), parameter.value()));
    if (!state.keySet().equals(own.keySet())) {
      throw new IllegalArgumentException(
          "Sublayer: state must have the names of the parameters: expected "
              + new TreeSet<>(own.keySet())
              + ", got "
              + new TreeSet<>(state.keySet()));
    }
    own.forEach(
        (name, to) -> {
          Tensor from = Objects.requireNonNull(state.get(name), name);
          if (!from.shape().equals(to.shape())) {
            throw new IllegalArgumentException(
                "Sublayer: "
                    + name
                    + " must have the parameter's shape: expected "
                    + to.shape()
                    + ", got "
                    + from.shape());
          }
        });
    own.forEach(
        (name, to) -> {
          Tensor from = state.get(name);
          System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), to.shape().size());
        });
  }

  /**
   * Returns a norm as a sublayer.
   *
   * @param norm the layer; shared
   * @return a sublayer with the norm's parameters, mode and state
   */
  static Sublayer of(NormLayer norm) {
    return new NormSublayer(Objects.requireNonNull(norm, "norm"));
  }
}
