package io.github.normkit.residual;

import io.github.normkit.AddNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;

/**
 * A residual block with the norm before the sublayer: {@code y = x + f(norm(x))}.
 *
 * <p>The stream from x to y is not normalized, so the gradient of y reaches x as it is: {@code dx =
 * dy + dnorm(df(dy))}. He et al., <a href="https://arxiv.org/abs/1603.05027">Identity Mappings in
 * Deep Residual Networks</a>, 2016; Xiong et al., <a href="https://arxiv.org/abs/2002.04745">On
 * Layer Normalization in the Transformer Architecture</a>, 2020. With {@link ParallelSublayers} it
 * is {@code x + f(norm(x)) + g(norm(x))}. Blocks one after the other are a {@link PreNormStack},
 * with the same bits in less time.
 *
 * <p>The addition is {@code f(norm(x)) + x}, rounded once; so is that of the gradients. Shapes are
 * those that the norm takes. Names of parameters and state begin with {@code norm.} and {@code
 * sublayer.}. One thread at a time.
 */
public final class PreNorm extends Composite {

  /** Its backward adds the stream's gradient. */
  private final AddNorm norm;

  private final Sublayer sublayer;

  /**
   * Makes a block.
   *
   * @param norm normalizes the sublayer's input; shared
   * @param sublayer the function; shared
   */
  public PreNorm(NormLayer norm, Sublayer sublayer) {
    super("PreNorm");
    this.norm = new AddNorm(norm);
    this.sublayer = sublayer;
    part("norm", Sublayer.of(norm));
    part("sublayer", sublayer);
  }

  @Override
  Tensor output(Tensor x, boolean keep) {
    return sum(branch(x, keep), x, 1);
  }

  @Override
  Tensor gradient(Tensor dy) {
    return gradientThrough(dy);
  }

  NormLayer norm() {
    return norm.norm();
  }

  /** What the block adds to the stream. */
  Tensor branch(Tensor x, boolean keep) {
    return outputOf(sublayer, outputOf(norm(), x, keep), keep);
  }

  /** Adds to the stream what the block before adds, and gives that with what this block adds. */
  AddNorm.Result branchAfter(Tensor branch, Tensor stream, boolean keep) {
    AddNorm.Result result = outputOf(norm, branch, stream, keep);
    return new AddNorm.Result(result.sum(), outputOf(sublayer, result.y(), keep));
  }

  /** The stream's gradient before the block, from that after it. */
  Tensor gradientThrough(Tensor dstream) {
    return norm.backward(gradientOf(sublayer, dstream), dstream);
  }
}
