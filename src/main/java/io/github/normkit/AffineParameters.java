package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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

  /** The parameters of a layer with several maps, each named after its map. */
  private AffineParameters(List<Parameter> parameters, boolean zeroCentered) {
    this.parameters = List.copyOf(parameters);
    values = new Affine(null, 0, null, 0, zeroCentered);
    gradients = Affine.NONE;
  }

  /** Those of several maps, with their names before them. */
  static AffineParameters of(Map<String, AffineParameters> maps) {
    List<Parameter> all = new ArrayList<>();
    boolean zeroCentered = false;
    for (Map.Entry<String, AffineParameters> map : maps.entrySet()) {
      zeroCentered |= map.getValue().values.zeroCentered();
      for (Parameter p : map.getValue().parameters) {
        all.add(new Parameter(map.getKey() + "." + p.name(), p.value(), p.gradient()));
      }
    }
    return new AffineParameters(all, zeroCentered);
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

  /** Sets each weight to what scales by 0. */
  void zeroWeight() {
    for (Parameter parameter : parameters) {
      if (parameter.name().endsWith("weight")) {
        Arrays.fill(parameter.value().array(), values.zeroCentered() ? -1 : 0);
      }
    }
  }

  /** The weight of one channel, 1 without weights; of layers that are not zero-centered. */
  double weight(int c) {
    return values.weight() == null ? 1 : values.weight()[c];
  }

  /** The bias of one channel, 0 without. */
  double bias(int c) {
    return values.bias() == null ? 0 : values.bias()[c];
  }

  void zeroGrad() {
    for (Parameter parameter : parameters) {
      Arrays.fill(parameter.gradient().array(), 0);
    }
  }
}
