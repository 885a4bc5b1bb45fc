package io.github.normkit;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.golden.SplitMix64;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The same bits for weight and bias of each sample, whatever the kernels, the width of the vectors
 * and the number of threads. The build runs this class in several virtual machines.
 *
 * <p>A change that is meant to alter bits replaces the table by what {@link #main} prints.
 */
class ModulatedBitsTest {

  private static final Map<String, String> TABLE =
      Map.ofEntries(
          entry("adain-first", "c9438a94"),
          entry("adain-last", "75bd063c"),
          entry("batch-first", "5b2938aa"),
          entry("batch-last", "6bdb474d"),
          entry("conditional-first", "eda833c5"),
          entry("conditional-last", "415bc45b"),
          entry("group-first", "f15e1e90"),
          entry("group-last", "fde1b2f0"),
          entry("layer", "e1100d27"),
          entry("rms", "130a2db7"),
          entry("track-first", "47501dcd"),
          entry("track-last", "e92b2191"));

  @Test
  void bitsAreThoseOfTheTable() {
    assertThat(hashes(null)).isEqualTo(TABLE);
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        assertThat(hashes(pool)).as("%d threads", threads).isEqualTo(TABLE);
      } finally {
        pool.shutdown();
      }
    }
  }

  /** Prints the table, for a change that is meant to alter bits. */
  public static void main(String[] args) {
    hashes(null).forEach((name, hash) -> System.out.printf("entry(\"%s\", \"%s\"),%n", name, hash));
  }

  private static Map<String, String> hashes(ForkJoinPool pool) {
    Map<String, String> hashes = new TreeMap<>();
    Shape rows = Shape.of(7, 33, 130);
    hashes.put("layer", modulated(LayerNorm.builder(130), rows, 130, pool));
    hashes.put("rms", modulated(RMSNorm.builder(130), rows, 130, pool));
    for (Layout layout : Layout.values()) {
      boolean last = layout == Layout.CHANNELS_LAST;
      Shape shape = last ? Shape.of(9, 403, 20) : Shape.of(9, 20, 403);
      String suffix = last ? "-last" : "-first";
      hashes.put(
          "batch" + suffix, modulated(BatchNorm.builder(20).layout(layout), shape, 20, pool));
      hashes.put(
          "group" + suffix, modulated(GroupNorm.builder(4, 20).layout(layout), shape, 20, pool));
      hashes.put(
          "track" + suffix,
          modulated(
              InstanceNorm.builder(20).trackRunningStatistics(true).layout(layout),
              shape,
              20,
              pool));
      Shape style = last ? Shape.of(9, 77, 20) : Shape.of(9, 20, 77);
      hashes.put(
          "adain" + suffix, adain(InstanceNorm.builder(20).layout(layout), shape, style, pool));
      hashes.put(
          "conditional" + suffix, conditional(BatchNorm.builder(20).layout(layout), shape, pool));
    }
    return hashes;
  }

  private static NormLayer plain(NormBuilder<?> builder, ForkJoinPool pool) {
    builder.affine(false);
    return (pool == null ? builder : builder.parallel(pool)).build();
  }

  private static String modulated(NormBuilder<?> builder, Shape shape, int c, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(shape.size());
    ModulatedNorm norm = new ModulatedNorm(plain(builder, pool), c == 130);
    Tensor x = random(shape, random);
    Tensor weight = random(Shape.of(shape.dim(0), c), random);
    Tensor bias = random(Shape.of(shape.dim(0), c), random);
    Tensor y = norm.forward(x, weight, bias);
    ModulatedNorm.Gradients g = norm.backward(random(shape, random));
    return hash(y, g.dx(), g.dWeight(), g.dBias(), norm.infer(x, weight, bias));
  }

  private static String adain(
      NormBuilder<?> builder, Shape shape, Shape styleShape, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(shape.size());
    AdaIN adain = new AdaIN((InstanceNorm) plain(builder, pool));
    Tensor y = adain.forward(random(shape, random), random(styleShape, random));
    AdaIN.Gradients g = adain.backward(random(shape, random));
    return hash(y, g.dContent(), g.dStyle());
  }

  private static String conditional(NormBuilder<?> builder, Shape shape, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(shape.size());
    ConditionalBatchNorm norm = new ConditionalBatchNorm(4, (BatchNorm) plain(builder, pool));
    List<Parameter> tables = norm.parameters();
    for (Parameter table : tables) {
      System.arraycopy(
          random(table.value().shape(), random).array(), 0, table.value().array(), 0, 80);
    }
    Tensor x = random(shape, random);
    int[] classes = {3, 0, 0, 1, 3, 3, 1, 0, 3};
    Tensor y = norm.forward(x, classes);
    Tensor dx = norm.backward(random(shape, random));
    Tensor inferred = norm.infer(x, classes);
    return hash(y, dx, tables.get(0).gradient(), tables.get(1).gradient(), inferred);
  }

  private static Tensor random(Shape shape, SplitMix64 random) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = (float) (0.3 + (random.next() >> 10) * 0x1p-53);
    }
    return tensor;
  }

  private static String hash(Tensor... tensors) {
    CRC32 hash = new CRC32();
    for (Tensor tensor : tensors) {
      ByteBuffer bytes = ByteBuffer.allocate(tensor.shape().size() * Float.BYTES);
      bytes.asFloatBuffer().put(tensor.toArray());
      hash.update(bytes.array());
    }
    return "%08x".formatted(hash.getValue());
  }
}
