package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Self-attention with one head: {@code softmax(Q Kᵀ / √width) V}, then a dense layer; x is (N
 * tokens, width), and tokens see those of their own sample only.
 */
final class SelfAttention implements Layer {

  private final int tokens;
  private final int width;
  private final float scale;
  private final Dense query;
  private final Dense key;
  private final Dense value;
  private final Dense output;
  private Tensor q;
  private Tensor k;
  private Tensor v;
  private Tensor mixed;
  private Tensor dq;
  private Tensor dk;
  private Tensor dv;
  private Tensor dx;
  private float[] shares = {};

  SelfAttention(int tokens, int width, Random random) {
    this.tokens = tokens;
    this.width = width;
    this.scale = (float) (1 / Math.sqrt(width));
    this.query = new Dense(width, width, Weights.LINEAR, random);
    this.key = new Dense(width, width, Weights.LINEAR, random);
    this.value = new Dense(width, width, Weights.LINEAR, random);
    this.output = new Dense(width, width, Weights.LINEAR, random);
  }

  @Override
  public Tensor forward(Tensor x) {
    int rows = x.shape().dim(0);
    q = query.forward(x);
    k = key.forward(x);
    v = value.forward(x);
    mixed = Layer.reuse(mixed, x.shape());
    Arrays.fill(mixed.array(), 0);
    shares = shares.length == rows * tokens ? shares : new float[rows * tokens];
    double[] exp = new double[tokens];
    for (int row = 0; row < rows; row++) {
      int first = row / tokens * tokens;
      attend(row, first, exp);
      for (int t = 0; t < tokens; t++) {
        addRow(shares[row * tokens + t], v.array(), first + t, mixed.array(), row);
      }
    }
    return output.forward(mixed);
  }

  /** Computes the shares that a row takes of the tokens of its sample. */
  private void attend(int row, int first, double[] exp) {
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < tokens; t++) {
      exp[t] = scale * dot(q.array(), row, k.array(), first + t);
      max = Math.max(max, exp[t]);
    }
    double sum = 0;
    for (int t = 0; t < tokens; t++) {
      exp[t] = StrictMath.exp(exp[t] - max);
      sum += exp[t];
    }
    for (int t = 0; t < tokens; t++) {
      shares[row * tokens + t] = (float) (exp[t] / sum);
    }
  }

  @Override
  public Tensor backward(Tensor dy) {
    int rows = dy.shape().dim(0);
    float[] dMixed = output.backward(dy).array();
    dq = cleared(dq, dy);
    dk = cleared(dk, dy);
    dv = cleared(dv, dy);
    float[] dShares = new float[tokens];
    for (int row = 0; row < rows; row++) {
      int first = row / tokens * tokens;
      float mean = 0;
      for (int t = 0; t < tokens; t++) {
        float share = shares[row * tokens + t];
        addRow(share, dMixed, row, dv.array(), first + t);
        dShares[t] = dot(dMixed, row, v.array(), first + t);
        mean += share * dShares[t];
      }
      for (int t = 0; t < tokens; t++) {
        float dScore = scale * shares[row * tokens + t] * (dShares[t] - mean);
        addRow(dScore, k.array(), first + t, dq.array(), row);
        addRow(dScore, q.array(), row, dk.array(), first + t);
      }
    }
    dx = cleared(dx, dy);
    add(query.backward(dq));
    add(key.backward(dk));
    add(value.backward(dv));
    return dx;
  }

  private static Tensor cleared(Tensor old, Tensor like) {
    Tensor tensor = Layer.reuse(old, like.shape());
    Arrays.fill(tensor.array(), 0);
    return tensor;
  }

  private void add(Tensor part) {
    for (int i = 0; i < dx.array().length; i++) {
      dx.array()[i] += part.array()[i];
    }
  }

  private float dot(float[] a, int aRow, float[] b, int bRow) {
    float sum = 0;
    for (int i = 0; i < width; i++) {
      sum += a[aRow * width + i] * b[bRow * width + i];
    }
    return sum;
  }

  private void addRow(float factor, float[] from, int fromRow, float[] to, int toRow) {
    for (int i = 0; i < width; i++) {
      to[toRow * width + i] += factor * from[fromRow * width + i];
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(query, key, value, output).stream()
        .flatMap(dense -> dense.parameters().stream())
        .toList();
  }
}
