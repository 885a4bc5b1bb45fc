package io.github.normkit.reference;

/**
 * What a backward pass gives: the gradients of the loss.
 *
 * <p>The arrays are not copied, neither in nor out, and {@code equals} compares them by identity.
 *
 * @param dx the gradient by the input, of the input's length and order
 * @param dWeight the gradient by the weight, also when there was none
 * @param dBias the gradient by the bias, also when there was none
 */
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the language of this package
public record Gradients(double[] dx, double[] dWeight, double[] dBias) {}
