package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer that is given a pool uses it for large tensors, and for these only. */
class PoolTest {

  private static final Shape LARGE = Shape.of(64, 8, 16, 8);
  private static final Shape SMALL = Shape.of(2, 8, 2, 8);

  static List<NormBuilder<?>> builders() {
    return List.of(
        BatchNorm.builder(8),
        BatchNorm.builder(8).layout(Layout.CHANNELS_LAST),
        GroupNorm.builder(2, 8),
        GroupNorm.builder(2, 8).layout(Layout.CHANNELS_LAST),
        InstanceNorm.builder(8),
        LayerNorm.builder(8),
        RMSNorm.builder(8));
  }

  @ParameterizedTest
  @MethodSource("builders")
  void workersStartForLargeTensorsOnly(NormBuilder<?> builder) {
    AtomicInteger workers = new AtomicInteger();
    ForkJoinPool pool =
        new ForkJoinPool(
            3,
            parent -> {
              workers.incrementAndGet();
              return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(parent);
            },
            null,
            false);
    try {
      NormLayer layer = builder.parallel(pool).build();
      layer.backward(layer.forward(Tensor.ones(SMALL)));
      assertThat(workers).hasValue(0);
      Tensor y = layer.forward(Tensor.ones(LARGE));
      assertThat(workers).hasPositiveValue();
      long before = settledSteals(pool);
      layer.backward(y);
      assertThat(settledSteals(pool)).isGreaterThan(before);
    } finally {
      pool.shutdown();
    }
  }

  /**
   * The number of tasks that workers took from others, the caller among them, once all are idle.
   */
  private static long settledSteals(ForkJoinPool pool) {
    assertThat(pool.awaitQuiescence(10, TimeUnit.SECONDS)).isTrue();
    return pool.getStealCount();
  }
}
