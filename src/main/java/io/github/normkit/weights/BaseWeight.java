package io.github.normkit.weights;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** What all normalized weights share: the mode, the checks of a call, and the state. */
abstract class BaseWeight implements NormalizedWeight {

  private final String name;
  private final Shape shape;
  private boolean training = true;
  private boolean forwarded;

  BaseWeight(String name, Shape shape) {
    this.name = name;
    this.shape = shape;
  }

  /** Writes the weight and keeps what backward needs. */
  abstract void computeAndKeep(Tensor out);

  /** Writes the weight as in evaluation and keeps nothing. */
  abstract void compute(Tensor out);

  /** Adds into the gradients of the parameters. */
  abstract void gradient(Tensor dw);

  /** What lasts beside the parameters, by name; live. */
  Map<String, Tensor> buffers() {
    return Map.of();
  }

  /** PyTorch's other names for the same tensors, by those of the state; all or none are used. */
  Map<String, String> otherNames() {
    return Map.of();
  }

  /** Throws unless a tensor of the right shape may be loaded under this name. */
  void checkValues(String key, Tensor tensor) {}

  @Override
  public final Tensor forward() {
    return forward(Tensor.zeros(shape));
  }

  @Override
  public final Tensor forward(Tensor out) {
    checkShape("out", out);
    computeAndKeep(out);
    forwarded = true;
    return out;
  }

  @Override
  public final void backward(Tensor dw) {
    Objects.requireNonNull(dw, "dw");
    if (!forwarded) {
      throw new IllegalStateException(name + ": backward must follow a forward: got none before");
    }
    checkShape("dw", dw);
    gradient(dw);
  }

  @Override
  public final Tensor plainWeight() {
    return plainWeight(Tensor.zeros(shape));
  }

  @Override
  public final Tensor plainWeight(Tensor out) {
    checkShape("out", out);
    compute(out);
    return out;
  }

  @Override
  public final void train() {
    training = true;
  }

  @Override
  public final void eval() {
    training = false;
  }

  @Override
  public final boolean isTraining() {
    return training;
  }

  @Override
  public final void zeroGrad() {
    for (Parameter parameter : parameters()) {
      Arrays.fill(parameter.gradient().array(), 0);
    }
  }

  @Override
  public final Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    lasting().forEach((key, tensor) -> state.put(key, Tensor.of(tensor.shape(), tensor.toArray())));
    return state;
  }

  @Override
  public final void loadState(Map<String, Tensor> state) {
    Objects.requireNonNull(state, "state");
    Map<String, Tensor> lasting = lasting();
    Map<String, String> names = new LinkedHashMap<>();
    boolean others = otherNames().values().stream().anyMatch(state::containsKey);
    lasting.keySet().forEach(key -> names.put(others ? otherNames().get(key) : key, key));
    checkNames(state, names);
    names.forEach((given, key) -> check(given, key, state.get(given), lasting.get(key).shape()));
    names.forEach((given, key) -> copy(state.get(given), lasting.get(key)));
  }

  private Map<String, Tensor> lasting() {
    Map<String, Tensor> lasting = new LinkedHashMap<>();
    for (Parameter parameter : parameters()) {
      lasting.put(parameter.name(), parameter.value());
    }
    lasting.putAll(buffers());
    return lasting;
  }

  private void checkNames(Map<String, Tensor> state, Map<String, String> names) {
    for (String given : state.keySet()) {
      Objects.requireNonNull(given, "a name in the state");
    }
    TreeSet<String> missing = new TreeSet<>(names.keySet());
    missing.removeAll(state.keySet());
    TreeSet<String> unknown = new TreeSet<>(state.keySet());
    unknown.removeAll(names.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw invalid(
          "state must have the names of the weight: missing " + missing + ", unknown " + unknown);
    }
  }

  private void check(String given, String key, Tensor tensor, Shape expected) {
    Objects.requireNonNull(tensor, given);
    if (!tensor.shape().equals(expected)) {
      throw invalid(
          given + " must have its shape: expected " + expected + ", got " + tensor.shape());
    }
    checkValues(key, tensor);
  }

  private void checkShape(String what, Tensor tensor) {
    if (!Objects.requireNonNull(tensor, what).shape().equals(shape)) {
      throw invalid(
          what + " must have the weight's shape: expected " + shape + ", got " + tensor.shape());
    }
  }

  final IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException(name + ": " + message);
  }

  /** A parameter that begins as a copy. */
  static Parameter parameter(String name, Tensor value) {
    return new Parameter(
        name, Tensor.of(value.shape(), value.toArray()), Tensor.zeros(value.shape()));
  }

  private static void copy(Tensor from, Tensor to) {
    System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), to.shape().size());
  }
}
