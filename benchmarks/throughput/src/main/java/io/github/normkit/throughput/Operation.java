package io.github.normkit.throughput;

/** A pass of a layer that is timed, with all that a call of it has to compute. */
public enum Operation {
  /** LayerNorm's output. */
  LAYER_FORWARD(Layer.LAYER, false),
  /** LayerNorm's gradients by input, weight and bias. */
  LAYER_BACKWARD(Layer.LAYER, true),
  /** RMSNorm's output. */
  RMS_FORWARD(Layer.RMS, false),
  /** RMSNorm's gradients by input and weight. */
  RMS_BACKWARD(Layer.RMS, true),
  /** BatchNorm's output by the batch's statistics; the running ones are updated. */
  BATCH_TRAIN(Layer.BATCH, false),
  /** BatchNorm's output by the running statistics. */
  BATCH_INFER(Layer.BATCH, false),
  /** BatchNorm's gradients by input, weight and bias, through the batch's statistics. */
  BATCH_BACKWARD(Layer.BATCH, true),
  /** GroupNorm's output. */
  GROUP_FORWARD(Layer.GROUP, false),
  /** GroupNorm's gradients by input, weight and bias. */
  GROUP_BACKWARD(Layer.GROUP, true),
  /** InstanceNorm's output. */
  INSTANCE_FORWARD(Layer.INSTANCE, false),
  /** InstanceNorm's gradients by input, weight and bias. */
  INSTANCE_BACKWARD(Layer.INSTANCE, true);

  /** The layer of an operation. */
  public enum Layer {
    /** LayerNorm. */
    LAYER,
    /** RMSNorm. */
    RMS,
    /** BatchNorm. */
    BATCH,
    /** GroupNorm. */
    GROUP,
    /** InstanceNorm. */
    INSTANCE
  }

  private final Layer layer;
  private final boolean backward;

  Operation(Layer layer, boolean backward) {
    this.layer = layer;
    this.backward = backward;
  }

  /** Returns the layer. */
  public Layer layer() {
    return layer;
  }

  /** Returns whether gradients are computed. */
  public boolean isBackward() {
    return backward;
  }

  /** Returns whether rows are normalized, with a shape of rows x columns; else channels. */
  public boolean isRows() {
    return layer == Layer.LAYER || layer == Layer.RMS;
  }

  /** Returns whether there is a bias; a weight there is always. */
  public boolean hasBias() {
    return layer != Layer.RMS;
  }

  /**
   * Returns the bytes that must move for an element: a float read and a float written, and backward
   * another read.
   */
  public int bytesPerElement() {
    return backward ? 12 : 8;
  }
}
