package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.LayerNormReference;
import io.github.normkit.reference.RMSNormReference;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addition and the norm at once, against both one after the other, and against the formula. */
class AddNormLayerTest {

  private static final Shape SHAPE = Shape.of(6, 4, 5);
  private static final float SCALE = 1.7f;

  /** A norm of another library's making, of which nothing but the interface is known. */
  private static final class Foreign implements NormLayer {

    private final NormLayer norm = new LayerNorm(5);

    @Override
    public Tensor forward(Tensor x) {
      return norm.forward(x);
    }

    @Override
    public Tensor forward(Tensor x, Tensor out) {
      return norm.forward(x, out);
    }

    @Override
    public Tensor backward(Tensor dy) {
      return norm.backward(dy);
    }

    @Override
    public Tensor backward(Tensor dy, Tensor dx) {
      return norm.backward(dy, dx);
    }

    @Override
    public Tensor infer(Tensor x) {
      return norm.infer(x);
    }

    @Override
    public Tensor infer(Tensor x, Tensor out) {
      return norm.infer(x, out);
    }

    @Override
    public void train() {
      norm.train();
    }

    @Override
    public void eval() {
      norm.eval();
    }

    @Override
    public boolean isTraining() {
      return norm.isTraining();
    }

    @Override
    public List<Parameter> parameters() {
      return norm.parameters();
    }

    @Override
    public void zeroGrad() {
      norm.zeroGrad();
    }

    @Override
    public Map<String, Tensor> state() {
      return norm.state();
    }

    @Override
    public void loadState(Map<String, Tensor> state) {
      norm.loadState(state);
    }
  }

  private static Arguments norm(String name, Supplier<NormLayer> norm) {
    return Arguments.argumentSet(name, norm);
  }

  static Stream<Arguments> norms() {
    return Stream.of(
        norm("LayerNorm", () -> new LayerNorm(5)),
        norm("LayerNorm of two dimensions", () -> new LayerNorm(4, 5)),
        norm("RMSNorm", () -> new RMSNorm(5)),
        norm("RMSNorm zero-centered", () -> RMSNorm.builder(5).zeroCentered(true).build()),
        norm("PartialRMSNorm", () -> PartialRMSNorm.builder(5).fraction(0.5).build()),
        norm("UnitNorm", () -> new UnitNorm(5)),
        norm("ScaleNorm", () -> new ScaleNorm(5)),
        norm("DynamicTanh", () -> new DynamicTanh(5)),
        norm("BatchNorm", () -> new BatchNorm(4)),
        norm("GroupNorm", () -> new GroupNorm(2, 4)),
        norm("InstanceNorm", () -> InstanceNorm.builder(4).affine(true).build()),
        norm("a norm of another kind", Foreign::new));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void theBitsAreThoseOfTheAdditionAndThenTheNorm(Supplier<NormLayer> maker) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    NormLayer plain = maker.get();
    AddNorm norm = new AddNorm(maker.get(), SCALE);
    Tensor x = Trial.gradient(random, SHAPE);
    Tensor residual = Trial.gradient(random, SHAPE);
    Tensor sum = sum(x, residual, SCALE);

    AddNorm.Result result = norm.forward(x, residual);
    assertSameBits("sum", result.sum(), sum);
    assertSameBits("y", result.y(), plain.forward(sum));
    assertSameBits("state", norm.norm().state(), plain.state());

    Tensor dy = Trial.gradient(random, SHAPE);
    Tensor dsum = Trial.gradient(random, SHAPE);
    Tensor expected = sum(plain.backward(dy), dsum, 1);
    assertSameBits("dx", norm.backward(dy, dsum), expected);
    for (int i = 0; i < plain.parameters().size(); i++) {
      assertSameBits(
          "gradient",
          norm.norm().parameters().get(i).gradient(),
          plain.parameters().get(i).gradient());
    }
    assertSameBits("dx without dsum", norm.backward(dy, null), plain.backward(dy));
    assertSameBits("the norm's own backward", norm.norm().backward(dy), plain.backward(dy));

    Tensor inDy = copy(dy);
    assertThat(norm.backward(inDy, dsum, inDy)).isSameAs(inDy);
    assertSameBits("in place of dy", inDy, expected);
    Tensor inDsum = copy(dsum);
    norm.backward(dy, inDsum, inDsum);
    assertSameBits("in place of dsum", inDsum, expected);
  }

