package io.github.normkit.folding;

import io.github.normkit.Tensor;

/**
 * The weight and bias of a layer that has taken in a scale and shift.
 *
 * @param weight the weight, of the shape that it had
 * @param bias the bias, one element for each output channel, also where the layer had none
 */
public record Folded(Tensor weight, Tensor bias) {}
