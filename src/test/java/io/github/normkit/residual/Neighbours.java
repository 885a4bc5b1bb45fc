package io.github.normkit.residual;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A function with parameters for tests: each element of a row times its next neighbour and a weight
 * of its own, {@code y[j] = a[j] * x[j] * x[j + 1]}, the last beside the first.
 */
final class Neighbours implements Sublayer {

  private final int cols;
  private final Parameter a;
  private Tensor input;
  boolean training = true;

  Neighbours(int cols, RandomGenerator random) {
    this.cols = cols;
    Shape shape = Shape.of(cols);
    a = new Parameter("a", Doubles.gaussians(random, shape), Tensor.zeros(shape));
  }

  /** The same in double, from the formula. */
  static double[] reference(double[] x, double[] a) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i - i % a.length;
      y[i] = a[i % a.length] * x[i] * x[row + (i + 1) % a.length];
    }
    return y;
  }

  @Override
  public Tensor forward(Tensor x) {
    input = x;
    return infer(x);
  }

  @Override
  public Tensor infer(Tensor x) {
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < x.shape().size(); i++) {
      y.array()[i] = a.value().array()[i % cols] * at(x, i) * at(x, next(i));
    }
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    Tensor dx = Tensor.zeros(dy.shape());
    for (int i = 0; i < dy.shape().size(); i++) {
      float d = at(dy, i);
      float weight = a.value().array()[i % cols];
      dx.array()[i] += d * weight * at(input, next(i));
      dx.array()[next(i)] += d * weight * at(input, i);
      a.gradient().array()[i % cols] += d * at(input, i) * at(input, next(i));
    }
    return dx;
  }

  private int next(int i) {
    return i - i % cols + (i + 1) % cols;
  }

  private static float at(Tensor tensor, int i) {
    return tensor.array()[tensor.offset() + i];
  }

  @Override
  public void train() {
    training = true;
  }

  @Override
  public void eval() {
    training = false;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(a);
  }
}
