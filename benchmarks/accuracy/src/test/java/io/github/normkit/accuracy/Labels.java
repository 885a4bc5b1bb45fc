package io.github.normkit.accuracy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the golden files call things, in the order of the tables, and what the tables call them. */
final class Labels {

  static final String HARD = "hard";

  static final Map<String, String> LAYERS =
      inOrder(
          "batch_norm", "BatchNorm",
          "layer_norm", "LayerNorm",
          "group_norm", "GroupNorm",
          "instance_norm", "InstanceNorm",
          "rms_norm", "RMSNorm",
          "mean_variance_norm", "MeanVarianceNorm");

  static final Map<String, String> FAMILIES =
      inOrder(
          "onnx",
          "ONNX's own cases",
          "pytorch_grid",
          "options and shapes",
          "lengths",
          "lengths of sets",
          "sequences",
          "several steps",
          "generated",
          "a million values",
          HARD,
          "hard");

  static final Map<String, String> HARD_KINDS =
      inOrder(
          "mean1e4", "mean 1e4, deviation 1",
          "mean1e5", "mean 1e5, deviation 1",
          "mean1e6", "mean 1e6, deviation 1",
          "var1e-12", "deviation 1e-6",
          "const", "constant",
          "zeros", "zeros",
          "denormal", "denormal, 1e-40",
          "scale1e-25", "size 1e-25",
          "scale1e18", "size 1e18",
          "scale1e30", "size 1e30",
          "logspread", "sizes 1e-10 to 1e10",
          "outlier100", "outliers of 100",
          "outlier1000", "outliers of 1000",
          "pivot", "first 1e6, others 1",
          "step", "half 0, half 1e4",
          "altsign", "1e4 and -1e4 in turn",
          "nan", "one NaN",
          "inf", "one infinity");

  private Labels() {}

  private static Map<String, String> inOrder(String... keysAndLabels) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < keysAndLabels.length; i += 2) {
      labels.put(keysAndLabels[i], keysAndLabels[i + 1]);
    }
    return Collections.unmodifiableMap(labels);
  }
}
