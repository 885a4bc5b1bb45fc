package io.github.normkit.throughput;

import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * A pass of a layer.
 *
 * @param layer the layer
 * @param pass what is timed
 * @param backward whether the results are gradients
 * @param out where the pass writes the output, or the gradient by the input
 * @param pool the layer's, or null
 */
record LayerCall(NormLayer layer, Runnable pass, boolean backward, Tensor out, ForkJoinPool pool)
    implements Call {

  /** Returns a forward, or the backward of a gradient unless that is null. */
  static LayerCall of(NormLayer layer, Tensor x, Tensor dy, ForkJoinPool pool) {
    Tensor out = Tensor.zeros(x.shape());
    if (dy == null) {
      return new LayerCall(layer, () -> layer.forward(x, out), false, out, pool);
    }
    layer.forward(x, out);
    return new LayerCall(layer, () -> layer.backward(dy, out), true, out, pool);
  }

  @Override
  public void run() {
    pass.run();
  }

  @Override
  public Map<String, float[]> results() {
    if (!backward) {
      return Map.of(OUTPUT, out.array());
    }
    layer.zeroGrad();
    run();
    Map<String, float[]> results = new LinkedHashMap<>();
    results.put(GRAD_INPUT, out.array());
    for (Parameter parameter : layer.parameters()) {
      results.put("grad_" + parameter.name(), parameter.gradient().toArray());
    }
    return results;
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdown();
    }
  }
}
