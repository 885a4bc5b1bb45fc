package io.github.normkit;

import java.util.random.RandomGenerator;

/** Draws finite floats from all over float32, and mixes in which sums and products go wrong. */
final class NastyFloats {

  private static final float[] PALETTE = {
    0,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Math.nextDown(Float.MAX_VALUE),
    1,
    -1,
    1e-20f,
    -1e20f
  };

  private NastyFloats() {}

  /** Fills a tensor with floats of one kind, which is drawn. */
  static void fill(RandomGenerator random, Tensor tensor) {
    int kind = random.nextInt(12);
    int exponent = random.nextInt(Float.MIN_EXPONENT - 23, Float.MAX_EXPONENT + 1);
    float base = scaled(random, exponent);
    boolean outliers = random.nextInt(4) == 0;
    for (int i = 0; i < tensor.shape().size(); i++) {
      float value =
          switch (kind) {
            case 0 -> anyBits(random);
            case 1 -> scaled(random, exponent + random.nextInt(-12, 13));
            case 2 -> PALETTE[random.nextInt(PALETTE.length)];
            case 3 -> Float.MAX_VALUE * random.nextFloat(0.5f, 1) * (random.nextBoolean() ? 1 : -1);
            case 4 -> random.nextInt(-1000, 1001) * Float.MIN_VALUE;
            case 5 -> random.nextInt(3) == 0 ? Math.nextUp(base) : base;
            case 6 -> i % 2 == 0 ? base : -base;
            case 7, 8 -> Math.scalb((float) random.nextGaussian(), exponent);
            default -> (float) random.nextGaussian();
          };
      if (outliers && random.nextInt(10) == 0) {
        value = random.nextInt(3) == 0 ? 0 : anyBits(random);
      }
      tensor.array()[tensor.offset() + i] = finite(value);
    }
  }

  private static float anyBits(RandomGenerator random) {
    return finite(Float.intBitsToFloat(random.nextInt()));
  }

  private static float scaled(RandomGenerator random, int exponent) {
    float sign = random.nextBoolean() ? 1 : -1;
    return finite(Math.scalb(sign * random.nextFloat(1, 2), exponent));
  }

  private static float finite(float value) {
    return Float.isFinite(value) ? value : Math.copySign(Float.MAX_VALUE, value);
  }
}
