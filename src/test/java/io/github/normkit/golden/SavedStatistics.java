package io.github.normkit.golden;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;
import io.github.normkit.functional.RowNorm;
import java.util.Arrays;

/**
 * The statistics of an input, which the layers keep to themselves and the operations under them
 * hand out.
 *
 * @param mean the mean of each set
 * @param rstd 1/σ of each set
 */
@SuppressWarnings("ArrayRecordComponent") // its instances are never compared
record SavedStatistics(double[] mean, double[] rstd) {

  static SavedStatistics of(GoldenCase golden, Tensor x) {
    return switch (golden.get("layer")) {
      case "layer_norm", "rms_norm" -> ofRows(golden, x);
      default -> ofChannels(golden, x);
    };
  }

  private static SavedStatistics ofRows(GoldenCase golden, Tensor x) {
    int cols = Shape.of(golden.ints("normalized_shape")).size();
    int rows = x.shape().size() / cols;
    double eps = golden.number("eps");
    double[] mean = new double[rows];
    double[] rstd = new double[rows];
    float[] y = new float[x.shape().size()];
    if (golden.get("layer").equals("rms_norm")) {
      RowNorm.rmsNorm(
          x.array(), x.offset(), cols, y, 0, cols, rows, cols, Affine.NONE, eps, rstd, null);
    } else {
      RowNorm.layerNorm(
          x.array(), x.offset(), cols, y, 0, cols, rows, cols, Affine.NONE, eps, mean, rstd, null);
    }
    return new SavedStatistics(mean, rstd);
  }

  private static SavedStatistics ofChannels(GoldenCase golden, Tensor x) {
    ChannelView view = view(golden, x.shape());
    double eps = golden.number("eps");
    double[] mean = new double[view.sets()];
    double[] variance = new double[view.sets()];
    float[] y = new float[x.shape().size()];
    ChannelNorm.forward(view, x.array(), x.offset(), y, 0, Affine.NONE, eps, mean, variance, null);
    double[] rstd = Arrays.stream(variance).map(v -> 1 / Math.sqrt(v + eps)).toArray();
    return new SavedStatistics(mean, rstd);
  }

  private static ChannelView view(GoldenCase golden, Shape shape) {
    boolean channelsLast = golden.get("layout").equals("channels_last");
    int n = shape.dim(0);
    int channels = shape.dim(channelsLast ? -1 : 1);
    int spatial = shape.size() / (n * channels);
    return switch (golden.get("layer")) {
      case "batch_norm" -> ChannelView.batchNorm(n, channels, spatial, channelsLast);
      case "group_norm" ->
          ChannelView.groupNorm(n, channels, spatial, golden.ints("num_groups")[0], channelsLast);
      case "instance_norm" -> ChannelView.groupNorm(n, channels, spatial, channels, channelsLast);
      default -> throw new IllegalArgumentException("no channels: " + golden.get("layer"));
    };
  }
}
