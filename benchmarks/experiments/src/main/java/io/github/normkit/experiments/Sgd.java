package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** Stochastic gradient descent with momentum: {@code v = momentum v + g}, {@code w -= rate v}. */
final class Sgd {

  private final List<Parameter> parameters;
  private final float momentum;
  private final List<float[]> velocities;

  Sgd(List<Parameter> parameters, float momentum) {
    this.parameters = parameters;
    this.momentum = momentum;
    this.velocities = parameters.stream().map(p -> new float[p.value().shape().size()]).toList();
  }

  /** Moves the parameters against their gradients. */
  void step(float learningRate) {
    for (int p = 0; p < parameters.size(); p++) {
      Tensor value = parameters.get(p).value();
      Tensor gradient = parameters.get(p).gradient();
      float[] velocity = velocities.get(p);
      for (int i = 0; i < velocity.length; i++) {
        velocity[i] = momentum * velocity[i] + gradient.array()[gradient.offset() + i];
        value.array()[value.offset() + i] -= learningRate * velocity[i];
      }
    }
  }
}
