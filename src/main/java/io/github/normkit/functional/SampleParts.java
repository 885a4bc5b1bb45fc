package io.github.normkit.functional;

import java.util.Arrays;

/**
 * The backward pass over samples with statistics of their own.
 *
 * <p>The gradients of weight and bias are summed in double over the samples of a part, and the
 * parts in order. Parts are what threads share; the number of samples alone says where they are
 * cut.
 */
final class SampleParts {

  private static final int MOST = 16;

  /** The backward pass of one sample. */
  interface Backward {

    /**
     * Writes its gradient and, into {@code sums}, {@code Σ dy}, {@code Σ dy * xhat} and {@code Σ
     * |dy|} of each channel.
     */
    void run(ChannelCall call, int sample, double[] sums, Scratch scratch);
  }

  private SampleParts() {}

  private static int size(ChannelView view) {
    return (view.samples() + MOST - 1) / MOST;
  }

  /** How many parts the samples have. */
  static int count(ChannelView view) {
    return (view.samples() + size(view) - 1) / size(view);
  }

  static void backward(ChannelCall call, Backward sample) {
    int parts = count(call.view);
    if (call.parallel(parts)) {
      Parallel.run(call.pool, parts, (from, to) -> backward(call, from, to, sample));
    } else {
      backward(call, 0, parts, sample);
    }
  }

  private static void backward(ChannelCall call, int from, int to, Backward backward) {
    Scratch scratch = Scratch.take();
    int size = size(call.view);
    int n = 3 * call.view.channels();
    double[] sums = scratch.doubles(0, n);
    for (int part = from; part < to; part++) {
      Arrays.fill(call.partSums, part * n, (part + 1) * n, 0);
      for (int i = part * size; i < Math.min(call.view.samples(), (part + 1) * size); i++) {
        backward.run(call, i, sums, scratch);
        for (int j = 0; j < n; j++) {
          call.partSums[part * n + j] += sums[j];
        }
      }
    }
    scratch.give();
  }
}
