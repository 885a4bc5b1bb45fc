package io.github.normkit.throughput;

import io.github.normkit.BatchNorm;
import io.github.normkit.GroupNorm;
import io.github.normkit.InstanceNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormBuilder;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** The layers of normkit, as a user calls them who gives the output. */
public final class Normkit implements Implementation {

  @Override
  public String name() {
    return Job.NORMKIT;
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    ForkJoinPool pool = threads > 1 ? new ForkJoinPool(threads) : null;
    if (c.operation() == Operation.ADD_RMS_FORWARD) {
      return Optional.of(new AddRmsCall(c, pool));
    }
    NormLayer layer = layer(c, pool);
    Tensor x = Tensor.wrap(c.x(), c.storedShape());
    if (c.operation() == Operation.BATCH_INFER) {
      Tensor out = Tensor.zeros(x.shape());
      return Optional.of(new LayerCall(layer, () -> layer.infer(x, out), false, out, pool));
    }
    Tensor dy = c.operation().isBackward() ? Tensor.wrap(c.dy(), x.shape()) : null;
    return Optional.of(LayerCall.of(layer, x, dy, pool));
  }

  /** Returns the layer of a case, with its parameters. */
  static NormLayer layer(Case c, ForkJoinPool pool) {
    NormBuilder<?> builder = builder(c);
    builder.epsilon(Case.EPSILON);
    if (pool != null) {
      builder.parallel(pool);
    }
    NormLayer layer = builder.build();
    Map<String, Tensor> state = new LinkedHashMap<>(layer.state());
    Shape shape = Shape.of(c.channels());
    state.put("weight", Tensor.wrap(c.weight(), shape));
    if (c.operation().hasBias()) {
      state.put("bias", Tensor.wrap(c.bias(), shape));
    }
    if (c.operation() == Operation.BATCH_INFER) {
      state.put("running_mean", Tensor.wrap(c.runningMean(), shape));
      state.put("running_var", Tensor.wrap(c.runningVariance(), shape));
    }
    layer.loadState(state);
    return layer;
  }

  private static NormBuilder<?> builder(Case c) {
    int channels = c.channels();
    return switch (c.operation().layer()) {
      case LAYER -> LayerNorm.builder(channels);
      case RMS -> RMSNorm.builder(channels);
      case BATCH -> BatchNorm.builder(channels).momentum(Case.MOMENTUM).layout(c.layout());
      case GROUP -> GroupNorm.builder(Case.GROUPS, channels).layout(c.layout());
      case INSTANCE -> InstanceNorm.builder(channels).affine(true).layout(c.layout());
    };
  }
}
