package io.github.normkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.NormLayer;
import io.github.normkit.folding.Folding;
import io.github.normkit.functional.RowNorm;
import io.github.normkit.internal.ClassReferences.Reference;
import io.github.normkit.residual.Sublayer;
import io.github.normkit.weights.WeightNorm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.junit.jupiter.api.Test;

/**
 * Nothing that computes names what is not exactly specified: no fused multiply-add, no reduction of
 * vector lanes, whose order is open, no stream's sum, and of Math and the Vector API only what
 * rounds correctly or not at all.
 */
class ExactArithmeticTest {

  private static final Set<String> MATH =
      Set.of("abs", "copySign", "min", "max", "sqrt", "floorMod");

  /** The power is specified to be that of fdlibm, to the bit. */
  private static final Set<String> STRICT_MATH = Set.of("pow");

  private static final Set<String> VECTOR_METHODS =
      Set.of(
          "abs",
          "add",
          "broadcast",
          "convertShape",
          "forBitSize",
          "fromArray",
          "fromOp",
          "intoArray",
          "lane",
          "length",
          "mul",
          "of",
          "rearrange",
          "sub",
          "vectorBitSize",
          "vectorShape",
          "zero");

  /** The conversion of float to double, which is exact; and the species. */
  private static final String VECTOR_FIELDS = "F2D|SPECIES_(64|128|256|512|PREFERRED)";

  @Test
  void whatComputesNamesOnlyWhatIsExactlySpecified() throws Exception {
    for (Class<?> type :
        List.of(
            Kernels.class,
            RowNorm.class,
            NormLayer.class,
            Folding.class,
            Sublayer.class,
            WeightNorm.class)) {
      for (Path file : classFilesBeside(type)) {
        assertThat(inexact(file)).as("%s", file).isEmpty();
      }
    }
  }

  @Test
  void theScanReadsTheKernels() throws Exception {
    List<Path> files = classFilesBeside(Kernels.class);
    assertThat(files).anyMatch(file -> file.endsWith("VectorRows.class"));
    for (Path file : files) {
      if (file.endsWith("VectorRows.class")) {
        assertThat(ClassReferences.of(file))
            .contains(
                new Reference("jdk/incubator/vector/FloatVector", "mul", true),
                new Reference("jdk/incubator/vector/VectorOperators", "F2D", false),
                new Reference("io/github/normkit/internal/ScalarRows", "addSums", true));
      }
    }
  }

  @Test
  void theScanFindsWhatIsInexact() throws Exception {
    URI uri = ExactArithmeticTest.class.getResource("ExactArithmeticTest$Inexact.class").toURI();
    assertThat(inexact(Path.of(uri)))
        .containsExactlyInAnyOrder(
            "java/lang/Math.fma",
            "java/lang/Math.exp",
            "java/lang/Math.pow",
            "java/lang/StrictMath.log",
            "java/util/stream/DoubleStream.of",
            "java/util/stream/DoubleStream.sum",
            "jdk/incubator/vector/FloatVector.fma",
            "jdk/incubator/vector/FloatVector.reduceLanes",
            "jdk/incubator/vector/FloatVector.reduceLanesToLong",
            "jdk/incubator/vector/FloatVector.lanewise",
            "jdk/incubator/vector/VectorOperators.ADD",
            "jdk/incubator/vector/VectorOperators.EXP",
            "jdk/incubator/vector/VectorOperators.FMA");
  }

  /** Never run or linked, for the vectors may be missing. */
  static final class Inexact {

    static double scalar(double a, double b) {
      DoubleBinaryOperator pow = Math::pow;
      double fused = Math.fma(a, b, StrictMath.log(a));
      return fused + pow.applyAsDouble(a, Math.exp(b)) + DoubleStream.of(a, b).sum();
    }

    static float vector(FloatVector a, FloatVector b) {
      FloatVector fused = a.fma(b, b).lanewise(VectorOperators.FMA, a, b);
      return fused.lanewise(VectorOperators.EXP).reduceLanes(VectorOperators.ADD)
          + a.mul(b).reduceLanesToLong(VectorOperators.ADD);
    }

    private Inexact() {}
  }

  private static List<String> inexact(Path file) throws IOException {
    return ClassReferences.of(file).stream()
        .filter(reference -> !exact(reference))
        .map(Reference::toString)
        .toList();
  }

  private static boolean exact(Reference reference) {
    String owner = reference.owner();
    if (owner.equals("java/lang/Math")) {
      return MATH.contains(reference.name());
    }
    if (owner.startsWith("jdk/incubator/vector/")) {
      return reference.method()
          ? VECTOR_METHODS.contains(reference.name())
          : reference.name().matches(VECTOR_FIELDS);
    }
    if (owner.equals("java/lang/StrictMath")) {
      return STRICT_MATH.contains(reference.name());
    }
    return !owner.startsWith("java/util/stream/Double");
  }

  private static List<Path> classFilesBeside(Class<?> type) throws Exception {
    URI uri = type.getResource(type.getSimpleName() + ".class").toURI();
    try (Stream<Path> files = Files.list(Path.of(uri).getParent())) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(classes).isNotEmpty();
      return classes;
    }
  }
}
