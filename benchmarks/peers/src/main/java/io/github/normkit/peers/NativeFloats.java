package io.github.normkit.peers;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Floats outside the Java heap that begin with a cache line, as native libraries like them best.
 */
final class NativeFloats extends FloatPointer {

  private static final int LINE = 64;

  private final BytePointer memory;

  /** Takes memory for so many zeros. */
  NativeFloats(int size) {
    super((Pointer) null);
    memory = new BytePointer((long) size * Float.BYTES + LINE).zero();
    address = (memory.address() + LINE - 1) / LINE * LINE;
    limit = size;
    capacity = size;
  }

  /** Takes memory with these values. */
  NativeFloats(float[] values) {
    this(values.length);
    put(values);
  }

  /** Returns a copy of the values. */
  float[] toArray() {
    float[] values = new float[(int) capacity];
    get(values);
    return values;
  }

  @Override
  public void close() {
    super.close();
    memory.close();
  }
}
