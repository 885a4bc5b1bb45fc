package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** Adds to each token of a sample a learned row that tells its place; x is (N tokens, width). */
final class Positions implements Layer {

  private final Parameter table;
  private Tensor y;

  Positions(int tokens, int width) {
    this.table = Weights.bias(tokens * width);
  }

  @Override
  public Tensor forward(Tensor x) {
    y = Layer.reuse(y, x.shape());
    float[] from = Layer.values(x);
    float[] places = table.value().array();
    for (int i = 0; i < from.length; i++) {
      y.array()[i] = from[i] + places[i % places.length];
    }
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    float[] values = Layer.values(dy);
    float[] gradient = table.gradient().array();
    for (int i = 0; i < values.length; i++) {
      gradient[i % gradient.length] += values[i];
    }
    return dy;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(table);
  }
}
