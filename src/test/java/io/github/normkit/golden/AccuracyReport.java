package io.github.normkit.golden;

import java.util.ArrayList;
import java.util.List;

/** Lists where the layers are less accurate than PyTorch's float32 kernels. */
final class AccuracyReport {

  /** Below this an error is no worse than one more rounding, whatever PyTorch's is. */
  private static final double ALWAYS_FINE = 2;

  private AccuracyReport() {}

  /**
   * Returns a line for each tensor of a golden case whose largest error, in float32 units in the
   * last place of its largest answer, exceeds both 2 and PyTorch's.
   */
  static List<String> exceedances() {
    List<String> lines = new ArrayList<>();
    for (String name : GoldenCase.names()) {
      for (Comparison comparison : GoldenRun.of(GoldenCase.load(name))) {
        double ulps = comparison.tensorUlps();
        if (ulps > Math.max(ALWAYS_FINE, comparison.pyTorchTensorUlps())) {
          lines.add(
              String.format(
                  "%s: %s: %.3g tensor ulps, PyTorch's %.3g",
                  name, comparison.member(), ulps, comparison.pyTorchTensorUlps()));
        }
      }
    }
    return lines;
  }

  /** Prints the list. */
  public static void main(String[] args) {
    exceedances().forEach(System.out::println);
  }
}
