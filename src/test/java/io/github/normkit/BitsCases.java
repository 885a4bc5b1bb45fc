package io.github.normkit;

import static io.github.normkit.Layout.CHANNELS_LAST;

import io.github.normkit.distributed.Collective;
import io.github.normkit.distributed.ReplicaGroup;
import io.github.normkit.golden.SplitMix64;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Layers and inputs that together reach every operation: all layers, both layouts, options, short
 * runs, long ones that are cut into parts, tails, and inputs that need the second passes.
 */
final class BitsCases {

  /** What to build and what to feed it; {@code parameters} and {@code gradient} are their sizes. */
  private record Case(
      Supplier<LayerBuilder<?>> builder,
      Shape shape,
      float offset,
      float scale,
      float parameters,
      float gradient,
      Mask mask) {

    Case(Supplier<LayerBuilder<?>> builder, Shape shape, float offset, float scale) {
      this(builder, shape, offset, scale, 1, 1, null);
    }

    Case masked(Mask mask) {
      return new Case(builder, shape, offset, scale, parameters, gradient, mask);
    }

    /** The same layer on inputs, with parameters and with gradients of a size. */
    List<Case> sized(float size) {
      return List.of(
          new Case(builder, shape, 0, size, 1, 1, null),
          new Case(builder, shape, 0, 1, size, 1, null),
          new Case(builder, shape, 0, 1, 1, size, null));
    }
  }

  private static final Map<String, List<Case>> CASES = new LinkedHashMap<>();

  static {
    rows();
    channels(Layout.CHANNELS_FIRST, "first");
    channels(CHANNELS_LAST, "last");
    tails();
    sizes();
    family();
    masks();
  }

  private BitsCases() {}

  private static void put(String name, Case c) {
    CASES.put(name, List.of(c));
  }

  /** Runs of every length from 1 to 130, one hash for all. */
  private static void tails() {
    List<Case> rows = new ArrayList<>();
    List<Case> first = new ArrayList<>();
    List<Case> last = new ArrayList<>();
    for (int n = 1; n <= 130; n++) {
      int cols = n;
      rows.add(new Case(() -> LayerNorm.builder(cols), Shape.of(3, n), 0.3f, 1));
      rows.add(new Case(() -> RMSNorm.builder(cols), Shape.of(3, n), 0.3f, 1));
      first.add(new Case(() -> BatchNorm.builder(3), Shape.of(2, 3, n), 0.3f, 1));
      first.add(new Case(() -> GroupNorm.builder(1, 3), Shape.of(2, 3, n), 0.3f, 1));
      Shape shape = Shape.of(40, 2, n);
      last.add(new Case(() -> BatchNorm.builder(cols).layout(CHANNELS_LAST), shape, 0.3f, 1));
      last.add(new Case(() -> GroupNorm.builder(1, cols).layout(CHANNELS_LAST), shape, 0.3f, 1));
    }
    CASES.put("tails-rows", rows);
    CASES.put("tails-first", first);
    CASES.put("tails-last", last);
  }

  /** All powers of two, so that every threshold is met on both sides. */
  private static void sizes() {
    Shape rows = Shape.of(2, 20);
    Shape first = Shape.of(2, 3, 10);
    Shape last = Shape.of(2, 10, 3);
    List<Case> plain =
        List.of(
            new Case(() -> LayerNorm.builder(20).epsilon(1e-300), rows, 0, 1),
            new Case(() -> LayerNorm.builder(20).weight(false), rows, 0, 1),
            new Case(() -> RMSNorm.builder(20).epsilon(1e-300), rows, 0, 1),
            new Case(() -> BatchNorm.builder(3).epsilon(1e-300), first, 0, 1),
            new Case(() -> BatchNorm.builder(3).weight(false), first, 0, 1),
            new Case(() -> BatchNorm.builder(3).frozen(true), first, 0, 1),
            new Case(() -> BatchNorm.builder(3).epsilon(1e-300).layout(CHANNELS_LAST), last, 0, 1),
            new Case(() -> BatchNorm.builder(3).weight(false).layout(CHANNELS_LAST), last, 0, 1),
            new Case(() -> BatchNorm.builder(3).frozen(true).layout(CHANNELS_LAST), last, 0, 1));
    List<Case> sized = new ArrayList<>();
    for (int exponent = Float.MIN_EXPONENT; exponent <= Float.MAX_EXPONENT; exponent++) {
      float size = Math.scalb(1f, exponent);
      plain.forEach(c -> sized.addAll(c.sized(size)));
    }
    CASES.put("sizes", sized);
  }

