/**
 * How exact normkit is: its errors on the golden float32 cases beside those of PyTorch's kernels.
 *
 * <p>Start at {@link io.github.normkit.accuracy.Accuracy}.
 */
package io.github.normkit.accuracy;
