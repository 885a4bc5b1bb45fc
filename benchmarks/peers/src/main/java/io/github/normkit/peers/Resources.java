package io.github.normkit.peers;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.Pointer;

/**
 * What a call has taken outside the Java heap, freed in reverse order.
 *
 * <p>It also keeps alive what only native code refers to: JavaCPP frees the memory of pointers that
 * the garbage collector finds.
 */
final class Resources implements AutoCloseable {

  private final Deque<Runnable> frees = new ArrayDeque<>();

  /** Keeps a pointer until the end, and returns it. */
  <P extends Pointer> P hold(P pointer) {
    atEnd(pointer::close);
    return pointer;
  }

  /** Does something at the end. */
  void atEnd(Runnable free) {
    frees.push(free);
  }

  /** Returns memory for so many floats, all 0. */
  NativeFloats floats(int size) {
    return hold(new NativeFloats(size));
  }

  /** Returns memory with these values. */
  NativeFloats floats(float[] values) {
    return hold(new NativeFloats(values));
  }

  @Override
  public void close() {
    while (!frees.isEmpty()) {
      frees.pop().run();
    }
  }
}
