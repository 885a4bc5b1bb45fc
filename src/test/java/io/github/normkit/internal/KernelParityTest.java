package io.github.normkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scalar and vector kernels agree bit for bit, at every length, and write nothing but the result.
 */
@Tag("vector")
class KernelParityTest {

  private static final long SEED = Long.getLong("normkit.seed", 20260101L);

  private final Kernels scalar = new ScalarKernels().get();
  private final Kernels vector = new VectorKernels().get();

  static Set<String> kernels() {
    return KernelCases.CASES.keySet();
  }

  @Test
  void everyKernelHasACase() {
    Set<String> methods = new TreeSet<>();
    for (RecordComponent view : Kernels.class.getRecordComponents()) {
      for (Method kernel : view.getType().getDeclaredMethods()) {
        if (view.getType().isInterface()) {
          methods.add(view.getName() + "." + kernel.getName());
        }
      }
    }
    assertThat(new TreeSet<>(kernels())).isEqualTo(methods).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAgreeForEveryLengthPastTwoBlocks(String kernel) {
    IntStream lengths = IntStream.concat(IntStream.rangeClosed(0, 140), primes());
    lengths.forEach(len -> agree(kernel, 1, len, 0, 0, true));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAgreeAtOddOffsets(String kernel) {
    for (int offset : new int[] {1, 3, 7, 13}) {
      for (int len : new int[] {1, 15, 16, 17, 63, 64, 65, 131, 207}) {
        agree(kernel, 1, len, 0, offset, true);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAgreeForSeveralRuns(String kernel) {
    int gap = kernel.startsWith("column") ? 0 : 5;
    for (int runs : new int[] {2, 3, 33}) {
      for (int len : new int[] {1, 3, 7, 16, 31, 49, 64, 100, 196}) {
        agree(kernel, runs, len, gap, 2, true);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAgreeWithoutBias(String kernel) {
    for (int len : new int[] {5, 64, 77}) {
      agree(kernel, 3, len, 0, 1, false);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAgreeOnSpecialValues(String kernel) {
    float[] specials = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -0f,
      Float.MIN_VALUE,
      3e38f,
      1e-40f
    };
    for (float special : specials) {
      for (int at : new int[] {0, 20, 66, 76}) {
        KernelInput a = new KernelInput(SEED, 1, 77, 0, 1, true);
        KernelInput b = new KernelInput(SEED, 1, 77, 0, 1, true);
        for (KernelInput in : new KernelInput[] {a, b}) {
          in.x[in.xOff + at] = special;
          in.dy[in.dyOff + at] = special;
        }
        compare(kernel, a, b, special + " at " + at);
      }
    }
  }

  private static IntStream primes() {
    return IntStream.of(207, 1021, 4098, 10007);
  }

  private void agree(String kernel, int runs, int len, int gap, int offset, boolean biased) {
    long seed = SEED + 31L * len + runs;
    KernelInput a = new KernelInput(seed, runs, len, gap, offset, biased);
    KernelInput b = new KernelInput(seed, runs, len, gap, offset, biased);
    compare(
        kernel,
        a,
        b,
        "seed %d, runs %d, len %d, gap %d, offset %d, biased %s"
            .formatted(seed, runs, len, gap, offset, biased));
  }

  private void compare(String kernel, KernelInput a, KernelInput b, String what) {
    KernelCases.CASES.get(kernel).accept(scalar, a);
    KernelCases.CASES.get(kernel).accept(vector, b);
    assertThat(bits(b.y)).as("%s, y, %s", kernel, what).isEqualTo(bits(a.y));
    for (int i = 0; i < a.sums(kernel).length; i++) {
      assertThat(bits(b.sums(kernel)[i]))
          .as("%s, sums %d, %s", kernel, i, what)
          .isEqualTo(bits(a.sums(kernel)[i]));
    }
    assertThat(a.guardsStand()).as("%s, scalar guards, %s", kernel, what).isTrue();
    assertThat(b.guardsStand()).as("%s, vector guards, %s", kernel, what).isTrue();
  }

  /** The bits, with one pattern for all NaNs: their payload is the hardware's. */
  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
    return bits;
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }
}
