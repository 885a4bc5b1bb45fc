package io.github.normkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.functional.RowNorm;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing that computes calls what is not exactly specified: no fused multiply-add, no reduction of
 * vector lanes, whose order is open, and of Math only what rounds correctly or not at all.
 */
class ExactArithmeticTest {

  private static final Set<String> MATH = Set.of("abs", "min", "max", "sqrt", "floorMod");

  @Test
  void kernelsAndOperationsCallOnlyWhatIsExactlySpecified() throws Exception {
    for (Class<?> type : new Class<?>[] {Kernels.class, RowNorm.class}) {
      for (Path file : classFilesBeside(type)) {
        for (String call : calls(file)) {
          String method = call.substring(call.indexOf('.') + 1);
          assertThat(method).as("%s in %s", call, file).isNotIn("fma", "reduceLanes");
          assertThat(call.startsWith("java/lang/StrictMath.")).as("%s in %s", call, file).isFalse();
          if (call.startsWith("java/lang/Math.")) {
            assertThat(MATH).as("%s in %s", call, file).contains(method);
          }
        }
      }
    }
  }

  @Test
  void theScanSeesTheCallsOfTheKernels() throws Exception {
    List<String> calls = new ArrayList<>();
    for (Path file : classFilesBeside(Kernels.class)) {
      calls.addAll(calls(file));
    }
    assertThat(calls)
        .contains("jdk/incubator/vector/FloatVector.mul", "io/github/normkit/internal/Lanes.clear");
  }

  private static List<Path> classFilesBeside(Class<?> type) throws Exception {
    URI uri = type.getResource(type.getSimpleName() + ".class").toURI();
    try (Stream<Path> files = Files.list(Path.of(uri).getParent())) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(classes).isNotEmpty();
      return classes;
    }
  }

  /** The methods that a class names, as {@code owner.name}, from its constant pool. */
  private static List<String> calls(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      data.readLong();
      int size = data.readUnsignedShort();
      String[] text = new String[size];
      int[] first = new int[size];
      int[] second = new int[size];
      List<Integer> methods = new ArrayList<>();
      for (int i = 1; i < size; i++) {
        int tag = data.readUnsignedByte();
        switch (tag) {
          case 1 -> text[i] = data.readUTF();
          case 3, 4 -> data.readInt();
          case 5, 6 -> {
            data.readLong();
            i++;
          }
          case 7, 8, 16, 19, 20 -> first[i] = data.readUnsignedShort();
          case 15 -> {
            data.readUnsignedByte();
            data.readUnsignedShort();
          }
          case 9, 10, 11, 12, 17, 18 -> {
            first[i] = data.readUnsignedShort();
            second[i] = data.readUnsignedShort();
            if (tag == 10 || tag == 11) {
              methods.add(i);
            }
          }
          default -> throw new IOException("constant of tag " + tag + " in " + file);
        }
      }
      return methods.stream()
          .map(i -> text[first[first[i]]] + "." + text[first[second[i]]])
          .toList();
    }
  }
}
