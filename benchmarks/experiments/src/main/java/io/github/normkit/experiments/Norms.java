package io.github.normkit.experiments;

import io.github.normkit.NormLayer;
import java.util.Optional;

/** Makes the normalization layers of a network, new ones each time. */
interface Norms {

  /** Returns the layer for the output of a convolution, (N, C, H, W), if there is one for it. */
  Optional<NormLayer> forImages(int channels, int height, int width);

  /** Returns the layer for the output of a dense layer, (N, C), if there is one for it. */
  Optional<NormLayer> forFeatures(int features);
}
