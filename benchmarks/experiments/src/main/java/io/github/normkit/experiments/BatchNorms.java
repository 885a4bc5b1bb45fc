package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.NormLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** BatchNorm everywhere, with an option; keeps what it makes at hand. */
final class BatchNorms implements Norms {

  private final UnaryOperator<BatchNorm.Builder> option;
  private final List<BatchNorm> made = new ArrayList<>();

  BatchNorms(UnaryOperator<BatchNorm.Builder> option) {
    this.option = option;
  }

  @Override
  public Optional<NormLayer> forImages(int channels, int height, int width) {
    return make(channels);
  }

  @Override
  public Optional<NormLayer> forFeatures(int features) {
    return make(features);
  }

  private Optional<NormLayer> make(int channels) {
    BatchNorm layer = option.apply(BatchNorm.builder(channels)).build();
    made.add(layer);
    return Optional.of(layer);
  }

  /** Returns the layers that were made. */
  List<BatchNorm> made() {
    return List.copyOf(made);
  }
}
