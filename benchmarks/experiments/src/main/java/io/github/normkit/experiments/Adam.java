package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980), without weight decay. */
final class Adam {

  private static final float EPSILON = 1e-8f;

  private final List<Parameter> parameters;
  private final float beta1;
  private final float beta2;
  private final List<float[]> means;
  private final List<float[]> squares;
  private double power1 = 1;
  private double power2 = 1;

  Adam(List<Parameter> parameters, float beta1, float beta2) {
    this.parameters = parameters;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.means = parameters.stream().map(p -> new float[p.value().shape().size()]).toList();
    this.squares = parameters.stream().map(p -> new float[p.value().shape().size()]).toList();
  }

  /** Moves the parameters against their gradients. */
  void step(float learningRate) {
    power1 *= beta1;
    power2 *= beta2;
    float rate = (float) (learningRate / (1 - power1));
    float correction = (float) (1 / (1 - power2));
    for (int p = 0; p < parameters.size(); p++) {
      Tensor value = parameters.get(p).value();
      Tensor gradient = parameters.get(p).gradient();
      float[] mean = means.get(p);
      float[] square = squares.get(p);
      for (int i = 0; i < mean.length; i++) {
        float g = gradient.array()[gradient.offset() + i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * (g * g);
        float root = (float) Math.sqrt(square[i] * correction);
        value.array()[value.offset() + i] -= rate * mean[i] / (root + EPSILON);
      }
    }
  }
}
