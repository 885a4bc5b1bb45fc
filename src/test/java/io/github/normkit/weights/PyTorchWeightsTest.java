package io.github.normkit.weights;

import static io.github.normkit.TensorBits.assertSameBits;

import io.github.normkit.Parameter;
import io.github.normkit.PyTorchNumbers;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights and gradients are those that PyTorch has computed in float64. */
class PyTorchWeightsTest {

  private static final PyTorchNumbers PRINTED = new PyTorchNumbers();
  private static final int[] SHAPE = {4, 3, 2, 2};

  private final Tensor weight = PRINTED.tensor("weight", SHAPE);
  private final Tensor dw = PRINTED.tensor("dw", SHAPE);

  /** One rounding each; of w that of g as well. */
  @ParameterizedTest
  @CsvSource({"0, 4 1 1 1", "1, 1 3 1 1", "3, 1 1 1 2", "None, ''"})
  void weightNormIsPyTorchs(String dim, String lengths) {
    int[] dims = dim.equals("None") ? new int[0] : new int[] {Integer.parseInt(dim)};
    WeightNorm norm = WeightNorm.builder(weight).dims(dims).build();
    String name = "weight_norm dim=" + dim;
    int[] shape = ints(lengths);
    norm.loadState(
        Map.of("weight_g", PRINTED.tensor(name + " weight_g", shape), "weight_v", weight));
    PRINTED.assertClose(name + " weight", norm.forward(), 1);
    norm.backward(dw);
    PRINTED.assertClose(name + " dg", gradient(norm, 0), 0.5);
    PRINTED.assertClose(name + " dv", gradient(norm, 1), 1);
  }

  /** The vectors are rounded to float after each iteration, the weight once more. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 3", "1, 2"})
  void spectralNormIsPyTorchsStepByStep(int dim, int iterations) {
    SpectralNorm norm = SpectralNorm.builder(weight).dim(dim).iterations(iterations).build();
    String name = "spectral_norm dim=" + dim + " iterations=" + iterations;
    Tensor u = PRINTED.tensor(name + " u", SHAPE[dim]);
    Tensor v = PRINTED.tensor(name + " v", 48 / SHAPE[dim]);
    norm.loadState(Map.of("weight_orig", weight, "weight_u", u, "weight_v", v));
    for (int step = 0; step < 3; step++) {
      String at = name + " step=" + step;
      PRINTED.assertClose(at + " weight", norm.forward(), 2);
      norm.zeroGrad();
      norm.backward(dw);
      PRINTED.assertClose(at + " gradient", gradient(norm, 0), 2);
      PRINTED.assertClose(at + " u", norm.state().get("weight_u"), 2);
      PRINTED.assertClose(at + " v", norm.state().get("weight_v"), 2);
      float[] value = norm.parameters().get(0).value().array();
      for (int i = 0; i < value.length; i++) {
        value[i] += 0.125f * dw.array()[i];
      }
    }
    norm.eval();
    PRINTED.assertClose(name + " evaluation", norm.forward(), 2);
    PRINTED.assertClose(name + " evaluation", norm.plainWeight(), 2);
  }

  @Test
  void aModelOfPyTorchsNewerSpectralNormEvaluatesTheSame() {
    SpectralNorm norm = new SpectralNorm(Tensor.ones(Shape.of(SHAPE)));
    String name = "parametrizations.spectral_norm ";
    norm.loadState(
        Map.of(
            "parametrizations.weight.original", weight,
            "parametrizations.weight.0._u", PRINTED.tensor(name + "u", 4),
            "parametrizations.weight.0._v", PRINTED.tensor(name + "v", 12)));
    PRINTED.assertClose(name + "evaluation", norm.plainWeight(), 2);
    norm.eval();
    assertSameBits("weight", norm.forward(), norm.plainWeight());
  }

  /** Two units, as is promised of BatchNorm. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void standardizationIsPyTorchsBatchNormOfTheWeight(boolean gain) {
    WeightStandardization norm = WeightStandardization.builder(weight).gain(gain).build();
    String name = "standardization gain=" + (gain ? "True" : "False");
    if (gain) {
      norm.loadState(Map.of("weight", weight, "gain", PRINTED.tensor("gain", 4, 1, 1, 1)));
    }
    PRINTED.assertClose(name + " weight", norm.forward(), 2);
    norm.backward(dw);
    PRINTED.assertClose(name + " gradient", gradient(norm, 0), 2);
    if (gain) {
      PRINTED.assertClose(name + " of gain", gradient(norm, 1), 2);
    }
  }

  private static Tensor gradient(NormalizedWeight norm, int parameter) {
    Parameter of = norm.parameters().get(parameter);
    return of.gradient();
  }

  private static int[] ints(String spaced) {
    return Arrays.stream(spaced.split(" "))
        .filter(s -> !s.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
