package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads infer on one layer at once. */
class InferThreadsTest {

  private static final long SEED = 20260101;

  static List<NormBuilder<?>> builders() {
    return List.of(
        BatchNorm.builder(8),
        BatchNorm.builder(8).trackRunningStatistics(false),
        BatchNorm.builder(8).layout(Layout.CHANNELS_LAST).trackRunningStatistics(false),
        GroupNorm.builder(2, 8),
        GroupNorm.builder(2, 8).layout(Layout.CHANNELS_LAST),
        InstanceNorm.builder(8),
        LayerNorm.builder(8, 8).zeroCentered(true),
        RMSNorm.builder(8));
  }

  @ParameterizedTest
  @MethodSource("builders")
  void threadsGetTheBitsOfOneThread(NormBuilder<?> builder) throws Exception {
    NormLayer layer = builder.build();
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> expected = new ArrayList<>();
    Random random = new Random(SEED);
    for (int n = 1; n <= 8; n++) {
      Tensor x = Tensor.zeros(Shape.of(n, 8, 8, 8));
      for (int i = 0; i < x.array().length; i++) {
        x.array()[i] = (float) random.nextGaussian();
      }
      inputs.add(x);
      expected.add(layer.infer(x));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int first = thread;
        running.add(threads.submit(() -> inferAll(layer, inputs, expected, first)));
      }
      for (Future<?> task : running) {
        task.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Infers all inputs fifty times, to a tensor and in place, beginning at one of them. */
  private static void inferAll(
      NormLayer layer, List<Tensor> inputs, List<Tensor> expected, int first) {
    for (int i = first; i < first + 50 * inputs.size(); i++) {
      int k = i % inputs.size();
      Tensor x = inputs.get(k);
      Tensor copy = Tensor.of(x.shape(), x.toArray());
      assertSameBits("infer", layer.infer(x), expected.get(k));
      assertSameBits("infer in place", layer.infer(copy, copy), expected.get(k));
    }
  }
}