  /** The wider family: what splits over threads, all powers of two, and short rows and planes. */
  private static void family() {
    for (int cols : new int[] {3, 16, 130, 333}) {
      Shape shape = Shape.of(cols < 300 ? 37 : 260, cols);
      put("unit-" + cols, new Case(() -> UnitNorm.builder(cols), shape, 0.3f, 1));
      put("scale-" + cols, new Case(() -> ScaleNorm.builder(cols), shape, 0.3f, 1));
      put(
          "partial-" + cols,
          new Case(() -> PartialRMSNorm.builder(cols).fraction(0.4).bias(true), shape, 0.3f, 1));
      put("tanh-" + cols, new Case(() -> DynamicTanh.builder(cols), shape, 0.3f, 3));
    }
    for (Layout layout : Layout.values()) {
      boolean last = layout == CHANNELS_LAST;
      for (int spatial : new int[] {1, 9, 400}) {
        Shape shape = last ? Shape.of(10, spatial, 12) : Shape.of(10, 12, spatial);
        String name = spatial + (last ? "-last" : "-first");
        put(
            "local-" + name,
            new Case(() -> LocalResponseNorm.builder(5).beta(0.7).layout(layout), shape, 0.3f, 9));
        put(
            "response-" + name,
            new Case(
                () -> FilterResponseNorm.builder(12).learnedEpsilon(0.1f).layout(layout),
                shape,
                0.3f,
                1));
        put(
            "renorm-" + name,
            new Case(
                () -> BatchRenorm.builder(12).limits(1.5, 0.5).layout(layout), shape, 0.3f, 1));
        put(
            "ghosts-" + name,
            new Case(() -> GhostBatchNorm.builder(4, 12).layout(layout), shape, 0.3f, 1));
      }
    }
    Shape rows = Shape.of(2, 20);
    List<Case> plain =
        List.of(
            new Case(() -> UnitNorm.builder(20).epsilon(1e-300), rows, 0, 1),
            new Case(() -> ScaleNorm.builder(20), rows, 0, 1),
            new Case(() -> PartialRMSNorm.builder(20).epsilon(1e-300).fraction(0.5), rows, 0, 1),
            new Case(() -> DynamicTanh.builder(20), rows, 0, 1),
            new Case(() -> LocalResponseNorm.builder(5), rows, 0, 1),
            new Case(() -> FilterResponseNorm.builder(2), Shape.of(2, 2, 10), 0, 1));
    List<Case> sized = new ArrayList<>();
    for (int exponent = Float.MIN_EXPONENT; exponent <= Float.MAX_EXPONENT; exponent++) {
      float size = Math.scalb(1f, exponent);
      plain.forEach(c -> sized.addAll(c.sized(size)));
    }
    CASES.put("sizes-family", sized);
  }

