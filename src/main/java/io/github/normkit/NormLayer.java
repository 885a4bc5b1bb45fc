package io.github.normkit;

import java.util.List;
import java.util.Map;

/**
 * A normalization layer: state and checks around the operations of {@link
 * io.github.normkit.functional}.
 *
 * <p>A layer begins in training mode. {@link #forward} remembers what {@link #backward} needs, the
 * input (by reference, so it must not be overwritten in between) and its statistics. {@link #infer}
 * is the deployed path.
 *
 * <p><b>Errors.</b> Arguments are checked before anything is written: after an exception the
 * output, the running statistics and the gradients are what they were. {@link
 * IllegalArgumentException} says which rule a shape or value broke, {@link IllegalStateException}
 * that a call came out of order, {@link NullPointerException} which argument was null.
 *
 * <p>Outputs that share storage with the layer's own parameters or gradients overwrite them; that
 * is not checked.
 *
 * <p><b>Threads.</b> One thread at a time, but for {@link #infer}: many threads may call it on one
 * layer at once, as long as none trains or changes it meanwhile.
 */
public interface NormLayer {

  /**
   * Normalizes a tensor and remembers what backward needs, in training and evaluation mode alike.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @return a new tensor of the input's shape
   */
  Tensor forward(Tensor x);

  /**
   * Normalizes a tensor into another and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @param out the output, of the input's shape; must not overlap the input, which backward reads.
   *     Modified.
   * @return {@code out}
   */
  Tensor forward(Tensor x, Tensor out);

  /**
   * Back-propagates through the last forward and adds into the gradients of the parameters.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradient of the loss by the input, a new tensor
   * @throws IllegalStateException if there was no forward before it
   */
  Tensor backward(Tensor dy);

  /**
   * Back-propagates through the last forward and adds into the gradients of the parameters.
   *
   * @param dy the gradient of the loss by the output. Not modified unless it is {@code dx}.
   * @param dx receives the gradient of the loss by the input; may be {@code dy} itself, but not the
   *     input of forward. Modified.
   * @return {@code dx}
   * @throws IllegalStateException if there was no forward before it
   */
  Tensor backward(Tensor dy, Tensor dx);

  /**
   * Normalizes a tensor as in evaluation mode, whatever the mode is; remembers and changes nothing.
   *
   * @param x the input. Not modified.
   * @return a new tensor of the input's shape
   */
  Tensor infer(Tensor x);

  /**
   * Normalizes a tensor into another as in evaluation mode, whatever the mode is; remembers and
   * changes nothing else, and, called with the same shape again, allocates nothing.
   *
   * @param x the input. Not modified unless it is {@code out}.
   * @param out the output, of the input's shape; may be {@code x} itself. Modified.
   * @return {@code out}
   */
  Tensor infer(Tensor x, Tensor out);

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
   * @return those that the layer has, {@code weight} before {@code bias}, these before others;
   *     unmodifiable
   */
  List<Parameter> parameters();

  /** Sets the gradients of all parameters to zero. */
  void zeroGrad();

  /**
   * Returns a snapshot of the parameters and running statistics under PyTorch's names.
   *
   * <p>{@code weight}, {@code bias}, {@code running_mean}, {@code running_var} and {@code
   * num_batches_tracked} (a scalar), those that the layer has; a parameter that no other layer has
   * stands after the bias. A layer with running statistics adds {@code running_residual} of shape
   * {@code [2, C]}: what float32 rounds off the running mean and the running variance. It is what
   * makes a loaded layer continue with the same bits; a file for another framework may leave it
   * out. The number of batches stops at 2^24, the largest count that a float32 tensor holds
   * exactly.
   *
   * @return copies, in the order above
   */
  Map<String, Tensor> state();

  /**
   * Takes over a state from {@link #state} or from PyTorch; all of it or, on an error, nothing.
   *
   * <p>{@code num_batches_tracked} and {@code running_residual} may be missing and are then 0.
   * Gradients, mode and what forward remembered stay as they are.
   *
   * @param state the named tensors; copied
   * @throws IllegalArgumentException if names are missing or unknown (all are listed), if a shape
   *     is not the layer's, if a running mean is not finite or a running variance is NaN or
   *     negative, or if the number of batches is not whole
   */
  void loadState(Map<String, Tensor> state);
}
