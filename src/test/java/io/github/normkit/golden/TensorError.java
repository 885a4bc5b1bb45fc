package io.github.normkit.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The largest error of a layer in one tensor of a golden case, and PyTorch's. Errors are in float32
 * units in the last place of the tensor's largest answer.
 *
 * @param name the case
 * @param family the kind of case
 * @param layer the layer
 * @param hardKind what is hard about the case, or empty
 * @param tensor what it is, for example {@code grad_input}
 * @param ulps the layer's error, over all steps of a sequence; infinite where it is NaN or infinite
 *     and the answer is not
 * @param pyTorchUlps the same of PyTorch's float32 kernels, where it is stored
 */
public record TensorError(
    String name,
    String family,
    String layer,
    String hardKind,
    String tensor,
    double ulps,
    OptionalDouble pyTorchUlps) {

  /** Below this an error is no worse than one more rounding, whatever PyTorch's is. */
  private static final double ALWAYS_FINE = 2;

  /** Measures all golden cases; the count of batches, which nothing rounds, is left out. */
  public static List<TensorError> all() {
    return GoldenCase.names().stream().flatMap(name -> of(GoldenCase.load(name)).stream()).toList();
  }

  private static List<TensorError> of(GoldenCase golden) {
    Map<String, Double> largest = new LinkedHashMap<>();
    for (Comparison comparison : GoldenRun.of(golden)) {
      if (!comparison.tensor().equals("num_batches_tracked")) {
        largest.merge(comparison.tensor(), comparison.tensorUlps(), Math::max);
      }
    }
    List<TensorError> errors = new ArrayList<>();
    largest.forEach(
        (tensor, ulps) ->
            errors.add(
                new TensorError(
                    golden.name(),
                    golden.get("family"),
                    golden.get("layer"),
                    golden.find("hard_kind").orElse(""),
                    tensor,
                    ulps,
                    Comparison.pyTorchTensorUlps(golden, tensor))));
    return errors;
  }

  /** Whether the layer's error exceeds both 2 and PyTorch's. */
  public boolean exceedsBound() {
    return ulps > Math.max(ALWAYS_FINE, pyTorchUlps.orElse(0));
  }
}
