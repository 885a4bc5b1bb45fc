package io.github.normkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** What all layers share: the mode, the remembered input, the checks of a call, and the state. */
abstract class BaseLayer implements NormLayer {

  private final String name;
  private final AffineParameters affine;
  private final RunningStatistics running;
  private boolean training = true;
  private Tensor input;

  /** What forward does with a mask; made by the first. */
  private MaskedPass masked;

  /** Whether the last forward was with a mask. */
  private boolean lastMasked;

  final double epsilon;
  final ForkJoinPool pool;

  /** Without running statistics {@code running} is null. */
  BaseLayer(NormBuilder<?> builder, AffineParameters affine, RunningStatistics running) {
    this(builder, builder.epsilon, affine, running);
    if (builder.zeroWeight) {
      affine.zeroWeight();
    }
  }

  /** For layers that have no weight and bias to choose, or no ε. */
  BaseLayer(
      LayerBuilder<?> builder, double epsilon, AffineParameters affine, RunningStatistics running) {
    this.name = builder.layer();
    this.epsilon = epsilon;
    this.pool = builder.pool;
    this.affine = affine;
    this.running = running;
  }

  /** Throws unless the layer takes this input; {@code inferring} if it is for infer. */
  abstract void checkInput(Tensor x, boolean inferring);

  /** Throws unless the layer takes this input where the mask counts. */
  void checkInput(Tensor x, Mask mask, boolean inferring) {
    checkInput(x, inferring);
  }

  /** Whether even an empty input is to be normalized, as others wait for this replica. */
  boolean takesEmpty() {
    return false;
  }

  /** How the layer takes masks, and a weight and a bias for each sample; null if it does not. */
  Masking masking() {
    return null;
  }

  /** Normalizes a checked input, empty only if that is taken, and keeps its statistics. */
  abstract void normalizeAndKeep(Tensor x, Tensor out);

  /** Normalizes a checked input, not empty, as in evaluation and keeps nothing. */
  abstract void normalize(Tensor x, Tensor out);

  /** Back-propagates with the statistics kept; for an empty input only if that is taken. */
  abstract void gradient(Tensor dy, Tensor x, Tensor dx);

  @Override
  public final Tensor forward(Tensor x) {
    checkInput(Objects.requireNonNull(x, "x"), false);
    return checkedForward(x, Tensor.zeros(x.shape()));
  }

  @Override
  public final Tensor forward(Tensor x, Tensor out) {
    checkInput(Objects.requireNonNull(x, "x"), false);
    checkForwardOutput(x, out);
    return checkedForward(x, out);
  }

  final void checkForwardOutput(Tensor x, Tensor out) {
    checkShape("out", Objects.requireNonNull(out, "out"), x.shape());
    if (out.overlaps(x)) {
      throw overlap("out", "the input, which backward needs; infer may run in place", out, x);
    }
  }

  private Tensor checkedForward(Tensor x, Tensor out) {
    // Until the statistics are kept as a whole there is nothing to go back to.
    input = null;
    lastMasked = false;
    if (x.shape().size() > 0 || takesEmpty()) {
      normalizeAndKeep(x, out);
    }
    input = x;
    return out;
  }

  /** Takes note of the input, or null for none, whose statistics were kept for backward. */
  final void keep(Tensor x) {
    lastMasked = false;
    input = x;
  }

  /** Whether what was kept is that of a forward with a mask. */
  final boolean keptMasked() {
    return lastMasked;
  }

  /** The input of the last forward, or null. */
  final Tensor input() {
    return input;
  }

  /** Forward of a layer that takes masks. */
  final Tensor maskedForward(Tensor x, Mask mask) {
    Packing packing = checkMasked(x, mask, false);
    return checkedForward(x, packing, Tensor.zeros(x.shape()));
  }

  /** The same into another tensor. */
  final Tensor maskedForward(Tensor x, Mask mask, Tensor out) {
    Packing packing = checkMasked(x, mask, false);
    checkForwardOutput(x, out);
    return checkedForward(x, packing, out);
  }

  /** The packing, null if all positions count; throws unless the layer takes input and mask. */
  private Packing checkMasked(Tensor x, Mask mask, boolean inferring) {
    Objects.requireNonNull(x, "x");
    checkInput(x, Objects.requireNonNull(mask, "mask"), inferring);
    Packing packing = masking().packing(x.shape(), mask, inferring);
    return mask.isFull() ? null : packing;
  }

  private Tensor checkedForward(Tensor x, Packing packing, Tensor out) {
    if (packing == null) {
      return checkedForward(x, out);
    }
    input = null;
    lastMasked = true;
    if (masked == null) {
      masked = new MaskedPass(this, masking());
    }
    masked.forward(packing, x, out);
    input = x;
    return out;
  }

