package io.github.normkit.throughput;

import io.github.normkit.ModulatedNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The adaptive LayerNorm of a diffusion transformer's tokens: {@code (1 + scale) * xhat + shift}.
 */
final class ModulatedLayerSystem implements AroundSystem {

  private static final int SAMPLES = 2;
  private static final int TOKENS = 256;
  private static final int WIDTH = 1152;
  private static final int ELEMENTS = SAMPLES * TOKENS * WIDTH;
  private static final double EPSILON = 1e-6;

  private static float[] x() {
    return Case.gaussian(1, ELEMENTS, 0.3, 1.5);
  }

  private static float[] dy() {
    return Case.gaussian(2, ELEMENTS, 0.1, 1);
  }

  private static float[] scale() {
    return Case.gaussian(3, SAMPLES * WIDTH, 0, 0.3);
  }

  private static float[] shift() {
    return Case.gaussian(4, SAMPLES * WIDTH, 0, 0.3);
  }

  @Override
  public String shape() {
    return SAMPLES + "x" + TOKENS + "x" + WIDTH;
  }

  @Override
  public long bytes(boolean backward) {
    return (backward ? 12L : 8L) * ELEMENTS;
  }

  @Override
  public Call bind(boolean backward) {
    return new ModulatedCall(backward);
  }

  private static final class ModulatedCall implements Call {

    private final ModulatedNorm norm = ModulatedNorm.adaLayerNorm(WIDTH);
    private final boolean backward;
    private final Tensor x = Tensor.wrap(x(), Shape.of(SAMPLES, TOKENS, WIDTH));
    private final Tensor dy;
    private final Tensor scale = Tensor.wrap(scale(), Shape.of(SAMPLES, WIDTH));
    private final Tensor shift = Tensor.wrap(shift(), Shape.of(SAMPLES, WIDTH));
    private final Tensor out = Tensor.zeros(x.shape());
    private ModulatedNorm.Gradients gradients;

    ModulatedCall(boolean backward) {
      this.backward = backward;
      dy = Tensor.wrap(dy(), x.shape());
      norm.forward(x, scale, shift, out);
    }

    @Override
    public void run() {
      if (backward) {
        gradients = norm.backward(dy, out);
      } else {
        norm.forward(x, scale, shift, out);
      }
    }

    @Override
    public Map<String, float[]> results() {
      if (!backward) {
        return Map.of(OUTPUT, out.array());
      }
      Map<String, float[]> results = new LinkedHashMap<>();
      results.put(GRAD_INPUT, gradients.dx().array());
      results.put(GRAD_WEIGHT, gradients.dWeight().array());
      results.put(GRAD_BIAS, gradients.dBias().array());
      return results;
    }

    @Override
    public void close() {}
  }

  @Override
  public Map<String, double[]> expected(boolean backward) {
    double[] x = Expected.wide(x());
    double[] dy = Expected.wide(dy());
    double[] scale = Expected.wide(scale());
    double[] shift = Expected.wide(shift());
    double[] y = new double[ELEMENTS];
    double[] dx = new double[ELEMENTS];
    double[] dScale = new double[SAMPLES * WIDTH];
    double[] dShift = new double[SAMPLES * WIDTH];
    for (int row = 0; row < SAMPLES * TOKENS; row++) {
      int at = row * WIDTH;
      int own = row / TOKENS * WIDTH;
      Standardized standardized = new Standardized(x, i -> at + i, WIDTH, EPSILON);
      for (int i = 0; i < WIDTH; i++) {
        double xhat = standardized.xhat(i);
        y[at + i] = (1 + scale[own + i]) * xhat + shift[own + i];
        dx[at + i] = dy[at + i] * (1 + scale[own + i]);
        dScale[own + i] += dy[at + i] * xhat;
        dShift[own + i] += dy[at + i];
      }
      standardized.backward(dx);
    }
    if (!backward) {
      return Map.of(Call.OUTPUT, y);
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    gradients.put(Call.GRAD_INPUT, dx);
    gradients.put(Call.GRAD_WEIGHT, dScale);
    gradients.put(Call.GRAD_BIAS, dShift);
    return gradients;
  }
}
