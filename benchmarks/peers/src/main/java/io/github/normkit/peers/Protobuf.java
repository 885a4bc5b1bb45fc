package io.github.normkit.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a message of Protocol Buffers, field by field. */
final class Protobuf {

  private static final int VARIABLE = 0;
  private static final int LENGTH_FIRST = 2;
  private static final int FOUR_BYTES = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds a whole number, 0 or above. */
  Protobuf number(int field, long value) {
    tag(field, VARIABLE);
    variable(value);
    return this;
  }

  /** Adds a float. */
  Protobuf single(int field, float value) {
    tag(field, FOUR_BYTES);
    byte[] four = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    bytes.writeBytes(four);
    return this;
  }

  /** Adds a text. */
  Protobuf text(int field, String value) {
    return block(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a message inside this one, as it is now. */
  Protobuf message(int field, Protobuf value) {
    return block(field, value.toBytes());
  }

  /** Returns the message. */
  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private Protobuf block(int field, byte[] value) {
    tag(field, LENGTH_FIRST);
    variable(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void tag(int field, int type) {
    variable(((long) field << 3) | type);
  }

  /** Writes seven bits a byte, the lowest first; the top bit says that more follow. */
  private void variable(long value) {
    long rest = value;
    while (rest > 0x7f) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
