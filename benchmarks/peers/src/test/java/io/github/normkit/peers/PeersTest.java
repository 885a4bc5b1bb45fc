package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementations;
import io.github.normkit.throughput.Operation.Layer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {

  static List<Case> tinyCases() {
    return TinyCases.all();
  }

  @ParameterizedTest
  @MethodSource("tinyCases")
  void libtorchGivesWhatTheReferenceGives(Case c) {
    check("libtorch", c, !(c.channelsLast() && c.operation().layer() == Layer.INSTANCE));
  }

  @ParameterizedTest
  @MethodSource("tinyCases")
  void oneDnnGivesWhatTheReferenceGives(Case c) {
    check("onednn", c, true);
  }

  @ParameterizedTest
  @MethodSource("tinyCases")
  void onnxRuntimeGivesWhatTheReferenceGivesForward(Case c) {
    check("onnxruntime", c, !c.operation().isBackward() && !c.channelsLast());
  }

  @ParameterizedTest
  @MethodSource("tinyCases")
  void nd4jGivesWhatTheReferenceGivesForItsTwoLayers(Case c) {
    Layer layer = c.operation().layer();
    check("nd4j", c, layer == Layer.LAYER || layer == Layer.BATCH);
  }

  private static void check(String name, Case c, boolean has) {
    for (int threads = 1; threads <= 2; threads++) {
      Optional<Call> bound = Implementations.named(name).bind(c, threads);
      assertThat(bound.isPresent()).as("%s has %s", name, c).isEqualTo(has);
      if (bound.isPresent()) {
        try (Call call = bound.get()) {
          call.run();
          assertThat(call.error(c)).as("%d threads", threads).isLessThan(2e-5);
        }
      }
    }
  }
}
