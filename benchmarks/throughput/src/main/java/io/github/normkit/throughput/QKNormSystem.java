package io.github.normkit.throughput;

import io.github.normkit.QKNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** RMSNorm of each query and key head, in rows that hold the values' heads, too; in place. */
final class QKNormSystem implements AroundSystem {

  private static final int TOKENS = 512;
  private static final int QUERIES = 32;
  private static final int KEYS = 8;
  private static final int VALUES = 8;
  private static final int HEAD = 128;
  private static final int ROW = (QUERIES + KEYS + VALUES) * HEAD;
  private static final double EPSILON = 1e-6;

  private static float[] x() {
    return Case.gaussian(1, TOKENS * ROW, 0.3, 1.5);
  }

  private static float[] dy() {
    return Case.gaussian(2, TOKENS * ROW, 0.1, 1);
  }

  private static float[] weight(int seed) {
    return Case.gaussian(seed, HEAD, 1, 0.3);
  }

  @Override
  public String shape() {
    return TOKENS + "x(" + QUERIES + "+" + KEYS + "+" + VALUES + ")x" + HEAD;
  }

  @Override
  public long bytes(boolean backward) {
    return (backward ? 12L : 8L) * TOKENS * (QUERIES + KEYS) * HEAD;
  }

  @Override
  public Call bind(boolean backward) {
    QKNorm layer = QKNorm.builder(QUERIES, KEYS, HEAD).epsilon(EPSILON).build();
    Shape head = Shape.of(HEAD);
    layer.loadState(
        Map.of(
            "q_norm.weight", Tensor.wrap(weight(3), head),
            "k_norm.weight", Tensor.wrap(weight(4), head)));
    Shape shape = Shape.of(TOKENS, ROW);
    Tensor dy = backward ? Tensor.wrap(dy(), shape) : null;
    return InPlace.call(layer, Tensor.wrap(x(), shape), dy, null);
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] queryWeight = Expected.wide(weight(3));
    double[] keyWeight = Expected.wide(weight(4));
    double[] queryGradient = new double[HEAD];
    double[] keyGradient = new double[HEAD];
    double[] y = x.clone();
    double[] dx = dy.clone();
    for (int t = 0; t < TOKENS; t++) {
      for (int h = 0; h < QUERIES + KEYS; h++) {
        int at = t * ROW + h * HEAD;
        double[] weight = h < QUERIES ? queryWeight : keyWeight;
        double[] gradient = h < QUERIES ? queryGradient : keyGradient;
        double squares = 0;
        double dot = 0;
        for (int i = 0; i < HEAD; i++) {
          squares += x[at + i] * x[at + i];
          dot += dy[at + i] * weight[i] * x[at + i];
        }
        double root = Math.sqrt(squares / HEAD + EPSILON);
        for (int i = 0; i < HEAD; i++) {
          double xhat = x[at + i] / root;
          y[at + i] = xhat * weight[i];
          dx[at + i] = (dy[at + i] * weight[i] - xhat * dot / root / HEAD) / root;
          gradient[i] += dy[at + i] * xhat;
        }
      }
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put("grad_q_norm.weight", queryGradient);
    gradients.put("grad_k_norm.weight", keyGradient);
    return gradients;
  }
}
