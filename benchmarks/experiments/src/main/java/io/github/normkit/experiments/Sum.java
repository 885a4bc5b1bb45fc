package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Layers beside each other: the sum of what they make of one input. */
final class Sum implements Layer {

  private final List<Layer> layers;
  private Tensor y;
  private Tensor dx;

  Sum(Layer... layers) {
    this.layers = List.of(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    y = Layer.reuse(y, x.shape());
    add(layer -> layer.forward(x), y);
    return y;
  }

  @Override
  public Tensor infer(Tensor x) {
    y = Layer.reuse(y, x.shape());
    add(layer -> layer.infer(x), y);
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    dx = Layer.reuse(dx, dy.shape());
    add(layer -> layer.backward(dy), dx);
    return dx;
  }

  private void add(Function<Layer, Tensor> part, Tensor to) {
    float[] sum = to.array();
    Arrays.fill(sum, 0);
    for (Layer layer : layers) {
      float[] values = Layer.values(part.apply(layer));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
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
