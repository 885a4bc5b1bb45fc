package io.github.normkit;

import io.github.normkit.internal.ActiveKernels;

/** Facts about the library as it runs here. */
public final class Normkit {

  /**
   * The system property that chooses the kernels: {@code auto} (the default), {@code scalar} or
   * {@code vector}.
   *
   * <p>{@code auto} takes the vector kernels where the module {@code jdk.incubator.vector} is there
   * ({@code --add-modules jdk.incubator.vector}), the VM compiles with its optimizing compiler and
   * its vectors have at least 128 bits; otherwise the scalar ones. To force {@code vector} where it
   * cannot be had is an error. It is read once; the choice and its reason are logged, also once,
   * through {@link System.Logger} under the name {@code io.github.normkit}.
   */
  public static final String KERNELS_PROPERTY = ActiveKernels.PROPERTY;

  private Normkit() {}

  /**
   * Returns which kernels are active. They differ in speed, not in results.
   *
   * @return {@code "scalar"}, or {@code "vector"} with its width as in {@code "vector, 512 bits"}
   */
  public static String kernels() {
    int bits = ActiveKernels.KERNELS.bits();
    String name = ActiveKernels.KERNELS.name();
    return bits == 0 ? name : name + ", " + bits + " bits";
  }
}
