package io.github.normkit.experiments.pitfalls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers as text. */
final class Texts {

  private Texts() {}

  /** Returns the cells of a row, each value by its format; the formats stand side by side. */
  static String[] row(String formats, Object... values) {
    return withoutSignedZeros(String.format(Locale.ROOT, formats, values)).split(" ", -1);
  }

  /** Returns the values side by side. */
  static String list(String format, float... values) {
    List<String> texts = new ArrayList<>();
    for (float value : values) {
      texts.add(String.format(Locale.ROOT, format, value));
    }
    return withoutSignedZeros(String.join(", ", texts));
  }

  /** A number so small that nothing but its sign is seen has none. */
  private static String withoutSignedZeros(String text) {
    return text.replaceAll("-(0(\\.0+)?)(?![\\d.])", "$1");
  }
}
