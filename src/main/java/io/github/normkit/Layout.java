package io.github.normkit;

/** Where the channel axis stands in the shape of an image-like tensor. Neither is transposed. */
public enum Layout {
  /** {@code (N, C, ...)}: the channel follows the batch, as in PyTorch and ONNX; the default. */
  CHANNELS_FIRST,
  /** {@code (N, ..., C)}: the channel is the innermost dimension, as in Keras and Flax. */
  CHANNELS_LAST
}
