package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.reference.Gradients;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradients of the reference of masked and modulated layers are those of its forward. */
class SetsReferenceTest {

  private static final double STEP = 1e-5;

  static LongStream seeds() {
    return LongStream.range(0, 40).map(i -> Seeds.seed((int) i));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void backwardIsTheDerivativeOfForward(long seed) {
    RandomGenerator random = Seeds.random(seed);
    int n = random.nextInt(2, 15);
    int[] sets = random.ints(n, -1, 3).toArray();
    int[] parameters = random.ints(n, 0, 4).toArray();
    SetsReference reference = new SetsReference(sets, parameters, random.nextBoolean(), 0.1);
    double[] x = random.doubles(n, -2, 2).toArray();
    double[] dy = random.doubles(n, -2, 2).toArray();
    double[] weight = random.doubles(4, -2, 2).toArray();
    double[] bias = random.doubles(4, -2, 2).toArray();
    Gradients gradients = reference.backward(x, dy, weight);
    check(reference, x, weight, bias, dy, x, gradients.dx());
    check(reference, x, weight, bias, dy, weight, gradients.dWeight());
    check(reference, x, weight, bias, dy, bias, gradients.dBias());
  }

  /** Central differences of Σ y * dy by the elements of one of the arrays. */
  private static void check(
      SetsReference reference,
      double[] x,
      double[] weight,
      double[] bias,
      double[] dy,
      double[] by,
      double[] gradient) {
    for (int i = 0; i < by.length; i++) {
      double old = by[i];
      by[i] = old + STEP;
      double above = dot(reference.forward(x, weight, bias), dy);
      by[i] = old - STEP;
      double below = dot(reference.forward(x, weight, bias), dy);
      by[i] = old;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * STEP), within(1e-6));
    }
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }
}
