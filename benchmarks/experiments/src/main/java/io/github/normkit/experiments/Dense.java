package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A fully connected layer, {@code y = x Wᵀ + b}; the dimensions of x after the first are one. */
final class Dense implements Layer {

  private final int inputs;
  private final int outputs;
  private final Parameter weight;
  private final Parameter bias;
  private Tensor x;
  private Tensor y;
  private Tensor dx;

  /** A layer before a ReLU. */
  Dense(int inputs, int outputs, Random random) {
    this(inputs, outputs, Weights.RECTIFIED, random);
  }

  /**
   * A layer whose initial weights have the variance {@code gain / inputs}.
   *
   * @param gain {@link Weights#LINEAR}, for example
   */
  Dense(int inputs, int outputs, double gain, Random random) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.weight = Weights.random(Shape.of(outputs, inputs), inputs, gain, random);
    this.bias = Weights.bias(outputs);
  }

  @Override
  public Tensor forward(Tensor x) {
    int n = x.shape().dim(0);
    this.x = x;
    y = Layer.reuse(y, Shape.of(n, outputs));
    for (int i = 0; i < n; i++) {
      System.arraycopy(bias.value().array(), 0, y.array(), i * outputs, outputs);
    }
    float[] transposed = Matrix.transpose(weight.value().array(), outputs, inputs);
    Matrix.addProduct(Layer.values(x), transposed, y.array(), n, inputs, outputs);
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    int n = x.shape().dim(0);
    float[] dyValues = Layer.values(dy);
    float[] dBias = bias.gradient().array();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < outputs; j++) {
        dBias[j] += dyValues[i * outputs + j];
      }
    }
    float[] transposed = Matrix.transpose(dyValues, n, outputs);
    Matrix.addProduct(transposed, Layer.values(x), weight.gradient().array(), outputs, n, inputs);
    dx = Layer.reuse(dx, x.shape());
    Arrays.fill(dx.array(), 0);
    Matrix.addProduct(dyValues, weight.value().array(), dx.array(), n, outputs, inputs);
    return dx;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}
