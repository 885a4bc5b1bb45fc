package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementation;
import io.github.normkit.throughput.Operation.Layer;
import java.util.Optional;

/**
 * Intel's oneDNN, through JavaCPP: code made at run time for the processor and the shape.
 *
 * <p>It works on the layouts of the cases; its own blocked layout, which a caller would have to
 * convert from and to, is left out. InstanceNorm is its GroupNorm with a group for each channel.
 */
public final class OneDnn implements Implementation {

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    int rank = c.shape().rank();
    Layer layer = c.operation().layer();
    boolean groups = layer == Layer.GROUP || layer == Layer.INSTANCE;
    if (rank != 4 && (rank != 2 || groups)) {
      return Optional.empty();
    }
    return Optional.of(new OneDnnCall(c, threads));
  }
}
