package io.github.normkit.residual;

import io.github.normkit.Tensor;
import java.util.List;

/**
 * Several sublayers with the same input as one: {@code y = f(x) + g(x) + ...}.
 *
 * <p>In a {@link PreNorm} it gives {@code x + f(norm(x)) + g(norm(x))} with one norm for all: Wang
 * and Komatsuzaki, <a href="https://github.com/kingoflolz/mesh-transformer-jax">GPT-J-6B</a>, 2021;
 * Chowdhery et al., <a href="https://arxiv.org/abs/2204.02311">PaLM</a>, 2022. Outputs and
 * gradients are added in order, each addition rounded once.
 *
 * <p>Names of parameters and state begin with the index of the sublayer: {@code 0.}, {@code 1.} and
 * so on. One thread at a time.
 */
public final class ParallelSublayers extends Composite {

  private final List<Sublayer> sublayers;

  /**
   * Makes one of several.
   *
   * @param sublayers the functions, at least one; shared
   * @throws IllegalArgumentException if there are none
   */
  public ParallelSublayers(Sublayer... sublayers) {
    super("ParallelSublayers");
    this.sublayers = List.of(sublayers);
    if (sublayers.length == 0) {
      throw new IllegalArgumentException(
          "ParallelSublayers: there must be sublayers: expected at least 1, got 0");
    }
    for (int i = 0; i < sublayers.length; i++) {
      part(String.valueOf(i), sublayers[i]);
    }
  }

  @Override
  Tensor output(Tensor x, boolean keep) {
    Tensor y = null;
    for (Sublayer sublayer : sublayers) {
      Tensor next = outputOf(sublayer, x, keep);
      y = y == null ? next : sum(y, next, 1);
    }
    return y;
  }

  @Override
  Tensor gradient(Tensor dy) {
    Tensor dx = null;
    for (Sublayer sublayer : sublayers) {
      Tensor next = gradientOf(sublayer, dy);
      dx = dx == null ? next : sum(dx, next, 1);
    }
    return dx;
  }
}
