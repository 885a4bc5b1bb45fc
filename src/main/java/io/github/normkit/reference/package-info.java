/**
 * The textbook: each layer in float64, forward and backward, formula by formula.
 *
 * <p>Plain loops in the order of the papers, with the statistics in two passes and no tricks for
 * speed or range. Nothing here is shared with the layers of {@link io.github.normkit}, which are
 * tested against it; check your own kernels against it as well.
 *
 * <p>All methods are static and without state. Arrays are in row-major order, and none that is
 * passed in is modified or kept. {@code weight} (γ) and {@code bias} (β) may be null, which means 1
 * and 0; the gradients of both are returned in any case. For a weight that is stored as an offset
 * from 1, {@code y = xhat * (1 + w)}, pass {@code 1 + w}: the gradient is the same.
 *
 * <p>Backward takes the input of forward and the gradient {@code dy} of a loss by its output. It is
 * the chain rule through the statistics, which leaves three terms, the means running over the set
 * that shares the statistics:
 *
 * <pre>{@code
 * xhat = (x - mean) * rstd,   rstd = 1 / sqrt(variance + epsilon),   g = dy * weight
 * dx = rstd * (g - mean(g) - xhat * mean(g * xhat))
 * }</pre>
 *
 * <p>{@code mean(g)} comes through the mean, {@code xhat * mean(g * xhat)} through the variance.
 * RMSNorm has no mean and so not the second term.
 */
package io.github.normkit.reference;
