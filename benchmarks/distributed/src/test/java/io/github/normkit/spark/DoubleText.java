package io.github.normkit.spark;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Doubles as text, bit by bit: base64 of their bytes, the high one first. */
final class DoubleText {

  private DoubleText() {}

  static String encode(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
    for (double value : values) {
      bytes.putLong(Double.doubleToRawLongBits(value));
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  static double[] decode(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    double[] values = new double[bytes.remaining() / Double.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(bytes.getLong());
    }
    return values;
  }
}
