package io.github.normkit.throughput;

/** A pass of a layer that is timed, with all that a call of it has to compute. */
public enum Operation {
  /** LayerNorm's output. */
  LAYER_FORWARD(Layer.LAYER, 8),
  /** LayerNorm's gradients by input, weight and bias. */
  LAYER_BACKWARD(Layer.LAYER, 12),
  /** RMSNorm's output. */
  RMS_FORWARD(Layer.RMS, 8),
  /** RMSNorm's gradients by input and weight. */
  RMS_BACKWARD(Layer.RMS, 12),
  /** The sum of input and residual, and RMSNorm's output of it. */
  ADD_RMS_FORWARD(Layer.RMS, 16),
  /** BatchNorm's output by the batch's statistics; the running ones are updated. */
  BATCH_TRAIN(Layer.BATCH, 8),
  /** BatchNorm's output by the running statistics. */
  BATCH_INFER(Layer.BATCH, 8),
  /** BatchNorm's gradients by input, weight and bias, through the batch's statistics. */
  BATCH_BACKWARD(Layer.BATCH, 12),
  /** GroupNorm's output. */
  GROUP_FORWARD(Layer.GROUP, 8),
  /** GroupNorm's gradients by input, weight and bias. */
  GROUP_BACKWARD(Layer.GROUP, 12),
  /** InstanceNorm's output. */
  INSTANCE_FORWARD(Layer.INSTANCE, 8),
  /** InstanceNorm's gradients by input, weight and bias. */
  INSTANCE_BACKWARD(Layer.INSTANCE, 12);

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
  private final int bytesPerElement;

  Operation(Layer layer, int bytesPerElement) {
    this.layer = layer;
    this.bytesPerElement = bytesPerElement;
  }

  /** Returns the layer. */
  public Layer layer() {
    return layer;
  }

  /** Returns whether gradients are computed. */
  public boolean isBackward() {
    return name().endsWith("_BACKWARD");
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
   * Returns the bytes that must move for an element: forward a float read and a float written,
   * backward another read, and with a residual another of both.
   */
  public int bytesPerElement() {
    return bytesPerElement;
  }
}
