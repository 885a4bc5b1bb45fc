/**
 * Deploying a BatchNorm for nothing: its scale and shift taken into the weights of a linear or
 * convolution layer beside it.
 *
 * <p>{@link io.github.normkit.folding.Folding} does it, {@link io.github.normkit.folding.Folded} is
 * what comes out.
 */
package io.github.normkit.folding;
