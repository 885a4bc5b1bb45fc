package io.github.normkit.throughput;

import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * The layers of normkit where the result takes the place of what is read: {@code infer} of the
 * input, and backward of the gradient by the output.
 *
 * <p>Every sixteen calls what was read is put back, for the gradient of a gradient of a gradient
 * goes to zero, and before it to numbers that are slow. That time counts.
 */
public final class InPlace implements Implementation {

  private static final int CALLS_A_COPY = 16;

  @Override
  public String name() {
    return Job.IN_PLACE;
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    if (c.operation() == Operation.BATCH_TRAIN || c.operation() == Operation.ADD_RMS_FORWARD) {
      return Optional.empty();
    }
    ForkJoinPool pool = threads > 1 ? new ForkJoinPool(threads) : null;
    NormLayer layer = Normkit.layer(c, pool);
    Tensor x = Tensor.wrap(c.x(), c.storedShape());
    Tensor dy = c.operation().isBackward() ? Tensor.wrap(c.dy(), x.shape()) : null;
    return Optional.of(call(layer, x, dy, pool));
  }

  /** Returns an infer, or the backward of a gradient unless that is null, each onto itself. */
  static Call call(NormLayer layer, Tensor x, Tensor dy, ForkJoinPool pool) {
    boolean backward = dy != null;
    Tensor both = backward ? dy : x;
    if (backward) {
      layer.forward(x);
    }
    Runnable pass = backward ? () -> layer.backward(both, both) : () -> layer.infer(both, both);
    LayerCall call = new LayerCall(layer, pass, backward, both, pool);
    return new InPlaceCall(call, both.toArray(), both.array());
  }

  private static final class InPlaceCall implements Call {

    private final LayerCall call;
    private final float[] original;
    private final float[] data;
    private int calls;

    InPlaceCall(LayerCall call, float[] original, float[] data) {
      this.call = call;
      this.original = original;
      this.data = data;
    }

    @Override
    public void run() {
      if (calls++ % CALLS_A_COPY == 0) {
        restore();
      }
      call.run();
    }

    private void restore() {
      System.arraycopy(original, 0, data, 0, data.length);
    }

    @Override
    public Map<String, float[]> results() {
      restore();
      if (!call.backward()) {
        call.run();
      }
      return call.results();
    }

    @Override
    public void close() {
      call.close();
    }
  }
}
