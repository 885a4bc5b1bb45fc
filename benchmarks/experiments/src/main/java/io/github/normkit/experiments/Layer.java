package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A differentiable part of a network.
 *
 * <p>The tensors it returns are its own: its next call overwrites them.
 */
interface Layer {

  /** Computes the output for training and remembers what backward needs. */
  Tensor forward(Tensor x);

  /** Computes the output of the trained layer; for most the same computation. */
  default Tensor infer(Tensor x) {
    return forward(x);
  }

  /**
   * Returns the gradient by the input of the last forward and adds into those of the parameters.
   */
  Tensor backward(Tensor dy);

  /** Returns the trainable parameters. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Sets the gradients of all parameters to zero. */
  default void zeroGrad() {
    for (Parameter parameter : parameters()) {
      Arrays.fill(parameter.gradient().array(), 0);
    }
  }

  /**
   * Returns the old tensor if it has the shape, so that training allocates in its first step only.
   */
  static Tensor reuse(Tensor old, Shape shape) {
    return old != null && old.shape().equals(shape) ? old : Tensor.zeros(shape);
  }

  /** Returns the elements as an array that starts at index 0: without a copy if they are one. */
  static float[] values(Tensor tensor) {
    return tensor.array().length == tensor.shape().size() ? tensor.array() : tensor.toArray();
  }
}
