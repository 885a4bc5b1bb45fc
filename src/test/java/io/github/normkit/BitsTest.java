package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bits everywhere: one table of hashes that holds for any kernels, any vector width and
 * any number of threads. The build runs this class in several virtual machines.
 *
 * <p>A change that is meant to alter bits replaces the table by what {@link BitsCases#main} prints.
 */
class BitsTest {

  private static final Properties TABLE = table();

  static Stream<String> cases() {
    return BitsCases.names().stream();
  }

  @Test
  void kernelsAreThoseThatThisRunIsMeantToTest() {
    String kernels = System.getProperty("normkit.expectedKernels");
    if (kernels != null) {
      assertThat(Normkit.kernels()).startsWith(kernels);
    }
    String bits = System.getProperty("normkit.expectedBits");
    if (bits != null && System.getProperty("os.arch").matches("amd64|x86_64")) {
      assertThat(Normkit.kernels()).isEqualTo("vector, " + bits + " bits");
    }
  }

  @Test
  void tableHasEveryCaseAndNoOther() {
    assertThat(TABLE.stringPropertyNames()).isEqualTo(BitsCases.names());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bitsAreThoseOfTheTable(String name) {
    assertThat(BitsCases.hash(name, null)).isEqualTo(TABLE.getProperty(name));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bitsDoNotDependOnTheNumberOfThreads(String name) {
    for (int threads : new int[] {1, 2, 3, 8}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        assertThat(BitsCases.hash(name, pool))
            .as("%d threads", threads)
            .isEqualTo(TABLE.getProperty(name));
      } finally {
        pool.shutdown();
      }
    }
  }

  private static Properties table() {
    Properties table = new Properties();
    try (InputStream in = BitsTest.class.getResourceAsStream("bits.properties")) {
      table.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return table;
  }
}
