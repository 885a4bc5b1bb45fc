package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Random;

/** The initial parameters of a linear layer. */
final class Weights {

  /** Keeps the size of the activations where nothing but normalization follows. */
  static final double LINEAR = 1;

  /**
   * Keeps the size of the activations through a ReLU (He et al. 2015,
   * https://arxiv.org/abs/1502.01852).
   */
  static final double RECTIFIED = 2;

  private Weights() {}

  /** Returns weights for a ReLU to follow. */
  static Parameter random(Shape shape, int fanIn, Random random) {
    return random(shape, fanIn, RECTIFIED, random);
  }

  /** Returns weights, uniform of variance {@code gain / fanIn}. */
  static Parameter random(Shape shape, int fanIn, double gain, Random random) {
    float bound = (float) Math.sqrt(3 * gain / fanIn);
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
