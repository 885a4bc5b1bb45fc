package io.github.normkit;

import static io.github.normkit.TensorBits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of queries and keys in packed rows, against the same heads as rows of their own. */
class QKNormTest {

  private static final int QUERIES = 4;
  private static final int KEYS = 2;
  private static final int SIZE = 6;
  private static final int ROW = (QUERIES + 2 * KEYS) * SIZE;
  private static final Shape SHAPE = Shape.of(3, 5, ROW);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void headsHaveTheBitsOfANormOfTheirSize(boolean centered) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    QKNorm norm =
        QKNorm.builder(QUERIES, KEYS, SIZE).centered(centered).bias(true).epsilon(1e-5).build();
    norm.parameters().forEach(p -> move(p.value(), random));
    NormLayer query = alone(centered, norm, 0);
    NormLayer key = alone(centered, norm, 2);
    Tensor x = Trial.gradient(random, SHAPE);
    Tensor dy = Trial.gradient(random, SHAPE);

    Tensor q = query.forward(heads(x, 0, QUERIES));
    Tensor k = key.forward(heads(x, QUERIES, KEYS));
    Tensor expected = packed(x, q, k);
    assertSameBits("y", norm.forward(x), expected);
    assertSameBits("infer", norm.infer(x), expected);

    Tensor dq = query.backward(heads(dy, 0, QUERIES));
    Tensor dk = key.backward(heads(dy, QUERIES, KEYS));
    assertSameBits("dx", norm.backward(dy), packed(dy, dq, dk));
    for (int i = 0; i < 2; i++) {
      assertSameBits(
          "query", norm.parameters().get(i).gradient(), query.parameters().get(i).gradient());
      assertSameBits(
          "key", norm.parameters().get(2 + i).gradient(), key.parameters().get(i).gradient());
    }
    Tensor inPlace = Tensor.of(SHAPE, dy.toArray());
    norm.backward(inPlace, inPlace);
    assertSameBits("dx in place", inPlace, packed(dy, dq, dk));
    assertThat(norm.infer(x, x)).isSameAs(x);
    assertSameBits("infer in place", x, expected);
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "false, 1", "true, 100", "false, 0.01"})
  void resultsAreThoseOfTheFormula(boolean centered, double size) {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    QKNorm norm = QKNorm.builder(QUERIES, KEYS, SIZE).centered(centered).epsilon(1e-3).build();
    norm.parameters().forEach(p -> move(p.value(), random));
    Tensor x = Trial.gradient(random, SHAPE);
    for (int i = 0; i < SHAPE.size(); i++) {
      x.array()[i] *= (float) size;
    }
    double[] weights = Trial.wide(Trial.gradient(random, SHAPE));
    Tensor dy = Tensor.zeros(SHAPE);
    for (int i = 0; i < weights.length; i++) {
      dy.array()[i] = (float) weights[i];
    }
    double[][] parameters = {
      Trial.wide(norm.parameters().get(0).value()), Trial.wide(norm.parameters().get(1).value())
    };
    double[] wide = Trial.wide(x);
    NaturalTolerance.assertClose("y", norm.forward(x), formula(centered, wide, parameters));

    double[] slopes = slopes(centered, wide, parameters, wide, 1e-4 * size, weights);
    NaturalTolerance.assertClose("dx", norm.backward(dy), slopes);
    for (int i = 0; i < 2; i++) {
      NaturalTolerance.assertClose(
          norm.parameters().get(i).name(),
          norm.parameters().get(i).gradient(),
          slopes(centered, wide, parameters, parameters[i], 1e-4, weights));
    }
  }

  /** Each head by its own statistics, in double. */
  private static double[] formula(boolean centered, double[] x, double[][] weights) {
    double[] y = x.clone();
    for (int row = 0; row < x.length; row += ROW) {
      for (int head = 0; head < QUERIES + KEYS; head++) {
        int at = row + head * SIZE;
        double mean = 0;
        for (int i = 0; centered && i < SIZE; i++) {
          mean += x[at + i] / SIZE;
        }
        double variance = 0;
        for (int i = 0; i < SIZE; i++) {
          variance += (x[at + i] - mean) * (x[at + i] - mean) / SIZE;
        }
        for (int i = 0; i < SIZE; i++) {
          double xhat = (x[at + i] - mean) / Math.sqrt(variance + 1e-3);
          y[at + i] = xhat * weights[head < QUERIES ? 0 : 1][i] + 0;
        }
      }
    }
    return y;
  }

  /** Central differences, of two steps so that what is left falls with the fourth power. */
  private static double[] slopes(
      boolean centered,
      double[] x,
      double[][] weights,
      double[] by,
      double step,
      double[] gradient) {
    double[] slopes = new double[by.length];
    for (int i = 0; i < by.length; i++) {
      double v = by[i];
      double[] at = new double[4];
      double[] steps = {2 * step, step, -step, -2 * step};
      for (int s = 0; s < 4; s++) {
        by[i] = v + steps[s];
        double[] y = formula(centered, x, weights);
        for (int j = 0; j < y.length; j++) {
          at[s] += y[j] * gradient[j];
        }
      }
      by[i] = v;
      slopes[i] = (8 * (at[1] - at[2]) - (at[0] - at[3])) / (12 * step);
    }
    return slopes;
  }

  @Test
  void normalizedHeadsTimesTheRootOfTheirSizeHaveLengthOne() {
    Tensor x = Trial.gradient(Seeds.random(Seeds.seed(2)), Shape.of(1, 3 * SIZE));
    Tensor y = QKNorm.builder(2, 1, SIZE).epsilon(1e-30).build().infer(x);
    for (int head = 0; head < 3; head++) {
      double squares = 0;
      for (int i = 0; i < SIZE; i++) {
        squares += Math.pow(y.get(0, head * SIZE + i) / Math.sqrt(SIZE), 2);
      }
      assertThat(squares).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void parametersHaveTheNamesOfQueriesAndKeys() {
    assertThat(new QKNorm(2, 1, SIZE).state().keySet())
        .containsExactly("q_norm.weight", "k_norm.weight");
    QKNorm norm = QKNorm.builder(2, 1, SIZE).bias(true).build();
    assertThat(norm.parameters())
        .extracting(Parameter::name)
        .containsExactly("q_norm.weight", "q_norm.bias", "k_norm.weight", "k_norm.bias");
    assertThat(norm.parameters().get(0).value().shape()).isEqualTo(Shape.of(SIZE));
    assertThat(norm.parameters().get(0).value()).isNotSameAs(norm.parameters().get(2).value());

    norm.parameters().get(2).value().set(5, 3);
    QKNorm other = QKNorm.builder(2, 1, SIZE).bias(true).build();
    other.loadState(norm.state());
    assertSameBits("state", other.state(), norm.state());
    norm.parameters().forEach(p -> p.gradient().set(1, 0));
    norm.zeroGrad();
    norm.parameters().forEach(p -> assertThat(p.gradient().toArray()).containsOnly(0));
  }

  @Test
  void optionsReachBothNorms() {
    for (boolean zeroCentered : new boolean[] {true, false}) {
      QKNorm norm = QKNorm.builder(1, 1, SIZE).zeroCentered(zeroCentered).zeroWeight(true).build();
      Tensor x = Trial.gradient(Seeds.random(Seeds.seed(3)), Shape.of(2, 2 * SIZE));
      assertThat(norm.infer(x).toArray()).containsOnly(0f, -0f);
    }
    assertThat(QKNorm.builder(1, 1, SIZE).weight(false).build().parameters()).isEmpty();
    Tensor small = Tensor.full(Shape.of(1, 2 * SIZE), 1e-3f);
    QKNorm norm = QKNorm.builder(1, 1, SIZE).convention(Convention.PYTORCH).build();
    double epsilon = Convention.PYTORCH.rmsEpsilon();
    assertThat((double) norm.infer(small).get(0, 0))
        .isCloseTo(1e-3 / Math.sqrt(1e-6 + epsilon), within(1e-6));
    QKNorm keras = QKNorm.builder(1, 1, SIZE).centered(true).convention(Convention.KERAS).build();
    small.set(2e-3f, 0, 0);
    double variance = 1e-6 * (SIZE - 1) / (SIZE * SIZE);
    assertThat((double) keras.infer(small).get(0, 0))
        .isCloseTo(1e-3 * (SIZE - 1) / SIZE / Math.sqrt(variance + 1e-3), within(1e-6));
  }

  @Test
  void rowsMayHoldTheHeadsAloneAndBatchesMayBeEmpty() {
    QKNorm norm = new QKNorm(2, 1, SIZE);
    Tensor x = Trial.gradient(Seeds.random(Seeds.seed(4)), Shape.of(3 * SIZE));
    assertThat(norm.forward(x).shape()).isEqualTo(x.shape());
    Tensor empty = Tensor.zeros(Shape.of(0, 3 * SIZE));
    assertThat(norm.forward(empty).shape()).isEqualTo(empty.shape());
    assertThat(norm.backward(empty).shape()).isEqualTo(empty.shape());
  }

  @Test
  void wrongCallsNameTheLayerTheRuleAndTheNumbers() {
    refused("queryHeads must be at least 1: got 0", () -> new QKNorm(0, 1, SIZE));
    refused("keyHeads must be at least 1: got -1", () -> new QKNorm(1, -1, SIZE));
    refused("headSize must be at least 1: got 0", () -> new QKNorm(1, 1, 0));
    refused(
        "the heads of a row must fit an int:"
            + " got queryHeads=32768, keyHeads=32768, headSize=32768",
        () -> new QKNorm(32768, 32768, 32768));
    QKNorm norm = new QKNorm(2, 1, SIZE);
    String rule =
        "the input's last dimension must hold the heads of queries and keys: expected at least 18,";
    Tensor out = Tensor.zeros(Shape.of(2, 17));
    refused(rule + " got [2, 17]", () -> norm.forward(Tensor.ones(Shape.of(2, 17)), out));
    refused(rule + " got []", () -> norm.infer(Tensor.zeros(Shape.of())));
    assertThat(out.toArray()).containsOnly(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> norm.backward(Tensor.zeros(Shape.of(2, 18))))
        .withMessage("QKNorm: backward must follow a forward: got none before");
    Tensor x = Tensor.zeros(Shape.of(2, 18));
    refused(
        "out must not overlap the input, which backward needs; infer may run in place:"
            + " got offsets 0 and 0 of one array, 36 elements each",
        () -> norm.forward(x, x));
  }

  private static void refused(String message, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage("QKNorm: " + message);
  }

  /** A norm of a head's size with the parameters of a QKNorm from an index on. */
  private static NormLayer alone(boolean centered, QKNorm norm, int index) {
    NormLayer alone =
        centered
            ? LayerNorm.builder(SIZE).epsilon(1e-5).build()
            : RMSNorm.builder(SIZE).epsilon(1e-5).bias(true).build();
    for (int i = 0; i < 2; i++) {
      float[] from = norm.parameters().get(index + i).value().array();
      System.arraycopy(from, 0, alone.parameters().get(i).value().array(), 0, SIZE);
    }
    return alone;
  }

  private static Tensor heads(Tensor x, int first, int heads) {
    int rows = x.shape().size() / ROW;
    Tensor dense = Tensor.zeros(Shape.of(rows, heads, SIZE));
    for (int row = 0; row < rows; row++) {
      System.arraycopy(
          x.array(), row * ROW + first * SIZE, dense.array(), row * heads * SIZE, heads * SIZE);
    }
    return dense;
  }

  private static Tensor packed(Tensor others, Tensor q, Tensor k) {
    Tensor packed = Tensor.of(others.shape(), others.toArray());
    int queries = QUERIES * SIZE;
    int keys = KEYS * SIZE;
    for (int row = 0; row < others.shape().size() / ROW; row++) {
      System.arraycopy(q.array(), row * queries, packed.array(), row * ROW, queries);
      System.arraycopy(k.array(), row * keys, packed.array(), row * ROW + queries, keys);
    }
    return packed;
  }

  private static void move(Tensor tensor, RandomGenerator random) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[i] += (float) (0.3 * random.nextGaussian());
    }
  }
}