  @Override
  public final Tensor infer(Tensor x) {
    checkInput(Objects.requireNonNull(x, "x"), true);
    return checkedInfer(x, Tensor.zeros(x.shape()));
  }

  @Override
  public final Tensor infer(Tensor x, Tensor out) {
    checkInput(Objects.requireNonNull(x, "x"), true);
    checkInferOutput(x, out);
    return checkedInfer(x, out);
  }

  final void checkInferOutput(Tensor x, Tensor out) {
    checkShape("out", Objects.requireNonNull(out, "out"), x.shape());
    if (out.overlaps(x) && !out.sameStorage(x)) {
      throw overlap("out", "the input unless it is the input exactly", out, x);
    }
  }

  /** Infer of a layer that takes masks. */
  final Tensor maskedInfer(Tensor x, Mask mask) {
    Packing packing = checkMasked(x, mask, true);
    return checkedInfer(x, packing, Tensor.zeros(x.shape()));
  }

  /** The same into another tensor. */
  final Tensor maskedInfer(Tensor x, Mask mask, Tensor out) {
    Packing packing = checkMasked(x, mask, true);
    checkInferOutput(x, out);
    return checkedInfer(x, packing, out);
  }

  private Tensor checkedInfer(Tensor x, Packing packing, Tensor out) {
    if (packing == null) {
      return checkedInfer(x, out);
    }
    // One of its own: many threads may infer at once.
    new MaskedPass(this, masking()).infer(packing, x, out);
    return out;
  }

  private Tensor checkedInfer(Tensor x, Tensor out) {
    if (x.shape().size() > 0) {
      normalize(x, out);
    }
    return out;
  }

  @Override
  public final Tensor backward(Tensor dy) {
    checkGradient(dy, input);
    return checkedBackward(dy, Tensor.zeros(dy.shape()));
  }

  @Override
  public final Tensor backward(Tensor dy, Tensor dx) {
    checkGradient(dy, input);
    checkGradientOutput(dy, input, dx);
    return checkedBackward(dy, dx);
  }

  final void checkGradientOutput(Tensor dy, Tensor input, Tensor dx) {
    checkShape("dx", Objects.requireNonNull(dx, "dx"), input.shape());
    if (dx.overlaps(dy) && !dx.sameStorage(dy)) {
      throw overlap("dx", "dy unless it is dy exactly", dx, dy);
    }
    if (dx.overlaps(input)) {
      throw overlap("dx", "the input of forward", dx, input);
    }
  }

  /** Throws unless there was a forward, whose input is then not null, and dy fits it. */
  final void checkGradient(Tensor dy, Tensor input) {
    Objects.requireNonNull(dy, "dy");
    if (input == null) {
      throw new IllegalStateException(name + ": backward must follow a forward: got none before");
    }
    checkShape("dy", dy, input.shape());
  }

  private Tensor checkedBackward(Tensor dy, Tensor dx) {
    if (lastMasked) {
      masked.backward(dy, dx);
    } else if (dy.shape().size() > 0 || takesEmpty()) {
      gradient(dy, input, dx);
    }
    return dx;
  }

  private void checkShape(String what, Tensor tensor, Shape expected) {
    if (!tensor.shape().equals(expected)) {
      throw invalid(
          what + " must have the input's shape: expected " + expected + ", got " + tensor.shape());
    }
  }

  private IllegalArgumentException overlap(String what, String rule, Tensor a, Tensor b) {
    return invalid(
        what
            + " must not overlap "
            + rule
            + ": got offsets "
            + a.offset()
            + " and "
            + b.offset()
            + " of one array, "
            + a.shape().size()
            + " elements each");
  }

  final IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException(name + ": " + message);
  }

  final String name() {
    return name;
  }

  final AffineParameters affine() {
    return affine;
  }

  /** The running statistics, or null. */
  final RunningStatistics running() {
    return running;
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
  public final List<Parameter> parameters() {
    return affine.list();
  }

  @Override
  public final void zeroGrad() {
    affine.zeroGrad();
  }

  @Override
  public final Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Parameter parameter : affine.list()) {
      Tensor value = parameter.value();
      state.put(parameter.name(), Tensor.of(value.shape(), value.toArray()));
    }
    if (running != null) {
      running.save(state);
    }
    return state;
  }

  @Override
  public final void loadState(Map<String, Tensor> state) {
    int runningChannels = running == null ? 0 : running.mean().length;
    State.check(
        name, state, State.required(affine, runningChannels), State.optional(runningChannels));
    for (Parameter parameter : affine.list()) {
      Tensor from = state.get(parameter.name());
      Tensor to = parameter.value();
      System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), to.shape().size());
    }
    if (running != null) {
      running.load(state);
    }
  }
}
