package io.github.normkit.experiments;

import io.github.normkit.Tensor;
import java.util.Random;

/**
 * Noise whose distribution is another one in each step and for each channel: {@code y = s x + m}.
 *
 * <p>After Santurkar et al. (2018, https://arxiv.org/abs/1805.11604): in each step a channel draws
 * a mean within ±0.5 and a factor from 1 to 1.25; each element draws its {@code m} within 0.1 of
 * the mean and its {@code s} about the factor with a deviation of 0.1.
 */
final class BatchNoise implements Layer {

  private static final float MEAN = 0.5f;
  private static final float FACTOR = 1.25f;
  private static final float SPREAD = 0.1f;

  private final long seed;
  private long step;
  private Tensor y;
  private Tensor dx;
  private float[] factors = {};

  BatchNoise(long seed) {
    this.seed = seed;
  }

  /** Draws other noise from now on; the same for the same step. */
  void step(long step) {
    this.step = step;
  }

  @Override
  public Tensor forward(Tensor x) {
    int n = x.shape().dim(0);
    int channels = x.shape().dim(1);
    int spatial = x.shape().size() / (n * channels);
    y = Layer.reuse(y, x.shape());
    float[] from = Layer.values(x);
    factors = factors.length == from.length ? factors : new float[from.length];
    Random random = new Random(seed * 1_000_003 + step);
    for (int c = 0; c < channels; c++) {
      float mean = MEAN * (2 * random.nextFloat() - 1);
      float factor = 1 + (FACTOR - 1) * random.nextFloat();
      for (int i = 0; i < n; i++) {
        int start = (i * channels + c) * spatial;
        for (int j = start; j < start + spatial; j++) {
          float m = mean + SPREAD * (2 * random.nextFloat() - 1);
          factors[j] = factor + SPREAD * (float) random.nextGaussian();
          y.array()[j] = factors[j] * from[j] + m;
        }
      }
    }
    return y;
  }

  /** Passes what it gets: the noise belongs to training. */
  @Override
  public Tensor infer(Tensor x) {
    return x;
  }

  @Override
  public Tensor backward(Tensor dy) {
    dx = Layer.reuse(dx, dy.shape());
    float[] from = Layer.values(dy);
    for (int i = 0; i < from.length; i++) {
      dx.array()[i] = factors[i] * from[i];
    }
    return dx;
  }
}
