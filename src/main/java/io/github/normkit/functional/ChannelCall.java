package io.github.normkit.functional;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * The arguments of one call of {@link ChannelNorm}, which its pieces of work share.
 *
 * <p>Kept in a {@link Scratch}, so that a call allocates nothing, and cleared at its end, so that
 * it keeps nobody's arrays alive.
 */
final class ChannelCall {

  ChannelView view;
  float[] x;
  int xOff;
  float[] y;
  int yOff;
  float[] dy;
  int dyOff;
  float[] dx;
  int dxOff;
  Affine affine;
  double epsilon;

  /** The mean of each set. */
  double[] mean;

  /** The biased variance of each set. */
  double[] variance;

  /** Receives the sum of squares about the mean of each set, or null. */
  double[] m2;

  /** The number of elements of a set, those of other replicas included. */
  long count;

  /** The 1/σ of each set. */
  double[] rstd;

  /** Whether means are taken as 0, and variances as mean squares: no set is centered. */
  boolean aboutZero;

  /** Whether the statistics are constants to the gradient. */
  boolean constant;

  /**
   * For each part of the samples, the sums of each channel for the gradient of the bias, those for
   * the weight, and {@code Σ |dy|}.
   */
  double[] partSums;

  ForkJoinPool pool;

  /**
   * The group of each channel, unless each is its own: a quotient for each channel takes as long as
   * its arithmetic.
   */
  private int[] group = new int[0];

  /** Has the call go over the sets of a view, with no others elsewhere. */
  void over(ChannelView view) {
    this.view = view;
    count = view.setSize();
    // For BatchNorm of a few rows a table would take as long as the rows.
    if (view.groups() < view.channels()) {
      putGroups();
    }
  }

  private void putGroups() {
    if (group.length < view.channels()) {
      group = new int[view.channels()];
    }
    int size = view.groupSize();
    for (int g = 0; g < view.groups(); g++) {
      Arrays.fill(group, g * size, (g + 1) * size, g);
    }
  }

  /** The set that a channel of a sample belongs to. */
  int set(int sample, int channel) {
    int g = view.groups() < view.channels() ? group[channel] : channel;
    return sample * view.groups() + g;
  }

  /** Whether a pool is given and gains by so many units of work. */
  boolean parallel(int units) {
    return Parallel.pays(pool, units, view.size());
  }

  /** Takes in the statistics of a set. */
  void put(int set, Moments moments) {
    double m = moments.mean();
    mean[set] = aboutZero ? 0 : m;
    variance[set] = aboutZero ? moments.variance() + m * m : moments.variance();
    rstd[set] = Split.rstd(variance[set], epsilon);
    if (m2 != null) {
      m2[set] = moments.m2();
    }
  }

  /** Takes 1/σ of all sets from their variances. */
  void putRstd() {
    for (int set = 0; set < view.sets(); set++) {
      rstd[set] = Split.rstd(variance[set], epsilon);
    }
  }

  /** The product of 1/σ of a set and the weight of a channel. */
  double scale(int set, int channel) {
    return rstd[set] * affine.scale(channel);
  }

  /**
   * The mean over a set of {@code g = dy * weight}, from the {@code Σ dy} of a sample's channels.
   *
   * @param first the first channel of the set
   * @param sums those, then the {@code Σ dy * xhat} of each
   */
  double meanSum(int first, double[] sums) {
    return aboutZero ? 0 : mean(first, sums, 0);
  }

  /** The mean over a set of {@code g * xhat}, from the same sums. */
  double meanDot(int first, double[] sums) {
    return mean(first, sums, view.channels());
  }

  private double mean(int first, double[] sums, int at) {
    double sum = 0;
    for (int c = first; c < first + view.groupSize(); c++) {
      sum += affine.scale(c) * sums[at + c];
    }
    return sum / count;
  }

  /** Whether the kernels may normalize a channel of a set. */
  boolean fits(int set, int channel) {
    return Split.fits(mean[set], rstd[set], affine.scale(channel), affine.shift(channel));
  }

  /** Whether they may scale by its {@link #scale}. */
  boolean scales(int set, int channel) {
    return Split.scales(rstd[set], affine.scale(channel));
  }

  /**
   * Whether they may take the gradient of a set.
   *
   * @param first the first channel of the set
   * @param sums the {@code Σ |dy|} of the sample's channels, from index {@code 2 * channels} on
   */
  boolean gradientFits(int set, int first, double[] sums) {
    double size = 0;
    for (int c = first; c < first + view.groupSize(); c++) {
      size += Math.abs(affine.scale(c)) * sums[2 * view.channels() + c];
    }
    return Split.gradientFits(size, count, rstd[set]);
  }

  /** The offset of the gradient of a channel, from the means of g and of g * xhat over its set. */
  float offset(int set, int channel, double meanSum, double meanDot) {
    double weight = affine.scale(channel);
    double floatRstd = weight == 0 ? rstd[set] : (float) scale(set, channel) / weight;
    return Split.offset(meanSum, meanDot, mean[set], rstd[set], floatRstd);
  }

  void clear() {
    aboutZero = false;
    x = null;
    y = null;
    dy = null;
    dx = null;
    affine = null;
    mean = null;
    variance = null;
    m2 = null;
    rstd = null;
    partSums = null;
    pool = null;
  }
}