  @Test
  void aForwardOfTheNormWithAMaskIsWhatGoesBack() {
    RandomGenerator random = Seeds.random(Seeds.seed(4));
    LayerNorm plain = new LayerNorm(5);
    LayerNorm masked = new LayerNorm(5);
    AddNorm norm = new AddNorm(masked);
    Tensor x = Trial.gradient(random, SHAPE);
    Tensor dy = Trial.gradient(random, SHAPE);
    Tensor dsum = Trial.gradient(random, SHAPE);
    Mask mask = Mask.lengths(4, 1, 0, 4, 2, 3, 1);
    plain.forward(x, mask);
    masked.forward(x, mask);
    assertSameBits("dx", norm.backward(dy, dsum), sum(plain.backward(dy), dsum, 1));
    assertSameBits("dx without dsum", norm.backward(dy, null), plain.backward(dy));
    norm.forward(x, dy);
    plain.forward(sum(x, dy, 1));
    assertSameBits("dx of the sum", norm.backward(dy, dsum), sum(plain.backward(dy), dsum, 1));
    assertSameBits("the norm's own backward", masked.backward(dy), plain.backward(dy));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void inferMayRunInPlaceAndRemembersNothing(Supplier<NormLayer> maker) {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    AddNorm norm = new AddNorm(maker.get(), SCALE);
    Tensor x = Trial.gradient(random, SHAPE);
    Tensor residual = Trial.gradient(random, SHAPE);
    Tensor sum = sum(x, residual, SCALE);
    Tensor y = norm.norm().infer(sum);
    assertThatIllegalStateException().isThrownBy(() -> norm.backward(x, null));

    AddNorm.Result result = norm.infer(x, residual);
    assertSameBits("sum", result.sum(), sum);
    assertSameBits("y", result.y(), y);
    Tensor inX = copy(x);
    Tensor inResidual = copy(residual);
    assertThat(norm.infer(inX, inResidual, inResidual, inX)).isSameAs(inX);
    assertSameBits("sum in place", inResidual, sum);
    assertSameBits("y in place", inX, y);
    inX = copy(x);
    norm.infer(inX, residual, inX, inX);
    assertSameBits("y in place of the sum", inX, y);
    assertThatIllegalStateException().isThrownBy(() -> norm.backward(x, null));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void forwardMayPutTheSumInPlace(Supplier<NormLayer> maker) {
    RandomGenerator random = Seeds.random(Seeds.seed(2));
    AddNorm norm = new AddNorm(maker.get());
    Tensor x = Trial.gradient(random, SHAPE);
    Tensor residual = Trial.gradient(random, SHAPE);
    Tensor dy = Trial.gradient(random, SHAPE);
    AddNorm.Result expected = norm.forward(x, residual);
    Tensor dx = norm.backward(dy, null);
    AddNorm.Result result = norm.forward(x, residual, residual, x);
    assertThat(result.sum()).isSameAs(residual);
    assertThat(result.y()).isSameAs(x);
    assertSameBits("sum", residual, expected.sum());
    assertSameBits("y", x, expected.y());
    assertSameBits("dx", norm.backward(dy, null), dx);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resultsAreThoseOfTheFormula(boolean centered) {
    RandomGenerator random = Seeds.random(Seeds.seed(3));
    int rows = 7;
    int cols = 130;
    Shape shape = Shape.of(rows, cols);
    NormLayer layer =
        centered ? new LayerNorm(cols) : RMSNorm.builder(cols).epsilon(1e-5).bias(true).build();
    for (Parameter parameter : layer.parameters()) {
      System.arraycopy(
          Trial.gradient(random, Shape.of(cols)).array(), 0, parameter.value().array(), 0, cols);
    }
    AddNorm norm = new AddNorm(layer, 0.5);
    Tensor x = Trial.gradient(random, shape);
    Tensor residual = Trial.gradient(random, shape);
    Tensor dy = Trial.gradient(random, shape);
    Tensor dsum = Trial.gradient(random, shape);
    double[] weight = Trial.wide(layer.parameters().get(0).value());
    double[] bias = Trial.wide(layer.parameters().get(1).value());
    double[] sum = new double[rows * cols];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x.array()[i] + 0.5 * residual.array()[i];
    }
    AddNorm.Result result = norm.forward(x, residual);
    NaturalTolerance.assertClose("sum", result.sum(), sum);
    NaturalTolerance.assertClose(
        "y",
        result.y(),
        centered
            ? LayerNormReference.forward(sum, rows, cols, weight, bias, 1e-5).y()
            : RMSNormReference.forward(sum, rows, cols, weight, bias, 1e-5).y());
    double[] wideDy = Trial.wide(dy);
    Gradients gradients =
        centered
            ? LayerNormReference.backward(sum, wideDy, rows, cols, weight, 1e-5)
            : RMSNormReference.backward(sum, wideDy, rows, cols, weight, 1e-5);
    double[] dx = gradients.dx();
    for (int i = 0; i < dx.length; i++) {
      dx[i] += dsum.array()[i];
    }
    NaturalTolerance.assertClose("dx", norm.backward(dy, dsum), dx);
    NaturalTolerance.assertClose(
        "dweight", layer.parameters().get(0).gradient(), gradients.dWeight());
    NaturalTolerance.assertClose("dbias", layer.parameters().get(1).gradient(), gradients.dBias());
  }

  @Test
  void anEmptyBatchGivesAnEmptyResult() {
    Tensor empty = Tensor.zeros(Shape.of(0, 5));
    for (NormLayer layer : new NormLayer[] {new LayerNorm(5), new RMSNorm(5), new BatchNorm(5)}) {
      AddNorm norm = new AddNorm(layer);
      assertThat(norm.forward(empty, empty).y().shape()).isEqualTo(empty.shape());
      assertThat(norm.backward(empty, empty).shape()).isEqualTo(empty.shape());
      assertThat(norm.infer(empty, empty).sum().shape()).isEqualTo(empty.shape());
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void wrongTensorsAreNamedAndNothingIsWritten(Supplier<NormLayer> maker) {
    AddNorm norm = new AddNorm(maker.get());
    float[] array = new float[200];
    Tensor x = Tensor.wrap(array, 0, SHAPE);
    Tensor late = Tensor.wrap(array, 5, SHAPE);
    Tensor apart = Tensor.zeros(SHAPE);
    Tensor other = Tensor.zeros(SHAPE);
    Tensor flat = Tensor.zeros(Shape.of(120));
    String shapes = " must have the shape of x: expected [6, 4, 5], got [120]";
    refused("residual" + shapes, () -> norm.forward(x, flat));
    refused("sum" + shapes, () -> norm.forward(x, apart, flat, apart));
    refused("y" + shapes, () -> norm.infer(x, apart, apart, flat));
    String offsets = ": got offsets 5 and 0 of one array, 120 elements each";
    refused(
        "sum must not overlap x unless it is just that" + offsets,
        () -> norm.forward(x, apart, late, other));
    refused(
        "sum must not overlap the residual unless it is just that" + offsets,
        () -> norm.infer(apart, x, late, other));
    refused(
        "y must not overlap x unless it is just that" + offsets,
        () -> norm.infer(x, apart, apart, late));
    refused(
        "y must not overlap the residual unless it is just that" + offsets,
        () -> norm.infer(apart, x, apart, late));
    refused(
        "y must not overlap the sum unless it is just that" + offsets,
        () -> norm.infer(apart, apart, x, late));
    refused(
        "y must not overlap the sum, which backward needs; infer may run in place:"
            + " got offsets 0 and 0 of one array, 120 elements each",
        () -> norm.forward(apart, apart, x, x));
    assertThat(array).containsOnly(0);
    assertThatNullPointerException().isThrownBy(() -> norm.forward(null, x)).withMessage("x");
    assertThatNullPointerException()
        .isThrownBy(() -> norm.forward(x, null))
        .withMessage("residual");
    assertThatNullPointerException().isThrownBy(() -> norm.infer(x, x, null, x)).withMessage("sum");
  }

  @ParameterizedTest
  @MethodSource("norms")
  void wrongGradientsAreNamed(Supplier<NormLayer> maker) {
    AddNorm norm = new AddNorm(maker.get());
    float[] array = new float[200];
    Tensor dy = Tensor.wrap(array, 0, SHAPE);
    Tensor late = Tensor.wrap(array, 5, SHAPE);
    Tensor sum = Tensor.zeros(SHAPE);
    Tensor flat = Tensor.zeros(Shape.of(120));
    norm.forward(dy, dy, sum, Tensor.zeros(SHAPE));
    String offsets = ": got offsets 5 and 0 of one array, 120 elements each";
    refused(
        "dsum must have the shape of dy: expected [6, 4, 5], got [120]",
        () -> norm.backward(dy, flat));
    refused(
        "dx must have the shape of dy: expected [6, 4, 5], got [120]",
        () -> norm.backward(dy, null, flat));
    refused(
        "dx must not overlap dy unless it is just that" + offsets,
        () -> norm.backward(dy, null, late));
    refused(
        "dx must not overlap dsum unless it is just that" + offsets,
        () -> norm.backward(Tensor.zeros(SHAPE), dy, late));
    assertThatIllegalArgumentException().isThrownBy(() -> norm.backward(dy, null, sum));
    assertThatIllegalArgumentException().isThrownBy(() -> norm.backward(flat, null));
    assertThat(array).containsOnly(0);
    assertThatNullPointerException().isThrownBy(() -> norm.backward(null, null)).withMessage("dy");
  }

  @Test
  void backwardNamesTheSumAndTheOrder() {
    AddNorm norm = new AddNorm(new RMSNorm(5));
    Tensor dy = Tensor.zeros(SHAPE);
    assertThatIllegalStateException()
        .isThrownBy(() -> norm.backward(dy, null))
        .withMessage("AddNorm: backward must follow a forward: got none before");
    Tensor sum = norm.forward(dy, dy).sum();
    refused(
        "dx must not overlap the sum of forward:"
            + " got offsets 0 and 0 of one array, 120 elements each",
        () -> norm.backward(dy, null, sum));
    refused(
        "dy must have the shape of x: expected [6, 4, 5], got [2, 5]",
        () -> norm.backward(Tensor.zeros(Shape.of(2, 5)), null));
  }

  @Test
  void theNormRefusesAnInputBeforeTheSumIsWritten() {
    Tensor x = Tensor.ones(Shape.of(1, 4));
    Tensor sum = Tensor.zeros(Shape.of(1, 4));
    AddNorm batch = new AddNorm(new BatchNorm(4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.forward(x, x, sum, Tensor.zeros(Shape.of(1, 4))))
        .withMessageStartingWith("BatchNorm: ");
    AddNorm row = new AddNorm(new RMSNorm(5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row.infer(x, x, sum, sum))
        .withMessageStartingWith("RMSNorm: the input's trailing dimensions");
    assertThat(sum.toArray()).containsOnly(0);
  }

  @Test
  void scalesMustBeFinite() {
    for (double scale : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e39}) {
      refused(
          "scale must be finite as a float: got " + scale,
          () -> new AddNorm(new RMSNorm(5), scale));
    }
  }

  private static void refused(String message, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage("AddNorm: " + message);
  }

  private static Tensor sum(Tensor x, Tensor residual, float scale) {
    Tensor sum = Tensor.zeros(x.shape());
    for (int i = 0; i < x.shape().size(); i++) {
      sum.array()[i] = x.array()[i] + residual.array()[i] * scale;
    }
    return sum;
  }

  private static Tensor copy(Tensor tensor) {
    return Tensor.of(tensor.shape(), tensor.toArray());
  }
}
