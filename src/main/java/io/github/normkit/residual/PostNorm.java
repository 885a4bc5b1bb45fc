package io.github.normkit.residual;

import io.github.normkit.AddNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;

/**
 * A residual block with the norm after the addition: {@code y = norm(scale * x + f(x))}.
 *
 * <p>The Transformer of Vaswani et al., <a href="https://arxiv.org/abs/1706.03762">Attention Is All
 * You Need</a>, 2017, has it with scale 1; {@link DeepNorm} has scales for deep networks. Addition
 * and norm are one operation. With {@code ds = dnorm(dy)} the gradient of the sum, {@code dx =
 * scale * ds + df(ds)}.
 *
 * <p>Shapes are those that the norm takes. Names of parameters and state begin with {@code norm.}
 * and {@code sublayer.}. One thread at a time.
 */
public final class PostNorm extends Composite {

  private final AddNorm norm;
  private final Sublayer sublayer;
  private final double scale;

  /**
   * Makes a block with scale 1.
   *
   * @param norm normalizes the sum; shared
   * @param sublayer the function; shared
   */
  public PostNorm(NormLayer norm, Sublayer sublayer) {
    this(norm, sublayer, 1);
  }

  /**
   * Makes a block.
   *
   * @param norm normalizes the sum; shared
   * @param sublayer the function; shared
   * @param scale multiplies the input on its way past the sublayer, as a float
   * @throws IllegalArgumentException if the scale is not finite
   */
  public PostNorm(NormLayer norm, Sublayer sublayer, double scale) {
    super("PostNorm");
    this.norm = new AddNorm(norm, scale);
    this.sublayer = sublayer;
    this.scale = scale;
    part("norm", Sublayer.of(norm));
    part("sublayer", sublayer);
  }

  @Override
  Tensor output(Tensor x, boolean keep) {
    return outputOf(norm, outputOf(sublayer, x, keep), x, keep).y();
  }

  @Override
  Tensor gradient(Tensor dy) {
    Tensor ds = norm.backward(dy, null);
    return sum(gradientOf(sublayer, ds), ds, scale);
  }
}
