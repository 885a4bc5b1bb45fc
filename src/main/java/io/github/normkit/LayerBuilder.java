package io.github.normkit;

import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * The options that all layers have. Each is checked as it is set; a later call replaces an earlier.
 *
 * @param <B> the builder's own type
 */
public abstract class LayerBuilder<B extends LayerBuilder<B>> {

  private final String layer;

  ForkJoinPool pool;

  LayerBuilder(String layer) {
    this.layer = layer;
  }

  final String layer() {
    return layer;
  }

  abstract B self();

  /**
   * Builds the layer, in training mode.
   *
   * @return a new layer with parameters and statistics of its own
   */
  public abstract NormLayer build();

  /**
   * Splits tensors of 32768 elements and more over the caller's thread and the common pool; the
   * default is the caller's thread alone. The results have the same bits. A call that is split
   * allocates its tasks.
   *
   * @return this builder
   */
  public final B parallel() {
    return parallel(ForkJoinPool.commonPool());
  }

  /**
   * Splits tensors of 32768 elements and more over the caller's thread and those of a pool, one
   * less than its parallelism at most; the default is the caller's thread alone. The results have
   * the same bits. A call that is split allocates its tasks.
   *
   * @param pool the pool, which stays the caller's to close
   * @return this builder
   */
  public final B parallel(ForkJoinPool pool) {
    this.pool = Objects.requireNonNull(pool, "pool");
    return self();
  }
}
