package io.github.normkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** What all layers share: the mode, the remembered input, the checks of a call, and the state. */
abstract class BaseLayer implements MaskedNormLayer {

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
    this.name = builder.layer();
    this.epsilon = builder.epsilon;
    this.pool = builder.pool;
    this.affine = affine;
    this.running = running;
  }

  /** Throws unless the layer takes this input; {@code inferring} if it is for infer. */
  abstract void checkInput(Tensor x, boolean inferring);

  /** How an input is packed by a mask, not full; throws unless the layer takes it. */
  abstract Packing packing(Shape shape, Mask mask, boolean inferring);

  /** The operation on samples or rows that are packed each for itself. */
  abstract PieceNorm pieces(Packing packing);

  /** What the layer does with the samples of an input; throws if it has no dimension for them. */
  abstract Samples samples(Shape shape);

  /** How the layer takes a weight and a bias for each sample. */
  abstract Modulation modulation();

  /** Takes statistics of pieces into the running ones, where a layer has them and now updates. */
  void keepRunning(Packing packing, double[] mean, double[] variance) {}

  /** Normalizes a checked input, not empty, and keeps its statistics. */
  abstract void normalizeAndKeep(Tensor x, Tensor out);

  /** Normalizes a checked input, not empty, as in evaluation and keeps nothing. */
  abstract void normalize(Tensor x, Tensor out);

  /** Back-propagates with the statistics kept; not called for an empty input. */
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
    if (x.shape().size() > 0) {
      normalizeAndKeep(x, out);
    }
    input = x;
    return out;
  }

  @Override
  public final Tensor forward(Tensor x, Mask mask) {
    Packing packing = checkMasked(x, mask, false);
    return checkedForward(x, packing, Tensor.zeros(x.shape()));
  }

  @Override
  public final Tensor forward(Tensor x, Mask mask, Tensor out) {
    Packing packing = checkMasked(x, mask, false);
    checkForwardOutput(x, out);
    return checkedForward(x, packing, out);
  }

  /** The packing, null if all positions count; throws unless the layer takes input and mask. */
  private Packing checkMasked(Tensor x, Mask mask, boolean inferring) {
    checkInput(Objects.requireNonNull(x, "x"), inferring);
    Packing packing = packing(x.shape(), Objects.requireNonNull(mask, "mask"), inferring);
    return mask.isFull() ? null : packing;
  }

  private Tensor checkedForward(Tensor x, Packing packing, Tensor out) {
    if (packing == null) {
      return checkedForward(x, out);
    }
    input = null;
    lastMasked = true;
    if (masked == null) {
      masked = new MaskedPass(this);
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

  @Override
  public final Tensor infer(Tensor x, Mask mask) {
    Packing packing = checkMasked(x, mask, true);
    return checkedInfer(x, packing, Tensor.zeros(x.shape()));
  }

  @Override
  public final Tensor infer(Tensor x, Mask mask, Tensor out) {
    Packing packing = checkMasked(x, mask, true);
    checkInferOutput(x, out);
    return checkedInfer(x, packing, out);
  }

  private Tensor checkedInfer(Tensor x, Packing packing, Tensor out) {
    if (packing == null) {
      return checkedInfer(x, out);
    }
    // One of its own: many threads may infer at once.
    new MaskedPass(this).infer(packing, x, out);
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
    } else if (dy.shape().size() > 0) {
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
