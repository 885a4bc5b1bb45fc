package io.github.normkit;

import io.github.normkit.functional.Affine;

/**
 * Samples with statistics of their own, each normalized and mapped by one call of the operation.
 */
final class SampleModulation implements Modulation {

  private final Masking masking;
  private double[][] mean = {};
  private double[][] spread = {};

  SampleModulation(Masking masking) {
    this.masking = masking;
  }

  @Override
  public void forward(Tensor x, Affine affine, Tensor out) {
    int n = x.shape().dim(0);
    int sets = masking.samples(x.shape()).norm().sets();
    if (mean.length != n || mean[0].length != sets) {
      mean = new double[n][sets];
      spread = new double[n][sets];
    }
    normalize(x, affine, out, mean, spread);
  }

  @Override
  public void infer(Tensor x, Affine affine, Tensor out) {
    double[][] none = new double[x.shape().dim(0)][];
    normalize(x, affine, out, none, none);
  }

  /** Keeps statistics where there are arrays for them. */
  private void normalize(Tensor x, Affine affine, Tensor out, double[][] mean, double[][] spread) {
    Samples samples = masking.samples(x.shape());
    int size = x.shape().size(1, x.shape().rank());
    for (int i = 0; i < x.shape().dim(0); i++) {
      samples
          .norm()
          .forward(
              x.array(),
              x.offset() + i * size,
              out.array(),
              out.offset() + i * size,
              samples.positions(),
              Modulation.of(i, affine, samples.parameters().size()),
              mean[i],
              spread[i]);
    }
  }

  @Override
  public void backward(Tensor dy, Tensor x, Affine affine, Tensor dx, Affine gradients) {
    Samples samples = masking.samples(x.shape());
    int length = samples.parameters().size();
    int size = x.shape().size(1, x.shape().rank());
    for (int i = 0; i < x.shape().dim(0); i++) {
      samples
          .norm()
          .backward(
              dy.array(),
              dy.offset() + i * size,
              x.array(),
              x.offset() + i * size,
              dx.array(),
              dx.offset() + i * size,
              samples.positions(),
              Modulation.of(i, affine, length),
              mean[i],
              spread[i],
              Modulation.of(i, gradients, length));
    }
  }
}
