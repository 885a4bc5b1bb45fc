package io.github.normkit.throughput;

import io.github.normkit.Parameter;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.weights.NormalizedWeight;
import java.util.LinkedHashMap;
import java.util.Map;

/** A normalized weight of a convolution, with a row of the matrix for each output. */
abstract class WeightSystem implements AroundSystem {

  static final int ROWS = 256;
  static final int COLUMNS = 256 * 3 * 3;
  static final Shape SHAPE = Shape.of(ROWS, 256, 3, 3);

  static float[] weight() {
    return Case.gaussian(1, ROWS * COLUMNS, 0.01, 0.05);
  }

  static float[] dw() {
    return Case.gaussian(2, ROWS * COLUMNS, 0.1, 1);
  }

  /** Returns the weight in a new state. */
  abstract NormalizedWeight norm();

  /** Returns what it begins with, and is put back to. */
  abstract Map<String, Tensor> state();

  @Override
  public final String shape() {
    return ROWS + "x256x3x3";
  }

  /** Backward reads two arrays and adds into a third. */
  @Override
  public final long bytes(boolean backward) {
    return (backward ? 16L : 8L) * ROWS * COLUMNS;
  }

  @Override
  public final Call bind(boolean backward) {
    return new WeightCall(norm(), state(), backward);
  }

  private static final class WeightCall implements Call {

    private final NormalizedWeight norm;
    private final Map<String, Tensor> state;
    private final boolean backward;
    private final Tensor dw = Tensor.wrap(dw(), SHAPE);
    private final Tensor out = Tensor.zeros(SHAPE);

    WeightCall(NormalizedWeight norm, Map<String, Tensor> state, boolean backward) {
      this.norm = norm;
      this.state = state;
      this.backward = backward;
      norm.loadState(state);
      norm.forward(out);
    }

    @Override
    public void run() {
      if (backward) {
        norm.backward(dw);
      } else {
        norm.forward(out);
      }
    }

    @Override
    public Map<String, float[]> results() {
      // Some vectors change with each forward.
      norm.loadState(state);
      norm.zeroGrad();
      norm.forward(out);
      if (!backward) {
        return Map.of(OUTPUT, out.array());
      }
      run();
      Map<String, float[]> results = new LinkedHashMap<>();
      for (Parameter parameter : norm.parameters()) {
        results.put("grad_" + parameter.name(), parameter.gradient().toArray());
      }
      return results;
    }

    @Override
    public void close() {}
  }
}
