/**
 * Normalization layers for Java, forward and backward, without run-time dependencies.
 *
 * <p>{@link io.github.normkit} holds the layers and the tensors they work on, {@link
 * io.github.normkit.functional} the same operations over plain arrays, and {@link
 * io.github.normkit.reference} their textbook forms in float64. {@link
 * io.github.normkit.distributed} is what replicas exchange arrays by, {@link
 * io.github.normkit.folding} takes a BatchNorm into the layer beside it, {@link
 * io.github.normkit.residual} has the residual blocks that norms stand in, and {@link
 * io.github.normkit.weights} normalizes weights instead of activations.
 */
module io.github.normkit {
  requires static jdk.incubator.vector;

  exports io.github.normkit;
  exports io.github.normkit.distributed;
  exports io.github.normkit.folding;
  exports io.github.normkit.functional;
  exports io.github.normkit.reference;
  exports io.github.normkit.residual;
  exports io.github.normkit.weights;
}
