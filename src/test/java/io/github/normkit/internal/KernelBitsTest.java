package io.github.normkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The order of every kernel's operations, by a table of hashes of all that it writes.
 *
 * <p>A layer rounds its sums to float, which hides most changes of the order in double. Here the
 * lanes are hashed as the kernels leave them.
 *
 * <p>A change that is meant to alter bits replaces the table by what {@link #main} prints.
 */
class KernelBitsTest {

  private static final int RUNS = 3;

  /** Rests of all kinds, alone and after one or several blocks of a row. */
  private static final int[] LENGTHS = {
    1, 7, 8, 23, 31, 64, 100, 128, 130, 143, 256, 790, 1000, 2047
  };

  private static final Properties TABLE = table();

  static Set<String> kernels() {
    return KernelCases.CASES.keySet();
  }

  @Test
  void tableHasEveryKernelAndNoOther() {
    assertThat(TABLE.stringPropertyNames()).isEqualTo(kernels());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void bitsAreThoseOfTheTable(String kernel) {
    assertThat(hash(kernel)).isEqualTo(TABLE.getProperty(kernel));
  }

  /** Prints the table, for a change that is meant to alter bits. */
  public static void main(String[] args) {
    kernels().forEach(kernel -> System.out.println(kernel + "=" + hash(kernel)));
  }

  private static String hash(String kernel) {
    int gap = kernel.startsWith("column") ? 0 : 5;
    CRC32 hash = new CRC32();
    for (int len : LENGTHS) {
      KernelInput in = new KernelInput(len, RUNS, len, gap, 1, true);
      Random random = new Random(len);
      spread(in.x, random);
      spread(in.dy, random);
      KernelCases.CASES.get(kernel).accept(ActiveKernels.KERNELS, in);
      add(hash, in.y);
      for (double[] sums : in.sums(kernel)) {
        add(hash, sums);
      }
    }
    return "%08x".formatted(hash.getValue());
  }

  /** Sizes so far apart that even sums in double round, which shows their order. */
  private static void spread(float[] values, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb(values[i], random.nextInt(41) - 20);
    }
  }

  private static void add(CRC32 hash, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    hash.update(bytes.array());
  }

  private static void add(CRC32 hash, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    hash.update(bytes.array());
  }

  private static Properties table() {
    Properties table = new Properties();
    try (InputStream in = KernelBitsTest.class.getResourceAsStream("kernels.properties")) {
      table.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return table;
  }
}
