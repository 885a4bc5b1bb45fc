/**
 * Normalization layers for Java, forward and backward, without run-time dependencies.
 *
 * <p>{@link io.github.normkit} holds the layers and the tensors they work on, {@link
 * io.github.normkit.functional} the same operations over plain arrays, {@link
 * io.github.normkit.reference} their textbook forms in float64, and {@link
 * io.github.normkit.distributed} what replicas exchange arrays by.
 */
module io.github.normkit {
  requires static jdk.incubator.vector;

  exports io.github.normkit;
  exports io.github.normkit.distributed;
  exports io.github.normkit.functional;
  exports io.github.normkit.reference;
}
