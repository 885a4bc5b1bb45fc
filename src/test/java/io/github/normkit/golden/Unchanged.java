package io.github.normkit.golden;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers a layer and some tensors, to assert later that not a bit of them has changed. */
final class Unchanged {

  private final NormLayer layer;
  private final boolean training;
  private final Map<String, Tensor> state;
  private final Map<String, Tensor> gradients;
  private final Map<Tensor, Tensor> copies = new LinkedHashMap<>();

  Unchanged(NormLayer layer, Tensor... tensors) {
    this.layer = layer;
    training = layer.isTraining();
    state = layer.state();
    gradients = gradients();
    for (Tensor tensor : tensors) {
      copies.put(tensor, copy(tensor));
    }
  }

  void check() {
    assertThat(layer.isTraining()).isEqualTo(training);
    assertSameBits("state", layer.state(), state);
    assertSameBits("gradient of", gradients(), gradients);
    copies.forEach((tensor, copy) -> assertSameBits("tensor", tensor, copy));
  }

  private Map<String, Tensor> gradients() {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    layer.parameters().forEach(p -> gradients.put(p.name(), copy(p.gradient())));
    return gradients;
  }

  private static Tensor copy(Tensor tensor) {
    return Tensor.of(tensor.shape(), tensor.toArray());
  }
}
