package io.github.normkit.throughput;

import java.util.Map;

/** A pass of a system around the layers that is timed. */
public enum AroundPass implements Checked {
  /** QK-norm of the heads inside packed rows, in place. */
  QK_FORWARD,
  /** The gradients of it, in place. */
  QK_BACKWARD,
  /** DyT. */
  DYT_FORWARD,
  /** The gradients of it. */
  DYT_BACKWARD,
  /** Local response normalization. */
  LOCAL_RESPONSE_FORWARD,
  /** The gradient of it. */
  LOCAL_RESPONSE_BACKWARD,
  /** Filter response normalization with its threshold. */
  FILTER_RESPONSE_FORWARD,
  /** The gradients of it. */
  FILTER_RESPONSE_BACKWARD,
  /** LayerNorm that skips the padding. */
  MASKED_LAYER_FORWARD,
  /** The gradients of it. */
  MASKED_LAYER_BACKWARD,
  /** BatchNorm in training by the statistics of what is no padding. */
  MASKED_BATCH_FORWARD,
  /** The gradients of it. */
  MASKED_BATCH_BACKWARD,
  /** LayerNorm with a scale and a shift for each sample. */
  MODULATED_LAYER_FORWARD,
  /** The gradients of it. */
  MODULATED_LAYER_BACKWARD,
  /** Weight normalization. */
  WEIGHT_NORM_FORWARD,
  /** The gradients of it. */
  WEIGHT_NORM_BACKWARD,
  /** Weight standardization with gains. */
  WEIGHT_STANDARDIZATION_FORWARD,
  /** The gradients of it. */
  WEIGHT_STANDARDIZATION_BACKWARD,
  /** Spectral normalization with one power iteration. */
  SPECTRAL_NORM_FORWARD,
  /** The gradient of it. */
  SPECTRAL_NORM_BACKWARD;

  private AroundSystem system() {
    return switch (this) {
      case QK_FORWARD, QK_BACKWARD -> new QKNormSystem();
      case DYT_FORWARD, DYT_BACKWARD -> new DynamicTanhSystem();
      case LOCAL_RESPONSE_FORWARD, LOCAL_RESPONSE_BACKWARD -> new LocalResponseSystem();
      case FILTER_RESPONSE_FORWARD, FILTER_RESPONSE_BACKWARD -> new FilterResponseSystem();
      case MASKED_LAYER_FORWARD, MASKED_LAYER_BACKWARD -> new MaskedLayerSystem();
      case MASKED_BATCH_FORWARD, MASKED_BATCH_BACKWARD -> new MaskedBatchSystem();
      case MODULATED_LAYER_FORWARD, MODULATED_LAYER_BACKWARD -> new ModulatedLayerSystem();
      case WEIGHT_NORM_FORWARD, WEIGHT_NORM_BACKWARD -> new WeightNormSystem();
      case WEIGHT_STANDARDIZATION_FORWARD, WEIGHT_STANDARDIZATION_BACKWARD ->
          new WeightStandardizationSystem();
      case SPECTRAL_NORM_FORWARD, SPECTRAL_NORM_BACKWARD -> new SpectralNormSystem();
    };
  }

  private boolean isBackward() {
    return name().endsWith("_BACKWARD");
  }

  /** Returns the size of what is normalized. */
  String shape() {
    return system().shape();
  }

  /** Returns the bytes that must move. */
  long bytes() {
    return system().bytes(isBackward());
  }

  /** Returns the call by normkit. */
  Call bind() {
    return system().bind(isBackward());
  }

  @Override
  public Map<String, double[]> expected() {
    return system().expected(isBackward());
  }
}
