package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;

/** The initial parameters of a linear layer. */
final class Weights {

  private Weights() {}

  /**
   * Returns weights that keep the size of the activations through a ReLU: uniform of variance 2 /
   * fanIn (He et al. 2015, https://arxiv.org/abs/1502.01852).
   */
  static Parameter random(Shape shape, int fanIn, Random random) {
    float bound = (float) Math.sqrt(6.0 / fanIn);
    Tensor value = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      value.array()[i] = bound * (2 * random.nextFloat() - 1);
    }
    return new Parameter("weight", value, Tensor.zeros(shape));
  }

  /** Returns a bias of zeros. */
  static Parameter bias(int size) {
    Shape shape = Shape.of(size);
    return new Parameter("bias", Tensor.zeros(shape), Tensor.zeros(shape));
  }
}
