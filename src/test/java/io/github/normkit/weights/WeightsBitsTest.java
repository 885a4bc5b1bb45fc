package io.github.normkit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.BatchNorm;
import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.folding.Folded;
import io.github.normkit.folding.Folding;
import io.github.normkit.golden.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same bits everywhere; the build runs this class in several virtual machines. */
class WeightsBitsTest {

  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(2, 2),
          Shape.of(7, 130),
          Shape.of(130, 7),
          Shape.of(6, 5, 3, 3),
          Shape.of(3, 1, 4, 5, 2),
          Shape.of(96, 257));

  @ParameterizedTest
  @CsvSource({
    "WeightNorm, 58f9dd88",
    "WeightStandardization, df72af58",
    "SpectralNorm, 94171768",
    "folding, 8a4f6b60"
  })
  void bitsAreThoseOfTheTable(String name, String hash) {
    assertThat("%08x".formatted(hash(name))).isEqualTo(hash);
  }

  private static int hash(String name) {
    SplitMix64 random = new SplitMix64(1);
    int hash = 0;
    for (Shape shape : SHAPES) {
      for (int dim = 0; dim < shape.rank(); dim++) {
        if (shape.size() > shape.dim(dim)) {
          int of =
              name.equals("folding")
                  ? folding(shape, random)
                  : steps(make(name, numbers(shape, random), dim), shape, random);
          hash = 31 * hash + of;
        }
      }
    }
    return hash;
  }

  private static NormalizedWeight make(String name, Tensor weight, int dim) {
    return switch (name) {
      case "WeightNorm" -> WeightNorm.builder(weight).dims(dim).build();
      case "WeightStandardization" ->
          WeightStandardization.builder(weight).dim(dim).gain(true).build();
      default -> SpectralNorm.builder(weight).dim(dim).iterations(2).build();
    };
  }

  private static int steps(NormalizedWeight weight, Shape shape, SplitMix64 random) {
    int hash = 0;
    for (int step = 0; step < 3; step++) {
      hash = 31 * hash + bits(weight.forward());
      weight.backward(numbers(shape, random));
      for (Parameter parameter : weight.parameters()) {
        hash = 31 * hash + bits(parameter.gradient());
        float[] value = parameter.value().array();
        for (int i = 0; i < value.length; i++) {
          value[i] -= 0.1f * parameter.gradient().array()[i];
        }
      }
    }
    hash = 31 * hash + bits(weight.plainWeight());
    for (Tensor tensor : weight.state().values()) {
      hash = 31 * hash + bits(tensor);
    }
    return hash;
  }

  private static int folding(Shape shape, SplitMix64 random) {
    BatchNorm norm = new BatchNorm(shape.dim(0));
    norm.forward(numbers(Shape.of(9, shape.dim(0)), random));
    Tensor bias = numbers(Shape.of(shape.dim(0)), random);
    Folded folded = Folding.intoPrevious(norm.toAffine(), numbers(shape, random), bias);
    int hash = 31 * bits(folded.weight()) + bits(folded.bias());
    Folding.absorbBias(norm, bias);
    int[] square = shape.toArray();
    square[1] = square[0];
    folded = Folding.intoNext(norm.toAffine(), numbers(Shape.of(square), random), bias);
    return 31 * (31 * hash + bits(folded.weight())) + bits(folded.bias());
  }

  private static int bits(Tensor tensor) {
    return Arrays.hashCode(tensor.toArray());
  }

  private static Tensor numbers(Shape shape, SplitMix64 random) {
    float[] values = new float[shape.size()];
    IntStream.range(0, values.length)
        .forEach(i -> values[i] = (float) ((random.next() >> 10) * 0x1p-53));
    return Tensor.of(shape, values);
  }
}
