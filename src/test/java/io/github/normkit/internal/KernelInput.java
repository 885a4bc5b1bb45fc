package io.github.normkit.internal;

import java.util.Arrays;
import java.util.Random;

/**
 * Arrays and numbers for one call of any kernel, the same for the same arguments.
 *
 * <p>Around what a kernel may read stands NaN, which would spoil a result that it reached; around
 * what it may write stands a guard value.
 */
final class KernelInput {

  static final float GUARD = -12345.678f;

  /** Room after the elements, more than a vector and a block. */
  private static final int MARGIN = 100;

  final int runs;
  final int stride;
  final int len;
  final int xOff;
  final int dyOff;
  final int yOff;
  final int weightOff;
  final int biasOff;
  final int from;
  final float head;
  final float tail;
  final float rstd;
  final float slope;
  final float offset;
  final float[] x;
  final float[] dy;
  final float[] y;
  final float[] weight;
  final float[] bias;
  final float[] params;
  final double mean;
  final double[] means;
  final int sumsOff;
  final double[] sums;
  final double[] lanes;

  /**
   * Fills all arrays at random.
   *
   * @param gap elements between the runs; 0 for the dense matrices of column kernels
   * @param biased whether there is a bias
   */
  KernelInput(long seed, int runs, int len, int gap, int offset, boolean biased) {
    Random random = new Random(seed);
    this.runs = runs;
    this.len = len;
    stride = len + gap;
    xOff = offset;
    dyOff = 2 * offset;
    yOff = offset + 1;
    weightOff = 3 * offset;
    biasOff = offset;
    from = Math.min(offset, len);
    head = random.nextFloat() - 0.5f;
    tail = random.nextFloat() - 0.5f;
    rstd = 0.5f + random.nextFloat();
    slope = random.nextFloat() - 0.5f;
    this.offset = random.nextFloat() - 0.5f;
    x = readable(random, xOff);
    dy = readable(random, dyOff);
    y = writable(yOff + runs * stride);
    weight = dense(random, weightOff, len);
    bias = biased ? dense(random, biasOff, len) : null;
    params = dense(random, 0, 4 * Math.max(runs, len));
    mean = random.nextDouble() - 0.5;
    means = random.doubles(2 * Math.max(runs, len) + MARGIN).toArray();
    sumsOff = offset;
    sums = random.doubles(sumsOff + 3 * len + MARGIN).toArray();
    lanes = new double[runs * Lanes.LENGTH];
    Arrays.fill(lanes, GUARD);
  }

  private float[] readable(Random random, int offset) {
    float[] array = new float[offset + runs * stride + MARGIN];
    Arrays.fill(array, Float.NaN);
    for (int run = 0; run < runs; run++) {
      fill(random, array, offset + run * stride, len);
    }
    return array;
  }

  private static float[] dense(Random random, int offset, int len) {
    float[] array = new float[offset + len + MARGIN];
    Arrays.fill(array, Float.NaN);
    fill(random, array, offset, len);
    return array;
  }

  private static float[] writable(int length) {
    float[] array = new float[length + MARGIN];
    Arrays.fill(array, GUARD);
    return array;
  }

  private static void fill(Random random, float[] array, int offset, int len) {
    for (int i = 0; i < len; i++) {
      array[offset + i] = (float) random.nextGaussian();
    }
  }

  /** The doubles that a kernel may write, but its working memory. */
  double[][] sums(String kernel) {
    int distance = kernel.startsWith("rows") ? Lanes.ROW : Lanes.LENGTH;
    double[][] all = new double[1 + runs][];
    all[0] = sums;
    for (int run = 0; run < runs; run++) {
      int at = run * distance;
      all[1 + run] = Arrays.copyOfRange(lanes, at, at + Lanes.RUN);
    }
    return all;
  }

  /** Whether y still holds its guards around and between the runs. */
  boolean guardsStand() {
    for (int i = 0; i < y.length; i++) {
      int inside = i - yOff;
      boolean element = inside >= 0 && inside < runs * stride && inside % stride < len;
      if (!element && y[i] != GUARD) {
        return false;
      }
    }
    return true;
  }
}
