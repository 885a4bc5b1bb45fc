package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {

  @Test
  void stepsAreThoseOfTheFormula() {
    Parameter p = new Parameter("weight", Tensor.of(Shape.of(2), 1, -1), Tensor.zeros(Shape.of(2)));
    Adam adam = new Adam(List.of(p), 0.9f, 0.99f);
    double[] w = {1, -1};
    double[] m = new double[2];
    double[] v = new double[2];
    float[][] gradients = {{0.5f, -3}, {0.25f, 1}, {-2, 1e-3f}};
    for (int t = 1; t <= gradients.length; t++) {
      for (int i = 0; i < 2; i++) {
        double g = gradients[t - 1][i];
        p.gradient().array()[i] = gradients[t - 1][i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        double mean = m[i] / (1 - StrictMath.pow(0.9, t));
        w[i] -= 0.1 * mean / (Math.sqrt(v[i] / (1 - StrictMath.pow(0.99, t))) + 1e-8);
      }
      adam.step(0.1f);
      assertThat((double) p.value().get(0)).isCloseTo(w[0], within(1e-5));
      assertThat((double) p.value().get(1)).isCloseTo(w[1], within(1e-5));
    }
  }
}
