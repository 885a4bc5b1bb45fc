package io.github.normkit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Batch normalization whose weight and bias are rows of tables, chosen for each sample by its
 * class.
 *
 * <p>Dumoulin, Shlens and Kudlur, <a href="https://arxiv.org/abs/1610.07629">A Learned
 * Representation For Artistic Style</a>, 2016, choose them so for instance normalization; de Vries
 * et al., <a href="https://arxiv.org/abs/1707.00683">Modulating early visual processing by
 * language</a>, 2017, condition batch normalization; with classes it is that of the generators of
 * Zhang et al., <a href="https://arxiv.org/abs/1805.08318">SAGAN</a>, 2018, and Brock et al., <a
 * href="https://arxiv.org/abs/1809.11096">BigGAN</a>, 2018.
 *
 * <pre>{@code
 * y = xhat * weight[classes[n]] + bias[classes[n]]     for sample n
 * }</pre>
 *
 * <p>{@code xhat}, statistics and options are those of a {@link BatchNorm}: in training of the
 * whole batch, whatever the classes. Weight and bias have a row for each class and begin as 1 and
 * 0.
 *
 * <p>{@link #backward} goes through xhat as BatchNorm does, with {@code g = dy * weight[class]},
 * and adds into the gradients of the rows that were chosen:
 *
 * <pre>{@code
 * dWeight[k] = Σ over the samples of class k and their positions of dy * xhat
 * dBias[k]   = Σ over the same of dy
 * }</pre>
 *
 * <p>The samples of a class are summed in double in the order of the batch.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output as those of BatchNorm; N classes, each from 0 to the number of classes, which
 * it is below; weight and bias {@code (classes, C)}.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if there is not a class for each
 * sample or one is out of range. Every call, also one that is given its output, allocates two rows
 * of C floats for each sample and a little more: forward and infer the weights and biases that are
 * chosen, backward their gradients.
 *
 * <pre>{@code
 * ConditionalBatchNorm norm = new ConditionalBatchNorm(10, 64);
 * Tensor y = norm.forward(x, 3, 1, 3);      // x: (3, 64, H, W)
 * Tensor dx = norm.backward(dy);            // adds into rows 1 and 3 of the gradients
 * }</pre>
 */
public final class ConditionalBatchNorm {

  private static final String NAME = "ConditionalBatchNorm";

  private final int classes;
  private final int channels;
  private final BatchNorm norm;
  private final ModulatedNorm modulated;
  private final AffineParameters tables;
  private int[] chosen;

  /**
   * Makes a layer with the defaults of {@link BatchNorm}.
   *
   * @param classes the number of classes, at least 1
   * @param channels the number of channels, at least 1
   * @throws IllegalArgumentException if one is less
   */
  public ConditionalBatchNorm(int classes, int channels) {
    this(classes, BatchNorm.builder(channels).affine(false).build());
  }

  /**
   * Makes a layer with the options of a BatchNorm.
   *
   * @param classes the number of classes, at least 1
   * @param norm the layer that normalizes, without weight and bias; its mode and running statistics
   *     are those of this layer
   * @throws IllegalArgumentException if there are no classes, or the layer has a weight or a bias
   */
  public ConditionalBatchNorm(int classes, BatchNorm norm) {
    this.classes = Errors.atLeastOne(NAME, "classes", classes);
    this.norm = Objects.requireNonNull(norm, "norm");
    modulated = new ModulatedNorm(norm);
    channels = norm.channels;
    if (!Shape.fitsInt(classes, channels)) {
      throw new IllegalArgumentException(
          NAME
              + ": the tables must fit an int: got classes="
              + classes
              + ", channels="
              + channels
              + ", limit "
              + Integer.MAX_VALUE);
    }
    tables = new AffineParameters(Shape.of(classes, channels), true, true, false);
  }

  /**
   * Normalizes a tensor and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @param classes the class of each sample; copied
   * @return a new tensor of the input's shape
   */
  public Tensor forward(Tensor x, int... classes) {
    check(x, classes, false);
    return checkedForward(x, classes, Tensor.zeros(x.shape()));
  }

  /**
   * Normalizes a tensor into another and remembers what backward needs.
   *
   * @param x the input. Not modified, but kept until the next forward.
   * @param out the output, of the input's shape; must not overlap the input. Modified.
   * @param classes the class of each sample; copied
   * @return {@code out}
   */
  public Tensor forward(Tensor x, Tensor out, int... classes) {
    check(x, classes, false);
    norm.checkForwardOutput(x, out);
    return checkedForward(x, classes, out);
  }

  private Tensor checkedForward(Tensor x, int[] classes, Tensor out) {
    chosen = classes.clone();
    return modulated.forward(x, rows(0, chosen), rows(1, chosen), out);
  }

  /**
   * Normalizes a tensor as in evaluation mode, whatever the mode is; remembers and changes nothing.
   *
   * @param x the input. Not modified.
   * @param classes the class of each sample. Not modified.
   * @return a new tensor of the input's shape
   */
  public Tensor infer(Tensor x, int... classes) {
    check(x, classes, true);
    return modulated.infer(x, rows(0, classes), rows(1, classes));
  }

  /**
   * Normalizes a tensor into another as in evaluation mode, whatever the mode is; remembers and
   * changes nothing else.
   *
   * @param x the input. Not modified unless it is {@code out}.
   * @param out the output, of the input's shape; may be {@code x} itself. Modified.
   * @param classes the class of each sample. Not modified.
   * @return {@code out}
   */
  public Tensor infer(Tensor x, Tensor out, int... classes) {
    check(x, classes, true);
    norm.checkInferOutput(x, out);
    return modulated.infer(x, rows(0, classes), rows(1, classes), out);
  }

  /** The rows of a table that are chosen, copied together. */
  private Tensor rows(int table, int[] classes) {
    float[] from = tables.list().get(table).value().array();
    Tensor rows = Tensor.zeros(Shape.of(classes.length, channels));
    for (int i = 0; i < classes.length; i++) {
      System.arraycopy(from, classes[i] * channels, rows.array(), i * channels, channels);
    }
    return rows;
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the tables.
   *
   * @param dy the gradient of the loss by the output. Not modified.
   * @return the gradient of the loss by the input, a new tensor
   * @throws IllegalStateException if there was no forward before it
   */
  public Tensor backward(Tensor dy) {
    return add(modulated.backward(dy));
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the tables.
   *
   * @param dy the gradient of the loss by the output. Not modified unless it is {@code dx}.
   * @param dx receives the gradient of the loss by the input; may be {@code dy} itself, but not the
   *     input of forward. Modified.
   * @return {@code dx}
   * @throws IllegalStateException if there was no forward before it
   */
  public Tensor backward(Tensor dy, Tensor dx) {
    return add(modulated.backward(dy, dx));
  }

  private Tensor add(ModulatedNorm.Gradients gradients) {
    double[] sums = new double[channels];
    boolean[] done = new boolean[classes];
    for (int first = 0; first < chosen.length; first++) {
      if (!done[chosen[first]]) {
        done[chosen[first]] = true;
        add(first, gradients.dWeight(), tables.list().get(0).gradient(), sums);
        add(first, gradients.dBias(), tables.list().get(1).gradient(), sums);
      }
    }
    return gradients.dx();
  }

  /** Adds what the samples of a class give, from its first one on, to the row of the class. */
  private void add(int first, Tensor samples, Tensor table, double[] sums) {
    Arrays.fill(sums, 0);
    for (int i = first; i < chosen.length; i++) {
      if (chosen[i] == chosen[first]) {
        for (int c = 0; c < channels; c++) {
          sums[c] += samples.array()[i * channels + c];
        }
      }
    }
    int row = chosen[first] * channels;
    for (int c = 0; c < channels; c++) {
      table.array()[row + c] = (float) (table.array()[row + c] + sums[c]);
    }
  }

  private void check(Tensor x, int[] chosen, boolean inferring) {
    norm.checkInput(Objects.requireNonNull(x, "x"), inferring);
    Objects.requireNonNull(chosen, "classes");
    if (chosen.length != x.shape().dim(0)) {
      throw new IllegalArgumentException(
          NAME
              + ": there must be one class for each sample: expected "
              + x.shape().dim(0)
              + " for "
              + x.shape()
              + ", got "
              + chosen.length);
    }
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] < 0 || chosen[i] >= classes) {
        throw new IllegalArgumentException(
            NAME
                + ": a class must lie in [0, "
                + classes
                + "): got "
                + chosen[i]
                + " at index "
                + i);
      }
    }
  }

  /** Switches to training mode. */
  public void train() {
    norm.train();
  }

  /** Switches to evaluation mode. */
  public void eval() {
    norm.eval();
  }

  /**
   * Returns the mode.
   *
   * @return true in training mode, false in evaluation mode
   */
  public boolean isTraining() {
    return norm.isTraining();
  }

  /**
   * Returns the tables.
   *
   * @return {@code weight} and {@code bias}, a row for each class; unmodifiable
   */
  public List<Parameter> parameters() {
    return tables.list();
  }

  /** Sets the gradients of the tables to zero. */
  public void zeroGrad() {
    tables.zeroGrad();
  }

  /**
   * Returns a snapshot of tables and running statistics, under the names that {@link
   * NormLayer#state} gives them.
   *
   * @return copies
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Parameter table : tables.list()) {
      Tensor value = table.value();
      state.put(table.name(), Tensor.of(value.shape(), value.toArray()));
    }
    state.putAll(norm.state());
    return state;
  }

  /**
   * Takes over a state from {@link #state}; all of it or, on an error, nothing.
   *
   * @param state the named tensors; copied
   * @throws IllegalArgumentException as {@link NormLayer#loadState} says
   */
  public void loadState(Map<String, Tensor> state) {
    int running = norm.running() == null ? 0 : channels;
    State.check(NAME, state, State.required(tables, running), State.optional(running));
    Map<String, Tensor> statistics = new LinkedHashMap<>(state);
    for (Parameter table : tables.list()) {
      Tensor from = statistics.remove(table.name());
      System.arraycopy(from.array(), from.offset(), table.value().array(), 0, from.shape().size());
    }
    norm.loadState(statistics);
  }
}
