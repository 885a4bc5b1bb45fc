package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.GroupNorm;
import io.github.normkit.InstanceNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import java.util.Optional;

/** What normalizes the network. */
enum Variant implements Norms {
  NONE("none"),
  BATCH_NORM("BatchNorm"),
  LAYER_NORM("LayerNorm"),
  GROUP_NORM("GroupNorm"),
  INSTANCE_NORM("InstanceNorm"),
  RMS_NORM("RMSNorm");

  private static final int GROUPS = 4;

  private final String label;

  Variant(String label) {
    this.label = label;
  }

  /** Returns the name to print. */
  String label() {
    return label;
  }

  @Override
  public Optional<NormLayer> forImages(int channels, int height, int width) {
    return switch (this) {
      case NONE -> Optional.empty();
      case BATCH_NORM -> Optional.of(new BatchNorm(channels));
      case LAYER_NORM -> Optional.of(new LayerNorm(channels, height, width));
      case GROUP_NORM -> Optional.of(new GroupNorm(GROUPS, channels));
      case INSTANCE_NORM -> Optional.of(InstanceNorm.builder(channels).affine(true).build());
      case RMS_NORM -> Optional.of(new RMSNorm(channels, height, width));
    };
  }

  @Override
  public Optional<NormLayer> forFeatures(int features) {
    return switch (this) {
      case NONE, GROUP_NORM, INSTANCE_NORM -> Optional.empty();
      case BATCH_NORM -> Optional.of(new BatchNorm(features));
      case LAYER_NORM -> Optional.of(new LayerNorm(features));
      case RMS_NORM -> Optional.of(new RMSNorm(features));
    };
  }
}
