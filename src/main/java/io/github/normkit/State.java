package io.github.normkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The names in a layer's state and the checks before one is taken over. */
final class State {

  static final String RUNNING_MEAN = "running_mean";
  static final String RUNNING_VAR = "running_var";
  static final String NUM_BATCHES_TRACKED = "num_batches_tracked";
  static final String RUNNING_RESIDUAL = "running_residual";

  private State() {}

  /** The names and shapes that a layer requires. */
  static Map<String, Shape> required(AffineParameters affine, int runningChannels) {
    Map<String, Shape> names = new LinkedHashMap<>();
    for (Parameter parameter : affine.list()) {
      names.put(parameter.name(), parameter.value().shape());
    }
    if (runningChannels > 0) {
      names.put(RUNNING_MEAN, Shape.of(runningChannels));
      names.put(RUNNING_VAR, Shape.of(runningChannels));
    }
    return names;
  }

  /** The names and shapes that may be missing. */
  static Map<String, Shape> optional(int runningChannels) {
    return runningChannels == 0
        ? Map.of()
        : Map.of(NUM_BATCHES_TRACKED, Shape.of(), RUNNING_RESIDUAL, Shape.of(2, runningChannels));
  }

  /** Checks names, shapes and values, in this order. */
  static void check(
      String layer,
      Map<String, Tensor> state,
      Map<String, Shape> required,
      Map<String, Shape> optional) {
    Objects.requireNonNull(state, "state");
    for (String name : state.keySet()) {
      Objects.requireNonNull(name, "a name in the state");
    }
    TreeSet<String> missing = new TreeSet<>(required.keySet());
    missing.removeAll(state.keySet());
    TreeSet<String> unknown = new TreeSet<>(state.keySet());
    unknown.removeAll(required.keySet());
    unknown.removeAll(optional.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          layer
              + ": state must have the names of the layer: missing "
              + missing
              + ", unknown "
              + unknown);
    }
    state.forEach(
        (name, tensor) -> {
          Shape expected = required.containsKey(name) ? required.get(name) : optional.get(name);
          shape(layer, name, Objects.requireNonNull(tensor, name), expected);
        });
    if (state.containsKey(RUNNING_MEAN)) {
      values(layer, RUNNING_MEAN, state.get(RUNNING_MEAN), -Float.MAX_VALUE, Float.MAX_VALUE);
      values(layer, RUNNING_VAR, state.get(RUNNING_VAR), 0, Float.POSITIVE_INFINITY);
      count(layer, state.get(NUM_BATCHES_TRACKED));
      if (state.containsKey(RUNNING_RESIDUAL)) {
        residual(layer, state);
      }
    }
  }

  /** A residual is what float rounds off, so that adding it and rounding again changes nothing. */
  private static void residual(String layer, Map<String, Tensor> state) {
    float[] mean = state.get(RUNNING_MEAN).toArray();
    float[] variance = state.get(RUNNING_VAR).toArray();
    float[] residual = state.get(RUNNING_RESIDUAL).toArray();
    for (int i = 0; i < residual.length; i++) {
      float value = i < mean.length ? mean[i] : variance[i - mean.length];
      if ((float) ((double) value + residual[i]) != value) {
        throw new IllegalArgumentException(
            layer
                + ": "
                + RUNNING_RESIDUAL
                + " must be less than the rounding of its running value: got "
                + residual[i]
                + " for "
                + value
                + " at index "
                + i);
      }
    }
  }

  private static void shape(String layer, String name, Tensor tensor, Shape expected) {
    if (!tensor.shape().equals(expected)) {
      throw new IllegalArgumentException(
          layer
              + ": "
              + name
              + " must have the layer's shape: expected "
              + expected
              + ", got "
              + tensor.shape());
    }
  }

  private static void values(String layer, String name, Tensor tensor, float least, float largest) {
    float[] values = tensor.toArray();
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= least && values[i] <= largest)) {
        throw new IllegalArgumentException(
            layer
                + ": "
                + name
                + " must lie in ["
                + least
                + ", "
                + largest
                + "]: got "
                + values[i]
                + " at index "
                + i);
      }
    }
  }

  /** Checks the number of batches, which may be missing. */
  private static void count(String layer, Tensor tensor) {
    if (tensor != null && !(tensor.get() >= 0 && tensor.get() % 1 == 0)) {
      throw new IllegalArgumentException(
          layer
              + ": "
              + NUM_BATCHES_TRACKED
              + " must be a whole number of at least 0: got "
              + tensor.get());
    }
  }
}
