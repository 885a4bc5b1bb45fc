package io.github.normkit;

/** A layer of rows that takes masks. */
abstract class MaskedRowLayer extends RowLayer implements MaskedNormLayer {

  MaskedRowLayer(RowNormBuilder<?> builder) {
    super(builder);
  }

  @Override
  abstract Masking masking();

  @Override
  public final Tensor forward(Tensor x, Mask mask) {
    return maskedForward(x, mask);
  }

  @Override
  public final Tensor forward(Tensor x, Mask mask, Tensor out) {
    return maskedForward(x, mask, out);
  }

  @Override
  public final Tensor infer(Tensor x, Mask mask) {
    return maskedInfer(x, mask);
  }

  @Override
  public final Tensor infer(Tensor x, Mask mask, Tensor out) {
    return maskedInfer(x, mask, out);
  }
}
