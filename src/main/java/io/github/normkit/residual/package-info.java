/**
 * Where a normalizer stands in a residual block: wrappers that combine a norm, the residual stream
 * and a sublayer given as a function with backward.
 *
 * <p>With {@code f} a {@link io.github.normkit.residual.Sublayer}:
 *
 * <pre>{@code
 * PreNorm       x + f(norm(x))
 * PostNorm      norm(x + f(x))            with a scale: norm(scale * x + f(x)), see DeepNorm
 * Sandwich      x + norm2(f(norm1(x)))
 * PreNormStack  PreNorm after PreNorm, each addition at once with the norm that follows it
 * }</pre>
 *
 * <p>{@link io.github.normkit.residual.ParallelSublayers} makes one sublayer of several with the
 * same input. All wrappers are sublayers themselves. Additions and norms are those of {@link
 * io.github.normkit.AddNorm}.
 */
package io.github.normkit.residual;
