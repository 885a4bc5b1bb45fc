package io.github.normkit.residual;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.AddNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.NormBuilder;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.QKNorm;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import io.github.normkit.golden.SplitMix64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The same bits for residual blocks, the fused addition and heads, whatever the kernels, the width
 * of the vectors and the number of threads. The build runs this class in several virtual machines.
 *
 * <p>A change that is meant to alter bits replaces the table by what {@link #main} prints.
 */
class ResidualBitsTest {

  private static final Map<String, String> TABLE = table();

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
    hashes(null).forEach((name, hash) -> System.out.println(name + "=" + hash));
  }

  private static Map<String, String> table() {
    Properties table = new Properties();
    try (InputStream in = ResidualBitsTest.class.getResourceAsStream("bits.properties")) {
      table.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Map<String, String> hashes = new TreeMap<>();
    table.stringPropertyNames().forEach(name -> hashes.put(name, table.getProperty(name)));
    return hashes;
  }

  private static Map<String, String> hashes(ForkJoinPool pool) {
    Map<String, String> hashes = new TreeMap<>();
    for (int cols : new int[] {1, 7, 64, 130, 1000, 4099}) {
      int rows = cols < 1000 ? 700 : 37;
      hashes.put("add-layer-" + cols, added(LayerNorm.builder(cols), rows, cols, pool));
      hashes.put("add-rms-" + cols, added(RMSNorm.builder(cols), rows, cols, pool));
      hashes.put("stack-" + cols, stack(rows, cols, pool));
    }
    for (int size : new int[] {1, 5, 64, 128}) {
      hashes.put("heads-rms-" + size, heads(QKNorm.builder(5, 2, size), size, pool));
      hashes.put(
          "heads-layer-" + size,
          heads(QKNorm.builder(12, 12, size).centered(true).bias(true), size, pool));
    }
    return hashes;
  }

  private static NormLayer build(NormBuilder<?> builder, ForkJoinPool pool, SplitMix64 random) {
    NormLayer layer = (pool == null ? builder : builder.parallel(pool)).build();
    layer.parameters().forEach(p -> fill(p.value(), random));
    return layer;
  }

  private static String added(NormBuilder<?> builder, int rows, int cols, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(cols);
    NormLayer layer = build(builder, pool, random);
    AddNorm norm = new AddNorm(layer, 1.3);
    Shape shape = Shape.of(rows, cols);
    Tensor x = fill(Tensor.zeros(shape), random);
    Tensor residual = fill(Tensor.zeros(shape), random);
    Tensor dy = fill(Tensor.zeros(shape), random);
    Tensor dsum = fill(Tensor.zeros(shape), random);
    CRC32 hash = new CRC32();
    AddNorm.Result result = norm.forward(x, residual);
    add(hash, result.sum());
    add(hash, result.y());
    add(hash, norm.backward(dy, dsum));
    layer.parameters().forEach(p -> add(hash, p.gradient()));
    add(hash, norm.infer(x, residual, residual, x));
    return "%08x".formatted(hash.getValue());
  }

  private static String stack(int rows, int cols, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(cols);
    NormLayer inner = build(LayerNorm.builder(cols), pool, random);
    PreNorm first = new PreNorm(build(RMSNorm.builder(cols), pool, random), Sublayer.of(inner));
    DeepNorm deep = DeepNorm.encoderOfBoth(6, 9);
    Sublayer post =
        deep.block(
            build(LayerNorm.builder(cols), pool, random),
            Sublayer.of(build(RMSNorm.builder(cols), pool, random)));
    PreNorm second = new PreNorm(build(LayerNorm.builder(cols), pool, random), post);
    PreNormStack stack =
        new PreNormStack(List.of(first, second), build(RMSNorm.builder(cols), pool, random));
    CRC32 hash = new CRC32();
    add(hash, stack.forward(fill(Tensor.zeros(Shape.of(rows, cols)), random)));
    add(hash, stack.backward(fill(Tensor.zeros(Shape.of(rows, cols)), random)));
    for (Parameter parameter : stack.parameters()) {
      add(hash, parameter.gradient());
    }
    return "%08x".formatted(hash.getValue());
  }

  private static String heads(NormBuilder<?> builder, int size, ForkJoinPool pool) {
    SplitMix64 random = new SplitMix64(size);
    NormLayer norm = build(builder, pool, random);
    Shape shape = Shape.of(3, 50, 27 * size);
    Tensor x = fill(Tensor.zeros(shape), random);
    CRC32 hash = new CRC32();
    add(hash, norm.forward(x));
    add(hash, norm.backward(fill(Tensor.zeros(shape), random)));
    norm.parameters().forEach(p -> add(hash, p.gradient()));
    add(hash, norm.infer(x, x));
    return "%08x".formatted(hash.getValue());
  }

  private static Tensor fill(Tensor tensor, SplitMix64 random) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[i] = (float) (0.3 + (random.next() >> 10) * 0x1p-53);
    }
    return tensor;
  }

  private static void add(CRC32 hash, Tensor tensor) {
    float[] values = tensor.toArray();
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    hash.update(bytes.array());
  }
}
