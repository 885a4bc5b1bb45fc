package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The numbers that {@code weights_in_pytorch.py} printed, by name, in float64. */
public final class PyTorchNumbers {

  private static final Path FILE =
      Path.of(System.getProperty("basedir", "."))
          .resolve("src/test/resources/frameworks/weights_in_pytorch.txt");

  private final Map<String, double[]> numbers = new HashMap<>();

  /** Reads the file. */
  public PyTorchNumbers() {
    try {
      for (String line : Files.readAllLines(FILE)) {
        int colon = line.indexOf(": ");
        String[] values = line.substring(colon + 2).split(" ", -1);
        numbers.put(
            line.substring(0, colon),
            Arrays.stream(values).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of a name. */
  public double[] get(String name) {
    assertThat(numbers).containsKey(name);
    return numbers.get(name);
  }

  /** The same as floats. */
  public Tensor tensor(String name, int... shape) {
    double[] values = get(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(Shape.of(shape), floats);
  }

  /** Asserts that a tensor is off by at most so many ulps of the largest expected value. */
  public void assertClose(String name, Tensor got, double ulps) {
    assertClose(name, got, get(name), ulps);
  }

  /** Asserts that a tensor is off by at most so many ulps of the largest expected value. */
  public static void assertClose(String what, Tensor got, double[] expected, double ulps) {
    float[] values = got.toArray();
    assertThat(values).as(what).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      assertThat(Math.abs(values[i] - expected[i]) / Math.ulp((float) largest))
          .as("%s[%d], got %s, expected %s, off by ulps", what, i, values[i], expected[i])
          .isLessThanOrEqualTo(ulps);
    }
  }
}
