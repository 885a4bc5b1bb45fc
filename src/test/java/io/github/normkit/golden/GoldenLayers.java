package io.github.normkit.golden;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelNormBuilder;
import io.github.normkit.GroupNorm;
import io.github.normkit.InstanceNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.Layout;
import io.github.normkit.NormBuilder;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import io.github.normkit.RowNormBuilder;
import io.github.normkit.RunningNormBuilder;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the layer a golden case describes, with its parameters and running statistics. */
final class GoldenLayers {

  private GoldenLayers() {}

  static NormLayer of(GoldenCase golden) {
    NormLayer layer = builder(golden).build();
    layer.loadState(state(golden));
    return layer;
  }

  private static NormBuilder<?> builder(GoldenCase golden) {
    return switch (golden.get("layer")) {
      case "batch_norm" -> running(golden, BatchNorm.builder(channels(golden)));
      case "instance_norm" -> running(golden, InstanceNorm.builder(channels(golden)));
      case "group_norm" ->
          channels(golden, GroupNorm.builder(golden.ints("num_groups")[0], channels(golden)));
      case "layer_norm" -> rows(golden, LayerNorm.builder(golden.ints("normalized_shape")));
      case "rms_norm" -> rows(golden, RMSNorm.builder(golden.ints("normalized_shape")));
      case "mean_variance_norm" -> meanVarianceNorm(golden);
      default -> throw new IllegalArgumentException("unknown layer: " + golden.get("layer"));
    };
  }

  private static <B extends RunningNormBuilder<B>> B running(GoldenCase golden, B builder) {
    boolean track = golden.is("track_running_stats");
    channels(golden, builder).trackRunningStatistics(track);
    if (!track) {
      return builder;
    }
    builder.unbiasedVariance(isUnbiased(golden));
    return golden.get("momentum").equals("cumulative")
        ? builder.cumulativeAverage()
        : builder.momentum(golden.number("momentum"));
  }

  private static <B extends ChannelNormBuilder<B>> B channels(GoldenCase golden, B builder) {
    return common(golden, builder).layout(layout(golden));
  }

  private static <B extends RowNormBuilder<B>> B rows(GoldenCase golden, B builder) {
    return common(golden, builder).zeroCentered(golden.is("zero_centered_weight"));
  }

  private static <B extends NormBuilder<B>> B common(GoldenCase golden, B builder) {
    return builder
        .epsilon(golden.number("eps"))
        .weight(golden.is("weight"))
        .bias(golden.is("bias"));
  }

  /**
   * ONNX adds ε of its mean-variance normalization to the standard deviation. At 1e-9 that is below
   * float32's resolution of any deviation in the case, as is its square beside the variance.
   */
  private static NormBuilder<?> meanVarianceNorm(GoldenCase golden) {
    double eps = golden.number("eps");
    return BatchNorm.builder(golden.ints("input_shape")[1])
        .epsilon(eps * eps)
        .affine(false)
        .trackRunningStatistics(false);
  }

  private static int channels(GoldenCase golden) {
    return golden.ints("input_shape")[golden.ints("axis")[0]];
  }

  private static Layout layout(GoldenCase golden) {
    return switch (golden.get("layout")) {
      case "channels_first" -> Layout.CHANNELS_FIRST;
      case "channels_last" -> Layout.CHANNELS_LAST;
      default -> throw new IllegalArgumentException("unknown layout: " + golden.get("layout"));
    };
  }

  private static boolean isUnbiased(GoldenCase golden) {
    return switch (golden.get("running_var_estimator")) {
      case "unbiased" -> true;
      case "population" -> false;
      default -> throw new IllegalArgumentException(golden.get("running_var_estimator"));
    };
  }

  private static Map<String, Tensor> state(GoldenCase golden) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (String name : new String[] {"weight", "bias", "running_mean", "running_var"}) {
      if (golden.has(name)) {
        state.put(name, golden.member(name).toTensor());
      }
    }
    if (golden.has("num_batches_tracked")) {
      state.put(
          "num_batches_tracked",
          golden.member("num_batches_tracked").toTensor().reshape(Shape.of()));
    }
    return state;
  }
}
