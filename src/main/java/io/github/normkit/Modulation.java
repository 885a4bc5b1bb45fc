package io.github.normkit;

import io.github.normkit.functional.Affine;

/** How a layer's statistics and an affine map for each sample come together. */
interface Modulation {

  /** The map of one sample; each has so many weights, and as many biases. */
  static Affine of(int sample, Affine all, int length) {
    return new Affine(
        all.weight(),
        all.weightOffset() + sample * length,
        all.bias(),
        all.biasOffset() + sample * length,
        all.zeroCentered());
  }

  /**
   * Normalizes a checked input, not empty, and keeps what backward needs.
   *
   * @param affine those of all samples, one after the other
   */
  void forward(Tensor x, Affine affine, Tensor out);

  /** Normalizes a checked input, not empty, as in evaluation and keeps nothing. */
  void infer(Tensor x, Affine affine, Tensor out);

  /**
   * Back-propagates through the last forward.
   *
   * @param x the input of that forward
   * @param gradients added into: those of all samples, one after the other. Modified.
   */
  void backward(Tensor dy, Tensor x, Affine affine, Tensor dx, Affine gradients);
}
