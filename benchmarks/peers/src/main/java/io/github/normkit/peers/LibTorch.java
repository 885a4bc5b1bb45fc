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
    // The results would come back with the channels first.
    boolean reorders = c.channelsLast() && c.operation().layer() == Layer.INSTANCE;
    if ((rank != 2 && rank != 4) || reorders) {
      return Optional.empty();
    }
    torch.set_num_threads(threads);
    return Optional.of(new TorchBinding(c).call());
  }
}
