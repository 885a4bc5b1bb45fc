package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementation;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Deeplearning4j's arrays on the processor: LayerNorm and BatchNorm, by the operations that its own
 * layers call.
 */
public final class Nd4jNative implements Implementation {

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    return switch (c.operation()) {
      case LAYER_FORWARD, LAYER_BACKWARD, BATCH_TRAIN, BATCH_INFER, BATCH_BACKWARD -> {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        // Some operations ask OpenMP instead.
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        yield Optional.of(new Nd4jCall(c));
      }
      case RMS_FORWARD,
          RMS_BACKWARD,
          ADD_RMS_FORWARD,
          GROUP_FORWARD,
          GROUP_BACKWARD,
          INSTANCE_FORWARD,
          INSTANCE_BACKWARD ->
          Optional.empty();
    };
  }
}
