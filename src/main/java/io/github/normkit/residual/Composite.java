package io.github.normkit.residual;

import io.github.normkit.AddNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.functional.Residual;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What all wrappers share: the checks of a call, and their parts, each with a prefix of names. */
abstract class Composite implements Sublayer {

  private final String name;
  private final Map<String, Sublayer> parts = new LinkedHashMap<>();
  private Shape forwarded;

  Composite(String name) {
    this.name = name;
  }

  /** Adds a part, whose names begin with the prefix and a dot. */
  final void part(String prefix, Sublayer part) {
    parts.put(prefix, Objects.requireNonNull(part, prefix));
  }

  /** The output for an input; by forward of the parts, which keep it, or by their infer. */
  abstract Tensor output(Tensor x, boolean keep);

  /** The gradient of the input; follows an output. */
  abstract Tensor gradient(Tensor dy);

  /**
   * Applies the wrapped layers and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @return a new tensor of the input's shape
   * @throws IllegalArgumentException if the norm does not take the input, or if a sublayer gives
   *     another shape than it was given, which is seen only when it has run
   */
  @Override
  public final Tensor forward(Tensor x) {
    Objects.requireNonNull(x, "x");
    forwarded = null;
    Tensor y = output(x, true);
    forwarded = x.shape();
    return y;
  }

  /**
   * Applies the wrapped layers as in evaluation mode, whatever the mode is; remembers and changes
   * nothing. Many threads may call it at once if they may call the functions' own.
   *
   * @param x the input. Not modified.
   * @return a new tensor of the input's shape
   * @throws IllegalArgumentException as {@link #forward} says
   * @throws UnsupportedOperationException if a function has no {@link Sublayer#infer}
   */
  @Override
  public final Tensor infer(Tensor x) {
    return output(Objects.requireNonNull(x, "x"), false);
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the parameters.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradient of the loss by the input, a new tensor
   * @throws IllegalStateException if there was no forward before it
   * @throws IllegalArgumentException if {@code dy} has not the input's shape, or if a sublayer
   *     gives another shape than it was given
   */
  @Override
  public final Tensor backward(Tensor dy) {
    Objects.requireNonNull(dy, "dy");
    if (forwarded == null) {
      throw new IllegalStateException(name + ": backward must follow a forward: got none before");
    }
    checkShape("dy must have the input's shape", forwarded, dy.shape());
    return gradient(dy);
  }

  final Tensor outputOf(Sublayer sublayer, Tensor x, boolean keep) {
    Tensor y = keep ? sublayer.forward(x) : sublayer.infer(x);
    Objects.requireNonNull(y, "the sublayer's output");
    checkShape("a sublayer's output must have its input's shape", x.shape(), y.shape());
    return y;
  }

  static Tensor outputOf(NormLayer norm, Tensor x, boolean keep) {
    return keep ? norm.forward(x) : norm.infer(x);
  }

  static AddNorm.Result outputOf(AddNorm norm, Tensor x, Tensor residual, boolean keep) {
    return keep ? norm.forward(x, residual) : norm.infer(x, residual);
  }

  final Tensor gradientOf(Sublayer sublayer, Tensor dy) {
    Tensor dx = Objects.requireNonNull(sublayer.backward(dy), "the sublayer's gradient");
    checkShape("a sublayer's gradient must have its input's shape", dy.shape(), dx.shape());
    return dx;
  }

  private void checkShape(String rule, Shape expected, Shape got) {
    if (!got.equals(expected)) {
      throw new IllegalArgumentException(
          name + ": " + rule + ": expected " + expected + ", got " + got);
    }
  }

  /** A new tensor, {@code x + scale * residual}. */
  static Tensor sum(Tensor x, Tensor residual, double scale) {
    Tensor sum = Tensor.zeros(x.shape());
    Residual.add(
        x.array(),
        x.offset(),
        residual.array(),
        residual.offset(),
        (float) scale,
        sum.array(),
        0,
        x.shape().size(),
        null);
    return sum;
  }

  @Override
  public final void train() {
    parts.values().forEach(Sublayer::train);
  }

  @Override
  public final void eval() {
    parts.values().forEach(Sublayer::eval);
  }

  /** Returns the parameters of all parts, each name after the prefix of its part; unmodifiable. */
  @Override
  public final List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    parts.forEach(
        (prefix, part) -> {
          for (Parameter p : part.parameters()) {
            all.add(new Parameter(prefix + "." + p.name(), p.value(), p.gradient()));
          }
        });
    return List.copyOf(all);
  }

  @Override
  public final void zeroGrad() {
    parts.values().forEach(Sublayer::zeroGrad);
  }

  /** Returns a snapshot of the states of all parts, each name after the prefix of its part. */
  @Override
  public final Map<String, Tensor> state() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    parts.forEach(
        (prefix, part) ->
            part.state().forEach((name, tensor) -> all.put(prefix + "." + name, tensor)));
    return all;
  }

  @Override
  public final void loadState(Map<String, Tensor> state) {
    Map<String, Map<String, Tensor>> states = byPart(Objects.requireNonNull(state, "state"));
    Map<String, Map<String, Tensor>> before = byPart(state());
    List<String> loaded = new ArrayList<>();
    for (Map.Entry<String, Sublayer> part : parts.entrySet()) {
      String prefix = part.getKey();
      try {
        part.getValue().loadState(states.get(prefix));
        loaded.add(prefix);
      } catch (RuntimeException e) {
        loaded.forEach(p -> parts.get(p).loadState(before.get(p)));
        throw e instanceof IllegalArgumentException
            ? new IllegalArgumentException(name + ": " + prefix + ": " + e.getMessage(), e)
            : e;
      }
    }
  }

  private Map<String, Map<String, Tensor>> byPart(Map<String, Tensor> state) {
    Map<String, Map<String, Tensor>> states = new LinkedHashMap<>();
    parts.keySet().forEach(prefix -> states.put(prefix, new LinkedHashMap<>()));
    List<String> unknown = new ArrayList<>();
    state.forEach(
        (key, tensor) -> {
          String prefix = prefixOf(Objects.requireNonNull(key, "a name in the state"));
          if (prefix == null) {
            unknown.add(key);
          } else {
            states
                .get(prefix)
                .put(key.substring(prefix.length() + 1), Objects.requireNonNull(tensor, key));
          }
        });
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + ": names in the state must begin with that of a part: expected one of "
              + parts.keySet()
              + ", got "
              + unknown);
    }
    return states;
  }

  private String prefixOf(String key) {
    for (String prefix : parts.keySet()) {
      if (key.startsWith(prefix + ".")) {
        return prefix;
      }
    }
    return null;
  }
}
