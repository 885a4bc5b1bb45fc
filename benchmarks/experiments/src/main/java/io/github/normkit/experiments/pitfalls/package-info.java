/**
 * The programs behind {@code docs/pitfalls.md}: each shows one way to use normalization wrongly,
 * with nothing but the library and a few loops.
 *
 * <p>Start at {@link io.github.normkit.experiments.pitfalls.Pitfalls}.
 */
package io.github.normkit.experiments.pitfalls;
