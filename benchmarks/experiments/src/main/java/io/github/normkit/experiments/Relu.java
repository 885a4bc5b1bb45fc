package io.github.normkit.experiments;

import io.github.normkit.Tensor;

/** {@code y = max(x, 0)}; NaN stays NaN, so that a diverged network shows it. */
final class Relu implements Layer {

  private Tensor y;
  private Tensor dx;

  @Override
  public Tensor forward(Tensor x) {
    y = Layer.reuse(y, x.shape());
    float[] from = Layer.values(x);
    float[] to = y.array();
    for (int i = 0; i < to.length; i++) {
      to[i] = Math.max(from[i], 0);
    }
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    dx = Layer.reuse(dx, dy.shape());
    float[] from = Layer.values(dy);
    float[] to = dx.array();
    float[] output = y.array();
    for (int i = 0; i < to.length; i++) {
      to[i] = output[i] > 0 ? from[i] : 0;
    }
    return dx;
  }
}
