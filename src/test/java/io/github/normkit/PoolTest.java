package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
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
  void poolIsGivenTasksForLargeTensorsOnly(NormBuilder<?> builder) {
    CountingPool pool = new CountingPool();
    try {
      NormLayer layer = builder.parallel(pool).build();
      layer.backward(layer.forward(Tensor.ones(SMALL)));
      assertThat(pool.tasks).hasValue(0);
      Tensor y = layer.forward(Tensor.ones(LARGE));
      assertThat(pool.tasks).hasPositiveValue();
      // Until then its threads look out for more work by themselves.
      assertThat(pool.awaitQuiescence(10, TimeUnit.SECONDS)).isTrue();
      int before = pool.tasks.get();
      layer.backward(y);
      assertThat(pool.tasks).hasValueGreaterThan(before);
    } finally {
      pool.shutdown();
    }
  }

  private static final class CountingPool extends ForkJoinPool {

    private final AtomicInteger tasks = new AtomicInteger();

    CountingPool() {
      super(3);
    }

    @Override
    public void execute(ForkJoinTask<?> task) {
      tasks.incrementAndGet();
      super.execute(task);
    }
  }
}
