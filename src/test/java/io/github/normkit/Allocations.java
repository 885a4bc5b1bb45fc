package io.github.normkit;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What each layer allocates a call once all is compiled: a line each, its name and the bytes. */
final class Allocations {

  /** So many calls in a row have to agree. */
  private static final int CALLS = 100;

  /** After which a pass is said to allocate what it still does. */
  private static final long PATIENCE = 4_000_000_000L;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocations() {}

  public static void main(String[] args) {
    layers().forEach(Allocations::print);
  }

  /** Rows, runs and columns, short and long, with whole vectors and without. */
  private static Map<LayerBuilder<?>, Shape> layers() {
    Map<LayerBuilder<?>, Shape> layers = new LinkedHashMap<>();
    layers.put(LayerNorm.builder(768), Shape.of(9, 768));
    layers.put(LayerNorm.builder(37).affine(false), Shape.of(9, 37));
    layers.put(LayerNorm.builder(64).zeroCentered(true), Shape.of(40, 64));
    layers.put(RMSNorm.builder(4096), Shape.of(2, 4096));
    layers.put(RMSNorm.builder(49), Shape.of(7, 49));
    layers.put(QKNorm.builder(4, 2, 64), Shape.of(9, 512));
    layers.put(QKNorm.builder(3, 3, 37).centered(true), Shape.of(5, 240));
    layers.put(DynamicTanh.builder(768), Shape.of(9, 768));
    layers.put(DynamicTanh.builder(37).bias(false), Shape.of(70, 37));
    for (Layout layout : Layout.values()) {
      boolean first = layout == Layout.CHANNELS_FIRST;
      Shape shape = first ? Shape.of(4, 70, 7, 7) : Shape.of(4, 7, 7, 70);
      layers.put(BatchNorm.builder(70).layout(layout), shape);
      layers.put(BatchNorm.builder(70).layout(layout).affine(false).frozen(true), shape);
      layers.put(GroupNorm.builder(7, 70).layout(layout), shape);
      layers.put(InstanceNorm.builder(70).layout(layout).affine(true), shape);
      layers.put(LocalResponseNorm.builder(5).layout(layout), shape);
    }
    layers.put(GhostBatchNorm.builder(4, 70), Shape.of(11, 70, 7));
    layers.put(BatchNorm.builder(100), Shape.of(33, 100));
    layers.put(BatchNorm.builder(2), Shape.of(3, 2, 4992));
    return layers;
  }

  private static void print(LayerBuilder<?> builder, Shape shape) {
    NormLayer layer = builder.build();
    Tensor x = Tensor.zeros(shape);
    RandomGenerator random = Seeds.random(1);
    for (int i = 0; i < shape.size(); i++) {
      x.array()[i] = (float) random.nextGaussian();
    }
    Tensor out = Tensor.zeros(shape);
    print(builder, shape, "forward", () -> layer.forward(x, out));
    print(builder, shape, "backward", () -> layer.backward(x, out));
    print(builder, shape, "infer", () -> layer.infer(x, out));
    if (layer instanceof RowLayer && builder instanceof NormBuilder) {
      AddNorm norm = new AddNorm(layer);
      Tensor sum = Tensor.zeros(shape);
      norm.forward(x, x, sum, out);
      print(builder, shape, "added backward", () -> norm.backward(x, x, out));
      print(builder, shape, "added infer", () -> norm.infer(x, x, sum, out));
    }
  }

  private static void print(LayerBuilder<?> builder, Shape shape, String pass, Runnable call) {
    System.out.println(builder.layer() + " " + shape + " " + pass + ": " + steady(call));
  }

  /** The bytes of the last call when for a while none has allocated, or patience is at its end. */
  private static long steady(Runnable call) {
    long thread = Thread.currentThread().getId();
    long start = System.nanoTime();
    long bytes = 0;
    for (int free = 0; free < CALLS && System.nanoTime() - start < PATIENCE; ) {
      long before = THREADS.getThreadAllocatedBytes(thread);
      call.run();
      bytes = THREADS.getThreadAllocatedBytes(thread) - before;
      free = bytes == 0 ? free + 1 : 0;
    }
    return bytes;
  }
}
