package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Weight and bias of a layer, those that it has, its other parameters, and their gradients. */
final class AffineParameters {

  private final List<Parameter> parameters;
  private final Affine values;
  private final Affine gradients;

  /** Begins as the identity: weight 1 (0 where 1 is added to it) and bias 0. */
  AffineParameters(
      Shape shape, boolean weight, boolean bias, boolean zeroCentered, Parameter... others) {
    Parameter w = weight ? parameter("weight", Tensor.full(shape, zeroCentered ? 0 : 1)) : null;
    Parameter b = bias ? parameter("bias", Tensor.zeros(shape)) : null;
    List<Parameter> present = new ArrayList<>();
    if (w != null) {
      present.add(w);
    }
    if (b != null) {
      present.add(b);
    }
    present.addAll(List.of(others));
    parameters = List.copyOf(present);
    values =
        new Affine(
            w == null ? null : w.value().array(),
            0,
            b == null ? null : b.value().array(),
            0,
            zeroCentered);
    gradients =
        Affine.of(w == null ? null : w.gradient().array(), b == null ? null : b.gradient().array());
  }

  static Parameter parameter(String name, Tensor value) {
    return new Parameter(name, value, Tensor.zeros(value.shape()));
  }

  List<Parameter> list() {
    return parameters;
  }

  Affine values() {
    return values;
  }

  Affine gradients() {
    return gradients;
  }

  void zeroGrad() {
    for (Parameter parameter : parameters) {
      Arrays.fill(parameter.gradient().array(), 0);
    }
  }
}
