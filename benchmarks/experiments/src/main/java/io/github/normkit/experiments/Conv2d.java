package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A convolution of 3x3 pixels with a border of one zero, over tensors (N, C, H, W).
 *
 * <p>The pixels under each tap of the kernel become one long row of a matrix, for the whole batch;
 * the convolution is then the product of the weights with it.
 */
final class Conv2d implements Layer {

  private static final int KERNEL = 3;
  private static final int BORDER = 1;

  private final int inSize;
  private final int outChannels;
  private final int outHeight;
  private final int outWidth;
  private final int taps;
  private final int[] source;
  private final Parameter weight;
  private final Parameter bias;
  private Tensor x;
  private Tensor y;
  private Tensor dx;
  private float[] patches = {};

  Conv2d(int inChannels, int height, int width, int outChannels, int stride, Random random) {
    this.inSize = inChannels * height * width;
    this.outChannels = outChannels;
    this.outHeight = (height - 1) / stride + 1;
    this.outWidth = (width - 1) / stride + 1;
    this.taps = inChannels * KERNEL * KERNEL;
    this.source = source(height, width, stride);
    this.weight = Weights.random(Shape.of(outChannels, inChannels, KERNEL, KERNEL), taps, random);
    this.bias = Weights.bias(outChannels);
  }

  /** For each tap and output pixel the index of the input pixel in its sample, -1 on the border. */
  private int[] source(int height, int width, int stride) {
    int[] indices = new int[taps * outHeight * outWidth];
    int i = 0;
    for (int tap = 0; tap < taps; tap++) {
      int channel = tap / (KERNEL * KERNEL);
      int dy = tap / KERNEL % KERNEL - BORDER;
      int dx = tap % KERNEL - BORDER;
      for (int oy = 0; oy < outHeight; oy++) {
        for (int ox = 0; ox < outWidth; ox++) {
          int iy = oy * stride + dy;
          int ix = ox * stride + dx;
          boolean inside = iy >= 0 && iy < height && ix >= 0 && ix < width;
          indices[i++] = inside ? (channel * height + iy) * width + ix : -1;
        }
      }
    }
    return indices;
  }

  @Override
  public Tensor forward(Tensor x) {
    int n = x.shape().dim(0);
    int pixels = outHeight * outWidth;
    this.x = x;
    gather(Layer.values(x), n);
    float[] rows = new float[outChannels * n * pixels];
    for (int c = 0; c < outChannels; c++) {
      Arrays.fill(rows, c * n * pixels, (c + 1) * n * pixels, bias.value().array()[c]);
    }
    Matrix.addProduct(weight.value().array(), patches, rows, outChannels, taps, n * pixels);
    y = Layer.reuse(y, Shape.of(n, outChannels, outHeight, outWidth));
    swapBlocks(rows, y.array(), outChannels, n, pixels);
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    int n = x.shape().dim(0);
    int pixels = outHeight * outWidth;
    float[] rows = new float[outChannels * n * pixels];
    swapBlocks(Layer.values(dy), rows, n, outChannels, pixels);
    for (int c = 0; c < outChannels; c++) {
      float sum = 0;
      for (int i = c * n * pixels; i < (c + 1) * n * pixels; i++) {
        sum += rows[i];
      }
      bias.gradient().array()[c] += sum;
    }
    float[] columns = Matrix.transpose(patches, taps, n * pixels);
    Matrix.addProduct(rows, columns, weight.gradient().array(), outChannels, n * pixels, taps);
    float[] weights = Matrix.transpose(weight.value().array(), outChannels, taps);
    float[] dPatches = new float[taps * n * pixels];
    Matrix.addProduct(weights, rows, dPatches, taps, outChannels, n * pixels);
    dx = Layer.reuse(dx, x.shape());
    Arrays.fill(dx.array(), 0);
    scatter(dPatches, dx.array(), n);
    return dx;
  }

  private void gather(float[] values, int n) {
    int pixels = outHeight * outWidth;
    if (patches.length != taps * n * pixels) {
      patches = new float[taps * n * pixels];
    }
    int p = 0;
    for (int tap = 0; tap < taps; tap++) {
      for (int i = 0; i < n; i++) {
        for (int pixel = 0; pixel < pixels; pixel++) {
          int from = source[tap * pixels + pixel];
          patches[p++] = from < 0 ? 0 : values[i * inSize + from];
        }
      }
    }
  }

  private void scatter(float[] dPatches, float[] values, int n) {
    int pixels = outHeight * outWidth;
    int p = 0;
    for (int tap = 0; tap < taps; tap++) {
      for (int i = 0; i < n; i++) {
        for (int pixel = 0; pixel < pixels; pixel++, p++) {
          int to = source[tap * pixels + pixel];
          if (to >= 0) {
            values[i * inSize + to] += dPatches[p];
          }
        }
      }
    }
  }

  /** Turns (m, n) blocks of the given length into (n, m) blocks. */
  private static void swapBlocks(float[] from, float[] to, int m, int n, int length) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        System.arraycopy(from, (i * n + j) * length, to, (j * m + i) * length, length);
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}
