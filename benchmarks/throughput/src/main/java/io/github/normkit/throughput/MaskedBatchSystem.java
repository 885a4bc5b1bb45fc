package io.github.normkit.throughput;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** BatchNorm of sequences in training, by the statistics of all but their padding. */
final class MaskedBatchSystem implements AroundSystem {

  @Override
  public String shape() {
    return Padding.SAMPLES + "x" + Padding.WIDTH + "x" + Padding.POSITIONS;
  }

  @Override
  public long bytes(boolean backward) {
    return Padding.bytes(backward);
  }

  @Override
  public Call bind(boolean backward) {
    BatchNorm layer = BatchNorm.builder(Padding.WIDTH).epsilon(Padding.EPSILON).build();
    Shape shape = Shape.of(Padding.SAMPLES, Padding.WIDTH, Padding.POSITIONS);
    return Padding.call(layer, shape, backward);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    int channels = Padding.WIDTH;
    double[] x = Expected.wide(Padding.x());
    double[] dy = Expected.wide(Padding.dy());
    double[] weight = Expected.wide(Padding.weight());
    double[] bias = Expected.wide(Padding.bias());
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dWeight = new double[channels];
    double[] dBias = new double[channels];
    for (int c = 0; c < channels; c++) {
      int[] counted = counted(c);
      Standardized channel = new Standardized(x, i -> counted[i], counted.length, Padding.EPSILON);
      for (int i = 0; i < counted.length; i++) {
        int at = counted[i];
        y[at] = channel.xhat(i) * weight[c] + bias[c];
        dx[at] = dy[at] * weight[c];
        dWeight[c] += dy[at] * channel.xhat(i);
        dBias[c] += dy[at];
      }
      channel.backward(dx);
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put(Call.GRAD_WEIGHT, dWeight);
    gradients.put(Call.GRAD_BIAS, dBias);
    return gradients;
  }

  /** The elements of a channel that are no padding. */
  private static int[] counted(int c) {
    return IntStream.range(0, Padding.SAMPLES)
        .flatMap(
            n ->
                IntStream.range(0, Padding.length(n))
                    .map(l -> (n * Padding.WIDTH + c) * Padding.POSITIONS + l))
        .toArray();
  }
}