  /** Sequences of all lengths from none to 70, features last and first. */
  private static void masks() {
    int[] lengths = new int[71];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = i * 29 % 71;
    }
    Mask mask = Mask.lengths(70, lengths);
    Shape last = Shape.of(71, 70, 12);
    Shape first = Shape.of(71, 12, 70);
    CASES.put(
        "masked",
        List.of(
            new Case(() -> LayerNorm.builder(12), last, 0.3f, 1).masked(mask),
            new Case(() -> LayerNorm.builder(70, 12), last, 0.3f, 1).masked(mask),
            new Case(() -> RMSNorm.builder(70, 12), last, 0.3f, 1).masked(mask),
            new Case(() -> BatchNorm.builder(12).layout(CHANNELS_LAST), last, 0.3f, 1).masked(mask),
            new Case(() -> GroupNorm.builder(2, 12).layout(CHANNELS_LAST), last, 0.3f, 1)
                .masked(mask),
            new Case(() -> BatchNorm.builder(12), first, 0.3f, 1).masked(mask),
            new Case(() -> GroupNorm.builder(2, 12), first, 0.3f, 1).masked(mask),
            new Case(() -> InstanceNorm.builder(12).trackRunningStatistics(true), first, 0.3f, 1)
                .masked(mask)));
  }

  private static void rows() {
    for (int cols : new int[] {1, 2, 7, 15, 16, 17, 63, 64, 65, 130, 768, 1000, 4097, 9001}) {
      Shape shape = Shape.of(cols < 1000 ? 37 : 5, cols);
      put("layer-" + cols, new Case(() -> LayerNorm.builder(cols), shape, 0, 1));
      put("rms-" + cols, new Case(() -> RMSNorm.builder(cols), shape, 0, 1));
    }
    Shape large = Shape.of(700, 96);
    put("layer-many", new Case(() -> LayerNorm.builder(96), large, 0.5f, 2));
    put("rms-many", new Case(() -> RMSNorm.builder(96).bias(true), large, 0.5f, 2));
    Shape image = Shape.of(3, 4, 5, 6);
    put("layer-plain", new Case(() -> LayerNorm.builder(5, 6).affine(false), image, 0, 1));
    put("layer-bias", new Case(() -> LayerNorm.builder(6).weight(false), image, 0, 1));
    put("layer-offset", new Case(() -> LayerNorm.builder(4, 5, 6).zeroCentered(true), image, 0, 1));
    put("rms-offset", new Case(() -> RMSNorm.builder(6).zeroCentered(true), image, 0, 1));
    Shape hard = Shape.of(9, 333);
    Shape pairs = Shape.of(37, 2);
    put("layer-pairs", new Case(() -> LayerNorm.builder(2).epsilon(1e-300), pairs, 0, 1));
    put("layer-guarded", new Case(() -> LayerNorm.builder(333), hard, 1.3f, 1));
    put("layer-mean", new Case(() -> LayerNorm.builder(333), hard, 1e6f, 1));
    put("layer-huge", new Case(() -> LayerNorm.builder(333), hard, 0, 1e30f));
    put("rms-huge", new Case(() -> RMSNorm.builder(333), hard, 0, 1e30f));
    put("layer-tiny", new Case(() -> LayerNorm.builder(333).epsilon(1e-40), hard, 0, 1e-25f));
  }

  private static void channels(Layout layout, String suffix) {
    int[][] sizes = {
      {8, 1, 6}, {5, 7, 12}, {4, 49, 32}, {3, 196, 64}, {2, 5000, 6}, {70, 16, 130}, {1, 9000, 4}
    };
    for (int[] size : sizes) {
      int n = size[0];
      int spatial = size[1];
      int c = size[2];
      Shape shape = layout == CHANNELS_LAST ? Shape.of(n, spatial, c) : Shape.of(n, c, spatial);
      String name = n + "x" + c + "x" + spatial + "-" + suffix;
      put("batch-" + name, new Case(() -> BatchNorm.builder(c).layout(layout), shape, 0.3f, 1));
      put("group-" + name, new Case(() -> GroupNorm.builder(2, c).layout(layout), shape, 0.3f, 1));
      if (spatial > 1) {
        put(
            "instance-" + name,
            new Case(() -> InstanceNorm.builder(c).affine(true).layout(layout), shape, 0.3f, 1));
      }
    }
    Shape shape = layout == CHANNELS_LAST ? Shape.of(6, 9, 20) : Shape.of(6, 20, 9);
    put(
        "batch-frozen-" + suffix,
        new Case(() -> BatchNorm.builder(20).frozen(true).layout(layout), shape, 0, 1));
    Shape wide = layout == CHANNELS_LAST ? Shape.of(100, 1, 600) : Shape.of(100, 600, 1);
    put(
        "batch-wide-" + suffix,
        new Case(() -> BatchNorm.builder(600).layout(layout), wide, 0.3f, 1));
    Shape blocks = layout == CHANNELS_LAST ? Shape.of(70, 16, 6) : Shape.of(70, 6, 16);
    put(
        "batch-synchronized-" + suffix,
        new Case(() -> BatchNorm.builder(6).layout(layout).synchronize(alone()), blocks, 0.3f, 1));
    put(
        "batch-mean-" + suffix,
        new Case(() -> BatchNorm.builder(20).layout(layout), shape, 1e6f, 1));
    put(
        "batch-huge-" + suffix,
        new Case(() -> BatchNorm.builder(20).layout(layout), shape, 0, 1e30f));
    put(
        "instance-track-" + suffix,
        new Case(
            () -> InstanceNorm.builder(20).trackRunningStatistics(true).layout(layout),
            shape,
            0,
            1));
  }

  /** The only replica of its group. */
  private static Collective alone() {
    return new ReplicaGroup(1, Duration.ofSeconds(1)).replica(0);
  }

  static Set<String> names() {
    return CASES.keySet();
  }

  /** The hash of all that two steps of training and an inference leave. */
  static String hash(String name, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(name.hashCode());
    Hash hash = new Hash();
    for (Case c : CASES.get(name)) {
      LayerBuilder<?> builder = c.builder().get();
      run(c, (pool == null ? builder : builder.parallel(pool)).build(), random, hash);
    }
    return hash.toString();
  }

  private static void run(Case c, NormLayer layer, SplitMix64 random, Hash hash) {
    for (Parameter parameter : layer.parameters()) {
      fill(parameter.value(), random, 0.5f * c.parameters(), c.parameters());
    }
    for (int step = 0; step < 2; step++) {
      Tensor x = fill(oddlyPlaced(c.shape()), random, c.offset(), c.scale());
      Tensor dy = fill(oddlyPlaced(c.shape()), random, 0, c.gradient());
      Mask mask = c.mask();
      hash.add(mask == null ? layer.forward(x) : ((MaskedNormLayer) layer).forward(x, mask));
      hash.add(layer.backward(dy));
      layer.parameters().forEach(parameter -> hash.add(parameter.gradient()));
      // Leaves of each gradient what float rounded off: only there the order of the sums shows.
      layer.backward(negate(dy));
      layer.parameters().forEach(parameter -> hash.add(parameter.gradient()));
      hash.add(mask == null ? layer.infer(x, x) : ((MaskedNormLayer) layer).infer(x, mask, x));
    }
    layer.state().values().forEach(hash::add);
  }

  private static Tensor negate(Tensor tensor) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[tensor.offset() + i] *= -1;
    }
    return tensor;
  }

  /** Prints the table, for a change that is meant to alter bits. */
  public static void main(String[] args) {
    names().forEach(name -> System.out.println(name + "=" + hash(name, null)));
  }

  /** A tensor whose elements do not begin at the start of an array. */
  private static Tensor oddlyPlaced(Shape shape) {
    return Tensor.wrap(new float[shape.size() + 5], 3, shape);
  }

  /** FNV-1a over the bits of floats, with one pattern for all NaNs. */
  private static final class Hash {

    private long state = 0xcbf29ce484222325L;

    void add(Tensor tensor) {
      for (float value : tensor.toArray()) {
        int bits = Float.floatToIntBits(value);
        for (int shift = 0; shift < 32; shift += 8) {
          state = (state ^ (bits >>> shift & 0xff)) * 0x100000001b3L;
        }
      }
    }

    @Override
    public String toString() {
      return "%016x".formatted(state);
    }
  }

  /** Fills a tensor evenly over [offset - scale, offset + scale). */
  private static Tensor fill(Tensor tensor, SplitMix64 random, float offset, float scale) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      double value = offset + (double) scale * ((random.next() >> 10) * 0x1p-53);
      tensor.array()[tensor.offset() + i] = (float) value;
    }
    return tensor;
  }
}
