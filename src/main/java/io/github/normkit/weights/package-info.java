/**
 * Normalization of weights instead of activations: a layer's weight is computed from parameters of
 * its own before it is used.
 *
 * <p>{@link io.github.normkit.weights.WeightNorm}, {@link
 * io.github.normkit.weights.WeightStandardization} and {@link
 * io.github.normkit.weights.SpectralNorm}, each a {@link
 * io.github.normkit.weights.NormalizedWeight}. Every result is a function of its input alone, the
 * same bits everywhere.
 */
package io.github.normkit.weights;
