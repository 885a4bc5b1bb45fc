package io.github.normkit.residual;

import io.github.normkit.AddNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;

/**
 * A residual block with a norm before and a norm after the sublayer: {@code y = x +
 * norm2(f(norm1(x)))}.
 *
 * <p>The second norm bounds what a block adds to the stream. Ding et al., <a
 * href="https://arxiv.org/abs/2105.13290">CogView</a>, 2021. If its weight begins at 0 ({@link
 * io.github.normkit.NormBuilder#zeroWeight}) and it has no bias or one of 0, the block begins as
 * the identity.
 *
 * <p>The additions are rounded once. Shapes are those that the norms take. Names of parameters and
 * state begin with {@code norm1.}, {@code sublayer.} and {@code norm2.}. One thread at a time.
 */
public final class Sandwich extends Composite {

  /** Its backward adds the stream's gradient. */
  private final AddNorm first;

  private final Sublayer sublayer;
  private final NormLayer second;

  /**
   * Makes a block.
   *
   * @param first normalizes the sublayer's input; shared
   * @param sublayer the function; shared
   * @param second normalizes the sublayer's output; another layer than the first; shared
   * @throws IllegalArgumentException if both norms are the same layer
   */
  public Sandwich(NormLayer first, Sublayer sublayer, NormLayer second) {
    super("Sandwich");
    this.first = new AddNorm(first);
    this.sublayer = sublayer;
    this.second = second;
    part("norm1", Sublayer.of(first));
    part("sublayer", sublayer);
    part("norm2", Sublayer.of(second));
    if (first == second) {
      throw new IllegalArgumentException(
          "Sandwich: the norms must be two layers, for each keeps its input: got one for both");
    }
  }

  @Override
  Tensor output(Tensor x, boolean keep) {
    Tensor branch = outputOf(sublayer, outputOf(first.norm(), x, keep), keep);
    return sum(outputOf(second, branch, keep), x, 1);
  }

  @Override
  Tensor gradient(Tensor dy) {
    return first.backward(gradientOf(sublayer, second.backward(dy)), dy);
  }
}
