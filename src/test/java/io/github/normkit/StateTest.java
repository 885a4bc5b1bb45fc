package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {

  private static final int CHANNELS = 3;
  private static final Shape INPUT = Shape.of(4, CHANNELS, 5);

  private static final long SEED = Seeds.seed(0);
  private static final long LATER_SEED = Seeds.seed(1);

  /** A layer with a name for the test report. */
  private static Arguments layer(String name, Supplier<NormLayer> layer) {
    return Arguments.argumentSet(name, layer);
  }

  static Stream<Arguments> layers() {
    return Stream.concat(
        trackingLayers(),
        Stream.of(
            layer("BatchNorm frozen", () -> BatchNorm.builder(CHANNELS).frozen(true).build()),
            layer("LayerNorm", () -> new LayerNorm(5)),
            layer("LayerNorm zero-centered", () -> LayerNorm.builder(5).zeroCentered(true).build()),
            layer("RMSNorm", () -> new RMSNorm(CHANNELS, 5)),
            layer("GroupNorm", () -> new GroupNorm(1, CHANNELS)),
            layer("InstanceNorm", () -> InstanceNorm.builder(CHANNELS).affine(true).build())));
  }

  static Stream<Arguments> trackingLayers() {
    return Stream.of(
        layer("BatchNorm momentum 0.1", () -> new BatchNorm(CHANNELS)),
        layer(
            "BatchNorm momentum 0.001", () -> BatchNorm.builder(CHANNELS).momentum(0.001).build()),
        layer(
            "BatchNorm cumulative", () -> BatchNorm.builder(CHANNELS).cumulativeAverage().build()),
        layer(
            "InstanceNorm momentum 0.1",
            () -> InstanceNorm.builder(CHANNELS).affine(true).trackRunningStatistics(true).build()),
        layer(
            "InstanceNorm cumulative",
            () ->
                InstanceNorm.builder(CHANNELS)
                    .trackRunningStatistics(true)
                    .cumulativeAverage()
                    .build()));
  }

  @Test
  void namesArePyTorchsAndInOrder() {
    assertThat(new BatchNorm(CHANNELS).state().keySet())
        .containsExactly(
            "weight",
            "bias",
            "running_mean",
            "running_var",
            "num_batches_tracked",
            "running_residual");
    assertThat(BatchNorm.builder(CHANNELS).weight(false).build().state().keySet())
        .containsExactly(
            "bias", "running_mean", "running_var", "num_batches_tracked", "running_residual");
    assertThat(BatchNorm.builder(CHANNELS).trackRunningStatistics(false).build().state().keySet())
        .containsExactly("weight", "bias");
    assertThat(new LayerNorm(5).state().keySet()).containsExactly("weight", "bias");
    assertThat(new RMSNorm(5).state().keySet()).containsExactly("weight");
    assertThat(new GroupNorm(1, CHANNELS).state().keySet()).containsExactly("weight", "bias");
    assertThat(new InstanceNorm(CHANNELS).state()).isEmpty();
  }

  @Test
  void freshStateIsTheIdentityWithoutBatches() {
    Map<String, Tensor> state = new BatchNorm(2).state();
    assertSameBits("weight", state.get("weight"), Tensor.of(Shape.of(2), 1, 1));
    assertSameBits("bias", state.get("bias"), Tensor.of(Shape.of(2), 0, 0));
    assertSameBits("running_mean", state.get("running_mean"), Tensor.of(Shape.of(2), 0, 0));
    assertSameBits("running_var", state.get("running_var"), Tensor.of(Shape.of(2), 1, 1));
    assertSameBits("count", state.get("num_batches_tracked"), Tensor.of(Shape.of(), 0));
    assertSameBits("residual", state.get("running_residual"), Tensor.zeros(Shape.of(2, 2)));
  }

  @Test
  void freshZeroCenteredWeightIsZero() {
    Tensor weight = LayerNorm.builder(2, 3).zeroCentered(true).build().state().get("weight");
    assertSameBits("weight", weight, Tensor.zeros(Shape.of(2, 3)));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void stateIsASnapshot(Supplier<NormLayer> maker) {
    NormLayer layer = maker.get();
    train(layer, SEED, 2);
    Map<String, Tensor> taken = layer.state();
    Map<String, Tensor> before = copies(taken);
    train(layer, LATER_SEED, 2);
    layer.parameters().forEach(parameter -> parameter.value().set(9, zeros(parameter.value())));
    assertSameBits("state taken earlier", taken, before);

    Map<String, Tensor> now = copies(layer.state());
    layer.state().values().forEach(tensor -> tensor.set(9, zeros(tensor)));
    assertSameBits("state after writing into a snapshot", layer.state(), now);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void loadingCopies(Supplier<NormLayer> maker) {
    NormLayer source = maker.get();
    train(source, SEED, 2);
    Map<String, Tensor> state = source.state();
    NormLayer loaded = maker.get();
    loaded.loadState(state);
    state.values().forEach(tensor -> tensor.set(9, zeros(tensor)));
    assertSameBits("state of the loaded layer", loaded.state(), source.state());
  }

  @ParameterizedTest
  @MethodSource("layers")
  void loadedLayerGoesOnWithTheSameBits(Supplier<NormLayer> maker) {
    NormLayer source = maker.get();
    train(source, SEED, 7);
    assertGoesOnAlike(source, maker.get());
  }

  @ParameterizedTest
  @MethodSource("trackingLayers")
  void loadedLayerGoesOnWithTheSameBitsAfterThousandsOfBatches(Supplier<NormLayer> maker) {
    NormLayer source = maker.get();
    train(source, SEED, 4001);
    assertGoesOnAlike(source, maker.get());
  }

  @ParameterizedTest
  @ValueSource(floats = {0x1p-133f, 0x1p-66f, 0x1p33f, 0x1p60f, 0x1p66f, 0x1p100f})
  void loadedLayerGoesOnWithTheSameBitsAtAnyScale(float scale) {
    BatchNorm source = new BatchNorm(CHANNELS);
    RandomGenerator random = Seeds.random(SEED);
    for (int i = 0; i < 5; i++) {
      Tensor x = tensor(random, INPUT);
      for (int j = 0; j < x.array().length; j++) {
        x.array()[j] *= scale;
      }
      source.forward(x);
    }
    assertGoesOnAlike(source, new BatchNorm(CHANNELS));
  }

  /** Loads the state of one layer into the other and trains both. */
  private static void assertGoesOnAlike(NormLayer source, NormLayer loaded) {
    loaded.loadState(source.state());
    assertSameBits("loaded state", loaded.state(), source.state());
    source.zeroGrad();
    RandomGenerator random = Seeds.random(LATER_SEED);
    for (int i = 0; i < 5; i++) {
      String step = "seed " + LATER_SEED + ", step " + i + ", ";
      Tensor x = tensor(random, INPUT);
      Tensor dy = tensor(random, INPUT);
      assertSameBits(step + "output", loaded.forward(x), source.forward(x));
      assertSameBits(step + "grad_input", loaded.backward(dy), source.backward(dy));
      assertSameBits(step + "gradient", gradients(loaded), gradients(source));
      descend(source);
      descend(loaded);
      assertSameBits(step + "state", loaded.state(), source.state());
      assertSameBits(step + "inferred", loaded.infer(x), source.infer(x));
    }
  }

  @ParameterizedTest
  @MethodSource("trackingLayers")
  void pyTorchsOlderFilesWithoutCountAndResidualAreTaken(Supplier<NormLayer> maker) {
    NormLayer layer = maker.get();
    train(layer, SEED, 5);
    Map<String, Tensor> expected = layer.state();
    expected.put("num_batches_tracked", Tensor.zeros(Shape.of()));
    expected.put("running_residual", Tensor.zeros(Shape.of(2, CHANNELS)));
    Map<String, Tensor> file = layer.state();
    file.remove("num_batches_tracked");
    file.remove("running_residual");
    layer.loadState(file);
    assertSameBits("state", layer.state(), expected);
  }

  @Test
  void aPyTorchFileGoesOnAsItsCountSays() {
    BatchNorm layer = BatchNorm.builder(1).cumulativeAverage().build();
    layer.loadState(
        Map.of(
            "weight", Tensor.of(Shape.of(1), 1),
            "bias", Tensor.of(Shape.of(1), 0),
            "running_mean", Tensor.of(Shape.of(1), 2),
            "running_var", Tensor.of(Shape.of(1), 1),
            "num_batches_tracked", Tensor.of(Shape.of(), 3)));
    layer.forward(Tensor.of(Shape.of(2, 1), 5, 7));
    assertThat(layer.state().get("running_mean").get(0)).isEqualTo(3);
    assertThat(layer.state().get("num_batches_tracked").get()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void loadingLeavesGradientsModeAndWhatForwardRemembered(Supplier<NormLayer> maker) {
    NormLayer layer = maker.get();
    NormLayer twin = maker.get();
    RandomGenerator random = Seeds.random(SEED);
    Tensor x = tensor(random, INPUT);
    Tensor dy = tensor(random, INPUT);
    for (NormLayer each : List.of(layer, twin)) {
      each.eval();
      each.forward(x);
      each.backward(dy);
    }
    layer.loadState(twin.state());
    assertThat(layer.isTraining()).isFalse();
    assertSameBits("gradient", gradients(layer), gradients(twin));
    assertSameBits("grad_input", layer.backward(dy), twin.backward(dy));
  }

  @Test
  void missingAndUnknownNamesAreListedTogether() {
    BatchNorm layer = new BatchNorm(2);
    Map<String, Tensor> state = layer.state();
    state.remove("weight");
    state.remove("running_var");
    state.put("gamma", Tensor.ones(Shape.of(2)));
    state.put("beta", Tensor.ones(Shape.of(2)));
    assertRefused(
        layer,
        state,
        "BatchNorm: state must have the names of the layer:"
            + " missing [running_var, weight], unknown [beta, gamma]");
  }

  @Test
  void namesThatOtherLayersHaveAreUnknownToThisOne() {
    Map<String, Tensor> ofBatchNorm = new BatchNorm(2).state();
    assertRefused(
        new GroupNorm(1, 2),
        ofBatchNorm,
        "GroupNorm: state must have the names of the layer: missing [],"
            + " unknown [num_batches_tracked, running_mean, running_residual, running_var]");
    assertRefused(
        RMSNorm.builder(2).weight(false).build(),
        Map.of("weight", Tensor.ones(Shape.of(2))),
        "RMSNorm: state must have the names of the layer: missing [], unknown [weight]");
  }

  @ParameterizedTest
  @CsvSource({
    "weight, 3, [2]",
    "bias, 3, [2]",
    "running_mean, 1, [2]",
    "running_var, 3, [2]",
    "num_batches_tracked, 1, []",
    "running_residual, 4, '[2, 2]'"
  })
  void wrongShapesAreRefused(String name, int length, String expected) {
    BatchNorm layer = new BatchNorm(2);
    Map<String, Tensor> state = layer.state();
    state.put(name, Tensor.ones(Shape.of(length)));
    assertRefused(
        layer,
        state,
        "BatchNorm: %s must have the layer's shape: expected %s, got [%d]"
            .formatted(name, expected, length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "running_mean; NaN; [-3.4028235E38, 3.4028235E38]",
        "running_mean; Infinity; [-3.4028235E38, 3.4028235E38]",
        "running_mean; -Infinity; [-3.4028235E38, 3.4028235E38]",
        "running_var; NaN; [0.0, Infinity]",
        "running_var; -1.0; [0.0, Infinity]",
        "running_var; -1.4E-45; [0.0, Infinity]"
      })
  void impossibleStatisticsAreRefused(String name, float value, String range) {
    BatchNorm layer = new BatchNorm(2);
    Map<String, Tensor> state = layer.state();
    state.get(name).set(value, 1);
    String message = "BatchNorm: %s must lie in %s: got %s at index 1";
    assertRefused(layer, state, message.formatted(name, range, value));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1, 2.5f})
  void impossibleCountsAreRefused(float value) {
    BatchNorm layer = new BatchNorm(2);
    Map<String, Tensor> state = layer.state();
    state.put("num_batches_tracked", Tensor.full(Shape.of(), value));
    assertRefused(
        layer,
        state,
        "BatchNorm: num_batches_tracked must be a whole number of at least 0: got " + value);
  }

  @Test
  void residualsThatAreNoRoundingAreRefused() {
    BatchNorm layer = new BatchNorm(2);
    Map<String, Tensor> state = layer.state();
    state.get("running_residual").set(-2, 1, 0);
    assertRefused(
        layer,
        state,
        "BatchNorm: running_residual must be less than the rounding of its running value:"
            + " got -2.0 for 1.0 at index 2");
  }

  @Test
  void nullsAreRefusedByName() {
    BatchNorm layer = new BatchNorm(2);
    assertThatNullPointerException().isThrownBy(() -> layer.loadState(null)).withMessage("state");
    Map<String, Tensor> state = layer.state();
    state.put("running_var", null);
    Map<String, Tensor> before = layer.state();
    assertThatNullPointerException()
        .isThrownBy(() -> layer.loadState(state))
        .withMessage("running_var");
    assertSameBits("state", layer.state(), before);
  }

  /** Loads a bad state into a trained layer and asserts that not a bit of it changes. */
  private static void assertRefused(NormLayer layer, Map<String, Tensor> state, String message) {
    RandomGenerator random = Seeds.random(SEED);
    Tensor x = tensor(random, Shape.of(4, 2));
    Tensor dy = tensor(random, Shape.of(4, 2));
    layer.forward(x);
    layer.backward(dy);
    Map<String, Tensor> stateBefore = layer.state();
    Map<String, Tensor> gradientsBefore = copies(gradients(layer));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.loadState(state))
        .withMessage(message);

    assertSameBits("state", layer.state(), stateBefore);
    assertSameBits("gradient", gradients(layer), gradientsBefore);
  }

  private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
    Map<String, Tensor> copies = new LinkedHashMap<>(tensors);
    copies.replaceAll((name, tensor) -> Tensor.of(tensor.shape(), tensor.toArray()));
    return copies;
  }

  private static Map<String, Tensor> gradients(NormLayer layer) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    layer.parameters().forEach(p -> gradients.put(p.name(), p.gradient()));
    return gradients;
  }

  private static void train(NormLayer layer, long seed, int batches) {
    RandomGenerator random = Seeds.random(seed);
    for (int i = 0; i < batches; i++) {
      layer.forward(tensor(random, INPUT));
      layer.backward(tensor(random, INPUT));
      descend(layer);
      layer.zeroGrad();
    }
  }

  private static void descend(NormLayer layer) {
    for (Parameter parameter : layer.parameters()) {
      float[] value = parameter.value().array();
      float[] gradient = parameter.gradient().array();
      for (int i = 0; i < value.length; i++) {
        value[i] -= 0.01f * gradient[i];
      }
    }
  }

  private static Tensor tensor(RandomGenerator random, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[i] = (float) (3 + 2 * random.nextDouble(-1, 1));
    }
    return tensor;
  }

  private static int[] zeros(Tensor tensor) {
    return new int[tensor.shape().rank()];
  }
}
