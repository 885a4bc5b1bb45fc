package io.github.normkit.throughput;

import java.util.Locale;

/** How tables write numbers. */
final class Format {

  private Format() {}

  /** A time with three digits or more. */
  static String micros(double micros) {
    int decimals = micros < 9.995 ? 2 : micros < 99.95 ? 1 : 0;
    return of("%." + decimals + "f", micros);
  }

  static String percent(double part) {
    return of("%.0f %%", 100 * part);
  }

  static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
