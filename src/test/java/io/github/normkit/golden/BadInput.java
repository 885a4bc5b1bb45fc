package io.github.normkit.golden;

import io.github.normkit.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A row of bad_inputs.csv: a call that must fail, or must not.
 *
 * @param layer the layer
 * @param configuration what is special about it or its input
 * @param inputShape the shape of the input, as in {@code 2x4x3}, or {@code -}
 * @param verdict {@code reject}, {@code accept} or, where both are sound, {@code either}
 */
record BadInput(String layer, String configuration, String inputShape, String verdict) {

  static List<BadInput> all() {
    List<List<String>> rows =
        GoldenCase.resource("bad_inputs.csv").lines().map(BadInput::split).toList();
    List<String> header = rows.get(0);
    return rows.stream()
        .skip(1)
        .map(
            row ->
                new BadInput(
                    row.get(header.indexOf("layer")),
                    row.get(header.indexOf("configuration")),
                    row.get(header.indexOf("input_shape")),
                    row.get(header.indexOf("verdict"))))
        .toList();
  }

  /** Splits at commas outside quotes; a quote inside quotes is doubled. */
  private static List<String> split(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
      if (doubled) {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** The shape of the input; rows that only construct a layer have none. */
  Shape shape() {
    if (inputShape.equals("scalar")) {
      return Shape.of();
    }
    return Shape.of(Arrays.stream(inputShape.split("x", -1)).mapToInt(Integer::parseInt).toArray());
  }

  /** The layer and the configuration, which together are unique. */
  String key() {
    return layer + ": " + configuration;
  }

  @Override
  public String toString() {
    return key();
  }
}
