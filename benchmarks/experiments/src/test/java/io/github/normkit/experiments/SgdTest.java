package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SgdTest {

  @Test
  void stepsKeepAShareOfTheLast() {
    float[] storage = {9, 1, 2, 9};
    Tensor value = Tensor.wrap(storage, 1, Shape.of(2));
    Tensor gradient = Tensor.of(Shape.of(2), 4, -8);
    Sgd sgd = new Sgd(List.of(new Parameter("weight", value, gradient)), 0.5f);

    sgd.step(0.25f);
    assertThat(storage).containsExactly(9, 0, 4, 9);

    sgd.step(0.5f);
    assertThat(storage).containsExactly(9, -3, 10, 9);
  }
}
