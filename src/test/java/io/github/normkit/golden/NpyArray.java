package io.github.normkit.golden;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor of a golden file, its elements widened to double.
 *
 * @param shape the shape
 * @param values the elements in row-major order
 */
@SuppressWarnings("ArrayRecordComponent") // its instances are never compared
record NpyArray(Shape shape, double[] values) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(..)(.)', 'fortran_order': False, 'shape': \\(([\\d, ]*)\\), \\}\\s*");

  /** Reads NPY format 1.0 in C order, of the types the golden files hold: f4, f8 and i8. */
  static NpyArray parse(byte[] npy) {
    if (!Arrays.equals(npy, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException("not NPY format 1.0");
    }
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
    byte[] text = new byte[Short.toUnsignedInt(bytes.getShort())];
    bytes.get(text);
    String header = new String(text, StandardCharsets.US_ASCII);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("unknown NPY header: " + header);
    }
    Shape shape = shape(matcher.group(3));
    double[] values = new double[shape.size()];
    String type = matcher.group(1) + matcher.group(2);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case "<f4" -> bytes.getFloat();
            case "<f8" -> bytes.getDouble();
            case "<i8" -> bytes.getLong();
            default -> throw new IllegalArgumentException("unknown NPY type: " + type);
          };
    }
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException(bytes.remaining() + " bytes after the data of " + header);
    }
    return new NpyArray(shape, values);
  }

  /** Parses {@code "2, 3"}, {@code "4,"} and, for a scalar, the empty string. */
  private static Shape shape(String dims) {
    return Shape.of(
        Pattern.compile(",\\s*")
            .splitAsStream(dims)
            .filter(dim -> !dim.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray());
  }

  /** The tensor of a float32 member; a double that is no float would be a wrong use of it. */
  Tensor toTensor() {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < values.length; i++) {
      float value = (float) values[i];
      if (Double.compare(value, values[i]) != 0) {
        throw new IllegalStateException("not a float32: " + values[i]);
      }
      tensor.array()[i] = value;
    }
    return tensor;
  }
}
