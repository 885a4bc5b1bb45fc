package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementation;
import io.github.normkit.throughput.Operation.Layer;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, through JavaCPP. */
public final class LibTorch implements Implementation {

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    int rank = c.shape().rank();
    // Its InstanceNorm answers in another order than it was asked in.
    boolean reorders = c.operation().layer() == Layer.INSTANCE && c.channelsLast();
    if (rank != 2 && rank != 4 || reorders) {
      return Optional.empty();
    }
    torch.set_num_threads(threads);
    return Optional.of(new TorchBinding(c).call());
  }
}
