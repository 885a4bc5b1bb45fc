package io.github.normkit.golden;

import java.util.List;

/** Lists where the layers are less accurate than PyTorch's float32 kernels. */
final class AccuracyReport {

  private AccuracyReport() {}

  /** Returns a line for each tensor of a golden case whose error exceeds both 2 and PyTorch's. */
  static List<String> exceedances() {
    return TensorError.all().stream()
        .filter(TensorError::exceedsBound)
        .map(
            error ->
                String.format(
                    "%s: %s: %.3g tensor ulps, PyTorch's %.3g",
                    error.name(),
                    error.tensor(),
                    error.ulps(),
                    error.pyTorchUlps().orElse(Double.NaN)))
        .toList();
  }

  /** Prints the list. */
  public static void main(String[] args) {
    exceedances().forEach(System.out::println);
  }
}
