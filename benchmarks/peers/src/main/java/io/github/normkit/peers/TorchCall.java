package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * A call that returns new tensors. Those of the last run are freed when the next begins, so that it
 * gets their memory again.
 *
 * @param <R> what the operation returns
 */
final class TorchCall<R extends Pointer> implements Call {

  private final Resources resources;
  private final Supplier<R> operation;
  private final Function<R, List<Tensor>> tensors;
  private final List<String> names;
  private R last;

  /**
   * Makes a call.
   *
   * @param resources what to free at the end
   * @param operation what is timed
   * @param tensors finds the tensors in what the operation returns
   * @param names of the tensors; those without a name are left out
   */
  TorchCall(
      Resources resources,
      Supplier<R> operation,
      Function<R, List<Tensor>> tensors,
      List<String> names) {
    this.resources = resources;
    this.operation = operation;
    this.tensors = tensors;
    this.names = names;
  }

  @Override
  public void run() {
    free();
    last = operation.get();
  }

  @Override
  public Map<String, float[]> results() {
    List<Tensor> found = tensors.apply(last);
    Map<String, float[]> results = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      results.put(names.get(i), values(found.get(i)));
    }
    return results;
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    new FloatPointer(tensor.data_ptr_float()).get(values);
    return values;
  }

  @Override
  public void close() {
    free();
    resources.close();
  }

  private void free() {
    if (last != null) {
      last.close();
      last = null;
    }
  }
}
