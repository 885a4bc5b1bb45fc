package io.github.normkit.peers;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_wait;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/** A computation of oneDNN with the memory that it reads and writes. */
final class OneDnnPrimitive {

  private static final int MOST_ARGUMENTS = 12;

  private final Resources resources;
  private final dnnl_engine engine;
  private final dnnl_primitive primitive = new dnnl_primitive();
  private final dnnl_exec_arg_t arguments;
  private int count;

  OneDnnPrimitive(Resources resources, dnnl_engine engine, dnnl_primitive_desc description) {
    this.resources = resources;
    this.engine = engine;
    check(dnnl_primitive_create(primitive, description));
    resources.atEnd(() -> check(dnnl_primitive_destroy(primitive)));
    arguments = resources.hold(new dnnl_exec_arg_t(MOST_ARGUMENTS));
  }

  /** Gives the memory of an argument. */
  OneDnnPrimitive with(int argument, dnnl_memory_desc description, NativeFloats floats) {
    dnnl_memory memory = new dnnl_memory();
    check(dnnl_memory_create(memory, description, engine, floats));
    resources.atEnd(() -> check(dnnl_memory_destroy(memory)));
    arguments.position(count).arg(argument).memory(memory);
    arguments.position(0);
    count++;
    return this;
  }

  /** Computes once. */
  void execute(dnnl_stream stream) {
    check(dnnl_primitive_execute(primitive, stream, count, arguments));
    check(dnnl_stream_wait(stream));
  }

  /** Throws unless oneDNN returned success. */
  static void check(int status) {
    if (status != dnnl_success) {
      throw new IllegalStateException(
          "oneDNN: expected status " + dnnl_success + ", got " + status);
    }
  }
}
