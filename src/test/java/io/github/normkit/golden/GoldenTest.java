package io.github.normkit.golden;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden file: forward, backward, running statistics and inference. */
class GoldenTest {

  static List<String> names() {
    return GoldenCase.names();
  }

  static Stream<String> generatedNames() {
    return names().stream().filter(name -> name.startsWith("gen_"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void givesTheExpectedTensors(String name) {
    GoldenCase golden = GoldenCase.load(name);
    List<Comparison> comparisons = GoldenRun.of(golden);
    assertThat(comparisons)
        .extracting(Comparison::member)
        .containsExactlyInAnyOrderElementsOf(golden.expectedMembers());
    assertThat(comparisons.stream().map(Comparison::failure).flatMap(Optional::stream)).isEmpty();
  }

  @Test
  void noTensorIsFurtherOffThanPyTorchsOrTwoUnitsInTheLastPlace() {
    assertThat(TensorError.all()).hasSizeGreaterThan(2000);
    assertThat(TensorError.all()).filteredOn(TensorError::exceedsBound).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void inferGivesTheBitsOfForwardInEvaluationMode(String name) {
    GoldenCase golden = GoldenCase.load(name);
    NormLayer layer = GoldenLayers.of(golden);
    boolean tracks = layer.state().containsKey("running_mean");
    for (GoldenCase.Step step : golden.steps()) {
      Tensor x = golden.input(step);
      GoldenRun.setMode(layer, step.training());
      Tensor forward = layer.forward(x);
      Map<String, Tensor> state = layer.state();
      Tensor inferred = layer.infer(x);
      assertSameBits("state after infer", layer.state(), state);
      layer.eval();
      assertSameBits("infer(x)", inferred, layer.forward(x));
      if (!tracks) {
        assertSameBits("infer(x) without running statistics", inferred, forward);
      }
      Tensor inPlace = Tensor.of(x.shape(), x.toArray());
      assertSameBits("infer in place", layer.infer(inPlace, inPlace), inferred);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("generatedNames")
  void generatorGivesTheRecordedInput(String name) {
    GoldenCase golden = GoldenCase.load(name);
    GoldenCase.Step step = golden.steps().get(0);
    float[] x = golden.input(step).toArray();
    assertThat(x[0]).isEqualTo((float) golden.number("input.check.first"));
    assertThat(x[x.length - 1]).isEqualTo((float) golden.number("input.check.last"));
    assertThat(bitsXor(x)).isEqualTo(golden.get("input.check.bits_xor"));
    float[] dy = golden.gradOutput(step).orElseThrow().toArray();
    assertThat(bitsXor(dy)).isEqualTo(golden.get("grad_output.check.bits_xor"));
  }

  private static String bitsXor(float[] values) {
    int bits = 0;
    for (float value : values) {
      bits ^= Float.floatToRawIntBits(value);
    }
    return Integer.toUnsignedString(bits);
  }

  @Test
  void listNamesEveryFile() throws IOException, URISyntaxException {
    Path folder = Path.of(GoldenTest.class.getResource("/golden/cases.txt").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(names())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(file -> file.endsWith(".npz"))
                  .map(file -> file.replaceFirst("\\.npz$", ""))
                  .toList());
    }
  }
}
