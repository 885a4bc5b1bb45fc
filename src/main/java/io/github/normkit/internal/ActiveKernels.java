package io.github.normkit.internal;

import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Chooses the kernels, once. This class names no vector type, so that it loads where the module
 * {@code jdk.incubator.vector} is missing.
 */
public final class ActiveKernels {

  /** The system property that forces a choice: {@code auto}, {@code scalar} or {@code vector}. */
  public static final String PROPERTY = "normkit.kernels";

  private static final String MODULE = "jdk.incubator.vector";

  private static final int MIN_BITS = 128;

  /** The kernels that every operation uses. */
  public static final Kernels KERNELS = choose(System.getProperty(PROPERTY, "auto"));

  /** Those of rows; a constant, so that the compiler knows the class. */
  public static final RowKernels ROWS = KERNELS.rows();

  /** Those of segments. */
  public static final SegmentKernels SEGMENTS = KERNELS.segments();

  /** Those of columns. */
  public static final ColumnKernels COLUMNS = KERNELS.columns();

  private ActiveKernels() {}

  private static Kernels choose(String wish) {
    String choice = wish.toLowerCase(Locale.ROOT);
    if (!choice.equals("auto") && !choice.equals("scalar") && !choice.equals("vector")) {
      throw new IllegalArgumentException(
          "normkit: " + PROPERTY + " must be auto, scalar or vector: got " + wish);
    }
    if (choice.equals("scalar")) {
      return say(new ScalarKernels().get(), "asked for by -D" + PROPERTY + "=scalar");
    }
    String obstacle = obstacle();
    Kernels vector = obstacle == null ? load() : null;
    if (vector != null && vector.bits() < MIN_BITS) {
      obstacle = "the VM's vectors have " + vector.bits() + " bits, at least 128 are needed";
    }
    if (obstacle == null) {
      return say(vector, vector.bits() + " bits");
    }
    if (choice.equals("vector")) {
      throw new IllegalStateException(
          "normkit: -D" + PROPERTY + "=vector cannot be had: " + obstacle);
    }
    return say(new ScalarKernels().get(), obstacle);
  }

  /** The first reason against the vector kernels, with the flag that would change it, or null. */
  private static String obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the module " + MODULE + " is missing; start java with --add-modules " + MODULE;
    }
    String info = System.getProperty("java.vm.info", "");
    if (info.contains("interpreted") || info.contains("emulated-client")) {
      return "the VM runs without its optimizing compiler ("
          + info
          + "); start java without -Xint and -XX:TieredStopAtLevel";
    }
    if (System.getProperty("java.vm.name", "").contains("Client")) {
      return "the VM has no optimizing compiler; start java with -server";
    }
    return null;
  }

  /** By name and by reflection: a direct reference would load the vector types with this class. */
  private static Kernels load() {
    try {
      Object vector =
          Class.forName("io.github.normkit.internal.VectorKernels")
              .getDeclaredConstructor()
              .newInstance();
      return (Kernels) ((Supplier<?>) vector).get();
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("normkit: the vector kernels cannot be loaded", e);
    }
  }

  private static Kernels say(Kernels kernels, String reason) {
    System.getLogger("io.github.normkit")
        .log(System.Logger.Level.INFO, "normkit: {0} kernels ({1})", kernels.name(), reason);
    return kernels;
  }
}
