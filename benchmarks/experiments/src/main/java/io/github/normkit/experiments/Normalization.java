package io.github.normkit.experiments;

import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** A layer of normkit in a network, with a clock around its forward and backward. */
final class Normalization implements Layer {

  private final NormLayer layer;
  private Tensor y;
  private Tensor dx;
  private long nanos;

  Normalization(NormLayer layer) {
    this.layer = layer;
  }

  @Override
  public Tensor forward(Tensor x) {
    y = Layer.reuse(y, x.shape());
    long start = System.nanoTime();
    layer.forward(x, y);
    nanos += System.nanoTime() - start;
    return y;
  }

  @Override
  public Tensor infer(Tensor x) {
    return layer.infer(x);
  }

  @Override
  public Tensor backward(Tensor dy) {
    dx = Layer.reuse(dx, dy.shape());
    long start = System.nanoTime();
    layer.backward(dy, dx);
    nanos += System.nanoTime() - start;
    return dx;
  }

  @Override
  public List<Parameter> parameters() {
    return layer.parameters();
  }

  @Override
  public void zeroGrad() {
    layer.zeroGrad();
  }

  /** Returns the time spent in forward and backward since the layer was made. */
  long nanos() {
    return nanos;
  }
}
