package io.github.normkit.throughput;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The loops that Java projects write today: a float sum for the mean, one for the variance, and one
 * pass that writes. The compiler may not reorder a float sum, and so cannot vectorize it.
 *
 * <p>One thread, channels first.
 */
public final class Naive implements Implementation {

  @Override
  public String name() {
    return "naive";
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    if (threads > 1 || c.channelsLast()) {
      return Optional.empty();
    }
    return Optional.of(c.operation().isRows() ? new NaiveRows(c) : new NaiveChannels(c));
  }

  /** The results of a case, and what its inputs are copied from. */
  abstract static class NaiveCall implements Call {

    final Operation operation;
    final float[] x;
    final float[] residual;
    final float[] sum;
    final float[] dy;
    final float[] weight;
    final float[] bias;
    final float[] out;
    final float[] weightGradient;
    final float[] biasGradient;

    NaiveCall(Case c) {
      operation = c.operation();
      x = c.x();
      boolean adds = operation == Operation.ADD_RMS_FORWARD;
      residual = adds ? c.residual() : new float[0];
      sum = new float[residual.length];
      dy = operation.isBackward() ? c.dy() : new float[0];
      weight = c.weight();
      bias = c.bias();
      out = new float[x.length];
      weightGradient = new float[weight.length];
      biasGradient = new float[bias.length];
    }

    @Override
    public final Map<String, float[]> results() {
      if (!operation.isBackward()) {
        return Map.of(OUTPUT, out, SUM, sum);
      }
      Map<String, float[]> results = new LinkedHashMap<>();
      results.put(GRAD_INPUT, out);
      results.put(GRAD_WEIGHT, weightGradient);
      if (operation.hasBias()) {
        results.put(GRAD_BIAS, biasGradient);
      }
      return results;
    }

    @Override
    public final void close() {}
  }

  static float rstd(float variance) {
    return (float) (1 / Math.sqrt(variance + Case.EPSILON));
  }
}
