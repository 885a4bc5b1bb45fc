package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** Layers one after the other. */
record Sequential(List<Layer> layers) implements Layer {

  Sequential {
    layers = List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }

  @Override
  public Tensor infer(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.infer(y);
    }
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    Tensor dx = dy;
    for (int i = layers.size() - 1; i >= 0; i--) {
      dx = layers.get(i).backward(dx);
    }
    return dx;
  }

  @Override
  public List<Parameter> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  @Override
  public void zeroGrad() {
    layers.forEach(Layer::zeroGrad);
  }
}
