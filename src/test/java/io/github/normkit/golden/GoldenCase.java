package io.github.normkit.golden;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** One golden file: what a layer is given and what it has to answer. See its README. */
final class GoldenCase {

  /**
   * One call of the layer.
   *
   * @param training whether the layer is in training mode
   * @param suffix what the names of the step's members end in: nothing, or {@code .K} in a sequence
   */
  record Step(boolean training, String suffix) {}

  private final String name;
  private final Properties properties;
  private final Map<String, NpyArray> members;

  private GoldenCase(String name, Properties properties, Map<String, NpyArray> members) {
    this.name = name;
    this.properties = properties;
    this.members = members;
  }

  /** Returns the names of all cases. */
  static List<String> names() {
    return resource("cases.txt").lines().toList();
  }

  /** Returns a text file that lies beside the cases. */
  static BufferedReader resource(String file) {
    return new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
  }

  private static InputStream open(String file) {
    InputStream stream = GoldenCase.class.getResourceAsStream("/golden/" + file);
    if (stream == null) {
      throw new IllegalArgumentException("no golden file " + file);
    }
    return stream;
  }

  static GoldenCase load(String name) {
    Properties properties = new Properties();
    Map<String, NpyArray> members = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(open(name + ".npz"))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] bytes = zip.readAllBytes();
        if (entry.getName().equals("case.properties")) {
          properties.load(new StringReader(new String(bytes, StandardCharsets.US_ASCII)));
        } else {
          members.put(entry.getName().replaceFirst("\\.npy$", ""), NpyArray.parse(bytes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
    return new GoldenCase(name, properties, members);
  }

  String name() {
    return name;
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(properties.getProperty(key));
  }

  String get(String key) {
    return find(key)
        .orElseThrow(() -> new IllegalArgumentException(name + " has no property " + key));
  }

  boolean is(String key) {
    return find(key).map(Boolean::parseBoolean).orElse(false);
  }

  double number(String key) {
    return Double.parseDouble(get(key));
  }

  int[] ints(String key) {
    return Arrays.stream(get(key).split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }

  boolean has(String member) {
    return members.containsKey(member);
  }

  NpyArray member(String member) {
    if (!has(member)) {
      throw new IllegalArgumentException(name + " has no member " + member);
    }
    return members.get(member);
  }

  /** Returns the names of the answers: {@code output}, {@code running_mean.3} and so on. */
  List<String> expectedMembers() {
    String prefix = "expected.";
    return members.keySet().stream()
        .filter(member -> member.startsWith(prefix))
        .map(member -> member.substring(prefix.length()))
        .toList();
  }

  /** The calls to make, one or, in a sequence, several. */
  List<Step> steps() {
    String mode = get("mode");
    if (!mode.equals("sequence")) {
      return List.of(new Step(mode.equals("train"), ""));
    }
    List<Step> steps = new ArrayList<>();
    for (String stepMode : get("sequence").split(",", -1)) {
      steps.add(new Step(stepMode.equals("train"), "." + steps.size()));
    }
    return steps;
  }

  Tensor input(Step step) {
    return tensor("input", step);
  }

  /** The gradient by the output, or nothing where a case has none. */
  Optional<Tensor> gradOutput(Step step) {
    boolean given = is("generated") || has("grad_output" + step.suffix());
    return given ? Optional.of(tensor("grad_output", step)) : Optional.empty();
  }

  private Tensor tensor(String member, Step step) {
    if (!is("generated")) {
      return batched(member(member + step.suffix()).toTensor());
    }
    String generator = member + ".generator.";
    Shape shape = Shape.of(ints("input_shape"));
    return Tensor.wrap(
        SplitMix64.floats(
            Long.parseLong(get(generator + "seed")),
            number(generator + "offset"),
            number(generator + "scale"),
            shape.size()),
        shape);
  }

  /** Gives an input without a batch axis, which the layers do not take, a batch of one. */
  private Tensor batched(Tensor tensor) {
    if (!is("unbatched")) {
      return tensor;
    }
    int[] dims = new int[tensor.shape().rank() + 1];
    dims[0] = 1;
    System.arraycopy(tensor.shape().toArray(), 0, dims, 1, dims.length - 1);
    return tensor.reshape(Shape.of(dims));
  }

  @Override
  public String toString() {
    return name;
  }
}
