package io.github.normkit.weights;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A weight that is computed from parameters, which are trained in its place.
 *
 * <p>A training step: {@link #forward} gives the weight for the layer that uses it; the layer's
 * backward gives the gradient by this weight; {@link #backward} takes it on to the parameters,
 * which the optimizer updates. {@link #plainWeight} gives the weight to keep when training is over:
 * with it the normalization is removed.
 *
 * <p>It begins in training mode. Only {@link SpectralNorm} differs by mode. Parameters must not
 * change between forward and backward.
 *
 * <p><b>Errors.</b> Arguments are checked before anything is written: {@link
 * IllegalArgumentException} says which rule a shape or value broke, {@link IllegalStateException}
 * that a call came out of order, {@link NullPointerException} which argument was null. Outputs that
 * share storage with the parameters or gradients overwrite them; that is not checked.
 *
 * <p><b>Threads.</b> One thread at a time, but for {@link #plainWeight}: many threads may call it
 * at once, as long as none trains or changes the parameters meanwhile.
 */
public interface NormalizedWeight {

  /**
   * Computes the weight and remembers what backward needs.
   *
   * @return a new tensor of the weight's shape
   */
  Tensor forward();

  /**
   * Computes the weight into a tensor and remembers what backward needs.
   *
   * @param out the output, of the weight's shape. Modified.
   * @return {@code out}
   */
  Tensor forward(Tensor out);

  /**
   * Back-propagates through the last forward and adds into the gradients of the parameters.
   *
   * @param dw the gradient of the loss by the weight. Not modified.
   * @throws IllegalStateException if there was no forward before it
   */
  void backward(Tensor dw);

  /**
   * Computes the weight as in evaluation mode, whatever the mode is; remembers and changes nothing.
   *
   * @return a new tensor of the weight's shape, which shares nothing with the parameters
   */
  Tensor plainWeight();

  /**
   * Computes the weight as in evaluation mode into a tensor; remembers and changes nothing else.
   *
   * @param out the output, of the weight's shape. Modified.
   * @return {@code out}
   */
  Tensor plainWeight(Tensor out);

  /** Switches to training mode. */
  void train();

  /** Switches to evaluation mode. */
  void eval();

  /**
   * Returns the mode.
   *
   * @return true in training mode, false in evaluation mode
   */
  boolean isTraining();

  /**
   * Returns the trainable parameters.
   *
   * @return name, value and gradient of each; unmodifiable
   */
  List<Parameter> parameters();

  /** Sets the gradients of all parameters to zero. */
  void zeroGrad();

  /**
   * Returns a snapshot of the parameters, and of what else lasts from step to step.
   *
   * @return copies, under the names that the class gives
   */
  Map<String, Tensor> state();

  /**
   * Takes over a state from {@link #state} or, under its names, from PyTorch; all of it or, on an
   * error, nothing. Gradients, mode and what forward remembered stay as they are.
   *
   * @param state the named tensors; copied
   * @throws IllegalArgumentException if names are missing or unknown (all are listed), or if a
   *     shape or value is wrong
   */
  void loadState(Map<String, Tensor> state);
}
