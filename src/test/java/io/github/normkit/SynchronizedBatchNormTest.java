package io.github.normkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.normkit.distributed.Collective;
import io.github.normkit.distributed.CollectiveException;
import io.github.normkit.distributed.ReplicaGroup;
import io.github.normkit.reference.BatchNormReference;
import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.Normalized;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas that each have a part of a batch, beside one layer that has all of it. */
@Timeout(120)
class SynchronizedBatchNormTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** A batch, cut into parts of so many samples. */
  private record Split(Layout layout, int channels, int[] spatial, int... parts) {

    Shape shape(int n) {
      int[] dims = new int[2 + spatial.length];
      dims[0] = n;
      boolean last = layout == Layout.CHANNELS_LAST;
      dims[last ? dims.length - 1 : 1] = channels;
      System.arraycopy(spatial, 0, dims, last ? 1 : 2, spatial.length);
      return Shape.of(dims);
    }

    int samples() {
      return Arrays.stream(parts).sum();
    }

    int start(int rank) {
      return Arrays.stream(parts, 0, rank).sum();
    }

    Tensor part(Tensor batch, int rank) {
      return batch.slice(start(rank), start(rank) + parts[rank]);
    }

    BatchNorm.Builder builder() {
      return BatchNorm.builder(channels).layout(layout);
    }

    @Override
    public String toString() {
      return layout + " " + shape(samples()) + " " + Arrays.toString(parts);
    }
  }

  /** What two steps leave, of all samples. */
  private record Outcome(Tensor y, Tensor dx, Map<String, Tensor> state, Tensor[] gradients) {}

  static Stream<Split> onBorders() {
    return Stream.of(Layout.values())
        .flatMap(
            layout ->
                Stream.of(
                    new Split(layout, 5, new int[] {}, 1024, 2048, 100),
                    new Split(layout, 40, new int[] {}, 1024, 1024),
                    new Split(layout, 6, new int[] {7, 7}, 32, 32),
                    new Split(layout, 33, new int[] {14, 14}, 8, 0, 16, 3),
                    new Split(layout, 3, new int[] {50, 60}, 1, 2),
                    new Split(layout, 4, new int[] {3}, 0, 0, 7),
                    new Split(layout, 4, new int[] {3}, 7)));
  }

  static Stream<Split> offBorders() {
    return Stream.of(Layout.values())
        .flatMap(
            layout ->
                Stream.of(
                    new Split(layout, 5, new int[] {}, 3, 1, 7),
                    new Split(layout, 5, new int[] {}, 1, 1),
                    new Split(layout, 6, new int[] {7, 7}, 5, 40, 0, 9),
                    new Split(layout, 3, new int[] {2, 3, 4}, 1, 2)));
  }

  @ParameterizedTest
  @MethodSource("onBorders")
  void cutBetweenBlocksReplicasHaveTheBitsOfOne(Split split) {
    Tensor[] inputs = inputs(split, 3);
    Outcome one = one(split, inputs);
    Outcome[] replicas = replicas(split, inputs, norm -> norm);
    for (int rank = 0; rank < replicas.length; rank++) {
      Outcome replica = replicas[rank];
      TensorBits.assertSameBits(rank + " y", replica.y(), split.part(one.y(), rank));
      TensorBits.assertSameBits(rank + " dx", replica.dx(), split.part(one.dx(), rank));
      TensorBits.assertSameBits(rank + " state", replica.state(), one.state());
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aPoolChangesNoBit(Layout layout) {
    Split split = new Split(layout, 33, new int[] {14, 14}, 8, 16);
    ForkJoinPool pool = new ForkJoinPool(3);
    Tensor[] inputs = inputs(split, 0);
    Outcome one = one(split, inputs);
    Outcome[] replicas = replicas(split, inputs, norm -> norm.parallel(pool));
    pool.shutdown();
    for (int rank = 0; rank < 2; rank++) {
      TensorBits.assertSameBits("y", replicas[rank].y(), split.part(one.y(), rank));
      TensorBits.assertSameBits("dx", replicas[rank].dx(), split.part(one.dx(), rank));
    }
  }

  @ParameterizedTest
  @MethodSource({"onBorders", "offBorders"})
  void cutAnywhereReplicasAgreeWithTheReferenceOfTheWholeBatch(Split split) {
    Tensor[] inputs = inputs(split, 3);
    int n = split.samples();
    int spatial = Arrays.stream(split.spatial()).reduce(1, (a, b) -> a * b);
    double[] weight = doubles(parameters(split)[0]);
    double[] bias = doubles(parameters(split)[1]);
    double[] x = doubles(inputs[2]);
    Normalized forward =
        BatchNormReference.forward(
            x, n, split.channels(), spatial, split.layout(), weight, bias, 1e-5);
    Gradients backward =
        BatchNormReference.backward(
            x, doubles(inputs[3]), n, split.channels(), spatial, split.layout(), weight, 1e-5);
    Outcome[] replicas = replicas(split, inputs, norm -> norm);
    assertClose("y", join(split, replicas, Outcome::y), forward.y());
    assertClose("dx", join(split, replicas, Outcome::dx), backward.dx());
    double[] dWeight = new double[split.channels()];
    double[] dBias = new double[split.channels()];
    for (Outcome replica : replicas) {
      TensorBits.assertSameBits("state", replica.state(), replicas[0].state());
      for (int c = 0; c < split.channels(); c++) {
        dWeight[c] += replica.gradients()[0].get(c);
        dBias[c] += replica.gradients()[1].get(c);
      }
    }
    assertSumsOfParts("dWeight", dWeight, backward.dWeight(), replicas, 0);
    assertSumsOfParts("dBias", dBias, backward.dBias(), replicas, 1);
  }

  /** Each part is rounded once, to half an ulp of what may be larger than their sum. */
  private static void assertSumsOfParts(
      String what, double[] got, double[] expected, Outcome[] replicas, int parameter) {
    for (int c = 0; c < got.length; c++) {
      double tolerance = 1e-12;
      for (Outcome replica : replicas) {
        tolerance += Math.ulp(replica.gradients()[parameter].get(c));
      }
      assertThat(Math.abs(got[c] - expected[c])).as("%s %d", what, c).isLessThan(tolerance);
    }
  }

  private static void assertClose(String what, float[] got, double[] expected) {
    assertThat(TensorUlps.error(got, expected)).as(what).isLessThanOrEqualTo(2);
  }

  @Test
  void countsDifferAndOneIsZero() {
    // Elements 1, 2 | 6 | none: mean 3, biased variance 14/3, unbiased 7.
    float[][] parts = {{1, 2}, {6}, {}};
    ReplicaGroup.run(
        3,
        LONG,
        collective -> {
          BatchNorm norm = BatchNorm.builder(1).epsilon(1e-12).synchronize(collective).build();
          float[] part = parts[collective.rank()];
          Tensor y = norm.forward(Tensor.of(Shape.of(part.length, 1), part));
          for (int i = 0; i < part.length; i++) {
            assertThat(y.get(i, 0)).isEqualTo((float) ((part[i] - 3) / Math.sqrt(14 / 3.0)));
          }
          assertThat(norm.state().get("running_mean").get(0)).isEqualTo(0.1f * 3);
          assertThat(norm.state().get("running_var").get(0)).isEqualTo((float) (0.9 + 0.1 * 7));
          // dy = x: Σ dy = 9, Σ dy·xhat = 14 / σ, so dx = (x - 3 - (x - 3)) / σ = 0.
          Tensor dx = norm.backward(Tensor.of(Shape.of(part.length, 1), part));
          for (int i = 0; i < part.length; i++) {
            assertThat(dx.get(i, 0)).isBetween(-1e-7f, 1e-7f);
          }
          float sum = part.length == 0 ? 0 : part.length == 1 ? 6 : 3;
          assertThat(norm.parameters().get(1).gradient().get(0)).isEqualTo(sum);
        });
  }

  @Test
  void partsThatAreAllEmptyChangeNothing() {
    ReplicaGroup.run(
        2,
        LONG,
        collective -> {
          BatchNorm norm = BatchNorm.builder(2).synchronize(collective).build();
          Map<String, Tensor> before = norm.state();
          Tensor empty = Tensor.zeros(Shape.of(0, 2, 3));
          assertThat(norm.forward(empty).shape()).isEqualTo(empty.shape());
          assertThat(norm.backward(empty).shape()).isEqualTo(empty.shape());
          TensorBits.assertSameBits("state", norm.state(), before);
        });
  }

  @Test
  void countedPositionsOfAllReplicasShareStatistics() {
    // Of which one replica has one, and one none: as in countsDifferAndOneIsZero.
    float nan = Float.NaN;
    float[][] parts = {{1, nan, 2}, {nan, 6, nan}, {nan, nan, nan}};
    float[] sums = {3, 6, 0};
    ReplicaGroup.run(
        3,
        LONG,
        collective -> {
          BatchNorm norm = BatchNorm.builder(1).epsilon(1e-12).synchronize(collective).build();
          float[] part = parts[collective.rank()];
          boolean[] counted = new boolean[3];
          for (int i = 0; i < 3; i++) {
            counted[i] = !Float.isNaN(part[i]);
          }
          Tensor x = Tensor.of(Shape.of(3, 1), part);
          Tensor y = norm.forward(x, Mask.of(Shape.of(3), counted));
          Tensor dx = norm.backward(x);
          for (int i = 0; i < 3; i++) {
            float xhat = (float) ((part[i] - 3) / Math.sqrt(14 / 3.0));
            assertThat(y.get(i, 0)).isEqualTo(counted[i] ? xhat : 0);
            assertThat(dx.get(i, 0)).isBetween(-1e-7f, 1e-7f);
          }
          assertThat(norm.state().get("running_mean").get(0)).isEqualTo(0.1f * 3);
          assertThat(norm.state().get("running_var").get(0)).isEqualTo((float) (0.9 + 0.1 * 7));
          assertThat(norm.parameters().get(1).gradient().get(0)).isEqualTo(sums[collective.rank()]);
        });
  }

  @Test
  void modulatedReplicasTakeEmptyParts() {
    float[][] parts = {{1, 2}, {6}, {}};
    ReplicaGroup.run(
        3,
        LONG,
        collective -> {
          BatchNorm plain =
              BatchNorm.builder(1).affine(false).epsilon(1e-12).synchronize(collective).build();
          ModulatedNorm norm = new ModulatedNorm(plain);
          float[] part = parts[collective.rank()];
          Tensor x = Tensor.of(Shape.of(part.length, 1), part);
          Tensor weight = Tensor.full(x.shape(), 2);
          Tensor y = norm.forward(x, weight, Tensor.ones(x.shape()));
          ModulatedNorm.Gradients gradients = norm.backward(x);
          assertThat(gradients.dBias().toArray()).isEqualTo(part);
          for (int i = 0; i < part.length; i++) {
            double xhat = (part[i] - 3) / Math.sqrt(14 / 3.0);
            assertThat((double) y.get(i, 0)).isBetween(2 * xhat + 1 - 1e-6, 2 * xhat + 1 + 1e-6);
            assertThat(gradients.dx().get(i, 0)).isBetween(-1e-6f, 1e-6f);
          }
        });
  }

  @Test
  void aNanSpoilsItsChannelOnAllReplicasAndNoOther() {
    ReplicaGroup.run(
        2,
        LONG,
        collective -> {
          BatchNorm norm = BatchNorm.builder(2).synchronize(collective).build();
          float bad = collective.rank() == 1 ? Float.NaN : 3;
          Tensor y = norm.forward(Tensor.of(Shape.of(2, 2), 1, 2, bad, 5));
          assertThat(y.get(0, 0)).isNaN();
          assertThat(y.get(0, 1)).isEqualTo(-y.get(1, 1)).isNegative();
          assertThat(norm.state().get("running_mean").get(0)).isZero();
          assertThat(norm.state().get("running_mean").get(1)).isEqualTo(0.35f);
        });
  }

  @Test
  void evaluationInferenceAndFrozenLayersExchangeNothing() {
    Collective silent =
        collective(
            2,
            0,
            values -> {
              throw new AssertionError("called");
            });
    Tensor x = Tensor.of(Shape.of(3, 1), 1, 2, 4);
    BatchNorm norm = BatchNorm.builder(1).synchronize(silent).build();
    TensorBits.assertSameBits("infer", norm.infer(x), new BatchNorm(1).infer(x));
    norm.eval();
    BatchNorm plain = new BatchNorm(1);
    plain.eval();
    TensorBits.assertSameBits("forward", norm.forward(x), plain.forward(x));
    TensorBits.assertSameBits("backward", norm.backward(x), plain.backward(x));
    BatchNorm frozen = BatchNorm.builder(1).frozen(true).synchronize(silent).build();
    TensorBits.assertSameBits("frozen", frozen.forward(x), plain.forward(x));
    TensorBits.assertSameBits("frozen", frozen.backward(x), plain.backward(x));
    Tensor empty = Tensor.zeros(Shape.of(0, 1));
    assertThat(norm.forward(empty).shape()).isEqualTo(empty.shape());
    assertThat(norm.backward(empty).shape()).isEqualTo(empty.shape());

    BatchNorm untracked =
        BatchNorm.builder(1).trackRunningStatistics(false).synchronize(silent).build();
    BatchNorm trained = new BatchNorm(1);
    TensorBits.assertSameBits("own statistics", untracked.infer(x), trained.forward(x));
    untracked.eval();
    TensorBits.assertSameBits("own statistics", untracked.forward(x), trained.forward(x));
    TensorBits.assertSameBits("own statistics", untracked.backward(x), trained.backward(x));
    assertThat(untracked.forward(empty).shape()).isEqualTo(empty.shape());
    assertThat(untracked.backward(empty).shape()).isEqualTo(empty.shape());
  }

  @Test
  void replicasThatDifferInChannelsAllSaySo() {
    String message =
        "BatchNorm: replicas must have the same number of channels: got 4 at rank 0, 6 at rank 1";
    int[] channels = {4, 6, 4};
    ReplicaGroup.run(
        3,
        LONG,
        collective -> {
          int c = channels[collective.rank()];
          assertRefused(
              BatchNorm.builder(c).synchronize(collective).build(),
              Tensor.ones(Shape.of(3, c)),
              IllegalArgumentException.class,
              message);
        });
  }

  @Test
  void oneValueInAllPartsTogetherIsTooFewOnAll() {
    String message =
        "BatchNorm: batch statistics need more than one value per channel: got 1 in the parts of 2"
            + " replicas; use eval mode with running statistics, a larger batch, or GroupNorm";
    ReplicaGroup.run(
        2,
        LONG,
        collective ->
            assertRefused(
                BatchNorm.builder(3).synchronize(collective).build(),
                Tensor.ones(Shape.of(collective.rank(), 3)),
                IllegalArgumentException.class,
                message));
  }

  @Test
  void replicasThatDoNotMakeTheSameCallAllSaySo() {
    ReplicaGroup.run(
        2,
        LONG,
        collective -> {
          BatchNorm norm = BatchNorm.builder(1).synchronize(collective).build();
          Tensor x = Tensor.of(Shape.of(2, 1), 1, 2);
          norm.forward(x);
          Map<String, Tensor> before = norm.state();
          Tensor out = Tensor.full(x.shape(), 7);
          Throwable thrown =
              catchThrowable(
                  () -> {
                    if (collective.rank() == 0) {
                      norm.forward(x, out);
                    } else {
                      norm.backward(x, out);
                    }
                  });
          assertThat(thrown)
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(
                  "BatchNorm: replicas must make the same call:"
                      + " got forward at rank 0, backward at rank 1");
          assertUnwritten(norm, out, before);
        });
  }

  @Test
  void aReplicaThatDiesBeforeTheExchangeIsNamedByTheOthers() {
    Throwable thrown =
        catchThrowable(
            () ->
                ReplicaGroup.run(
                    3,
                    LONG,
                    collective -> {
                      BatchNorm norm = BatchNorm.builder(2).synchronize(collective).build();
                      if (collective.rank() == 1) {
                        norm.forward(Tensor.ones(Shape.of(3, 5)));
                      }
                      assertRefused(
                          norm,
                          Tensor.ones(Shape.of(3, 2)),
                          CollectiveException.class,
                          "ReplicaGroup: all replicas must take part: rank 1 of 3 has died of"
                              + " java.lang.IllegalArgumentException: BatchNorm: the input must"
                              + " have the layer's channels at axis 1: expected 2, got 5 of"
                              + " [3, 5]");
                    }));
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    assertThat(thrown.getSuppressed()).isEmpty();
  }

  @Test
  void aReplicaThatIsLateIsNamedWithTheSeconds() {
    Collective alone = new ReplicaGroup(2, SHORT).replica(0);
    assertRefused(
        BatchNorm.builder(2).synchronize(alone).build(),
        Tensor.ones(Shape.of(3, 2)),
        CollectiveException.class,
        "ReplicaGroup: all replicas must take part:"
            + " rank 1 of 2 did not arrive within 0.2 seconds");
  }

  @Test
  void aReplicaLostBetweenForwardAndBackwardLeavesGradientsAsTheyAre() {
    ReplicaGroup group = new ReplicaGroup(1, LONG);
    BatchNorm norm = BatchNorm.builder(1).synchronize(group.replica(0)).build();
    Tensor x = Tensor.of(Shape.of(2, 1), 1, 2);
    norm.forward(x);
    Map<String, Tensor> before = norm.state();
    group.leave(0, new IllegalStateException("boom"));
    Tensor dx = Tensor.full(x.shape(), 7);
    assertThat(catchThrowable(() -> norm.backward(x, dx))).isInstanceOf(CollectiveException.class);
    assertUnwritten(norm, dx, before);
  }

  @Test
  void aModulatedBackwardThatFailsWritesNothing() {
    ReplicaGroup group = new ReplicaGroup(1, LONG);
    BatchNorm layer = BatchNorm.builder(2).affine(false).synchronize(group.replica(0)).build();
    ModulatedNorm norm = new ModulatedNorm(layer);
    Tensor x = Tensor.of(Shape.of(3, 2), 1, 2, 3, 5, 8, 13);
    Tensor rows = Tensor.full(x.shape(), 2);
    norm.forward(x, rows, rows);
    Tensor alone = norm.backward(x).dx();
    Tensor dy = Tensor.of(x.shape(), x.toArray());
    norm.backward(dy, dy);
    assertThat(dy.toArray()).isEqualTo(alone.toArray());
    group.leave(0, new IllegalStateException("boom"));
    Tensor dx = Tensor.full(x.shape(), 7);
    assertThat(catchThrowable(() -> norm.backward(x, dx))).isInstanceOf(CollectiveException.class);
    assertThat(dx.toArray()).containsOnly(7);
  }

  @Test
  void collectivesThatReturnSomethingElseAreRefused() {
    refused(
        values -> new double[][] {values},
        "BatchNorm: the collective must return an array for each rank: expected 2, got 1");
    refused(
        values -> null,
        "BatchNorm: the collective must return an array for each rank: expected 2, got none");
    refused(
        values -> new double[][] {values, null},
        "BatchNorm: the collective must return what was sent: got nothing of rank 1");
    refused(
        values -> new double[][] {values, {0}},
        "BatchNorm: the collective must return what was sent: got nothing of rank 1");
    refused(
        values -> new double[][] {values, Arrays.copyOf(values, 6)},
        "BatchNorm: the collective must return what was sent:"
            + " got 4 numbers of rank 1, not a multiple of 5");
  }

  private static void refused(Exchange exchange, String message) {
    assertRefused(
        BatchNorm.builder(2).synchronize(collective(2, 0, exchange)).build(),
        Tensor.ones(Shape.of(3, 2)),
        IllegalStateException.class,
        message);
  }

  @Test
  void aCollectiveThatIsNoneIsRefusedByTheBuilder() {
    assertThatNullPointerException()
        .isThrownBy(() -> BatchNorm.builder(2).synchronize(null))
        .withMessage("collective");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchNorm.builder(2).synchronize(collective(2, 2, null)))
        .withMessage(
            "BatchNorm: the collective's rank must be less than its world size:"
                + " got rank=2, worldSize=2");
  }

  private interface Exchange {
    double[][] allGather(double[] values);
  }

  private static Collective collective(int worldSize, int rank, Exchange exchange) {
    return new Collective() {
      @Override
      public int worldSize() {
        return worldSize;
      }

      @Override
      public int rank() {
        return rank;
      }

      @Override
      public double[][] allGather(double[] values) {
        return exchange.allGather(values);
      }
    };
  }

  private static void assertRefused(
      BatchNorm norm, Tensor x, Class<? extends Throwable> type, String message) {
    Map<String, Tensor> before = norm.state();
    Tensor out = Tensor.full(x.shape(), 7);
    assertThat(catchThrowable(() -> norm.forward(x, out))).isInstanceOf(type).hasMessage(message);
    assertUnwritten(norm, out, before);
  }

  private static void assertUnwritten(BatchNorm norm, Tensor out, Map<String, Tensor> before) {
    TensorBits.assertSameBits("state", norm.state(), before);
    TensorBits.assertSameBits("out", out, Tensor.full(out.shape(), 7));
    for (Parameter parameter : norm.parameters()) {
      assertThat(parameter.gradient().toArray()).containsOnly(0f);
    }
  }

  private static Outcome one(Split split, Tensor[] inputs) {
    return steps(split.builder().build(), split, inputs);
  }

  private static Outcome[] replicas(
      Split split, Tensor[] inputs, UnaryOperator<BatchNorm.Builder> option) {
    Outcome[] outcomes = new Outcome[split.parts().length];
    ReplicaGroup.run(
        outcomes.length,
        LONG,
        collective -> {
          int rank = collective.rank();
          Tensor[] parts =
              Stream.of(inputs).map(input -> split.part(input, rank)).toArray(Tensor[]::new);
          BatchNorm.Builder builder = split.builder().synchronize(collective);
          outcomes[rank] = steps(option.apply(builder).build(), split, parts);
        });
    return outcomes;
  }

  /** Two steps; the outcome is that of the second, its gradients of the parameters alone. */
  private static Outcome steps(BatchNorm norm, Split split, Tensor[] inputs) {
    for (int i = 0; i < 2; i++) {
      System.arraycopy(
          parameters(split)[i], 0, norm.parameters().get(i).value().array(), 0, split.channels());
    }
    norm.forward(inputs[0]);
    norm.backward(inputs[1]);
    norm.zeroGrad();
    Tensor y = norm.forward(inputs[2]);
    Tensor dx = norm.backward(inputs[3]);
    Tensor[] gradients = norm.parameters().stream().map(Parameter::gradient).toArray(Tensor[]::new);
    return new Outcome(y, dx, norm.state(), gradients);
  }

  private static float[][] parameters(Split split) {
    RandomGenerator random = Seeds.random(Seeds.seed(1));
    float[][] parameters = new float[2][split.channels()];
    for (float[] values : parameters) {
      for (int c = 0; c < values.length; c++) {
        values[c] = (float) random.nextGaussian();
      }
    }
    return parameters;
  }

  /** The inputs and gradients of two steps. */
  private static Tensor[] inputs(Split split, float mean) {
    RandomGenerator random = Seeds.random(Seeds.seed(0));
    Tensor[] inputs = new Tensor[4];
    for (int i = 0; i < 4; i++) {
      inputs[i] = Tensor.zeros(split.shape(split.samples()));
      for (int j = 0; j < inputs[i].array().length; j++) {
        inputs[i].array()[j] = (float) ((i % 2 == 0 ? mean : 0) + random.nextGaussian());
      }
    }
    return inputs;
  }

  private static float[] join(Split split, Outcome[] replicas, Function<Outcome, Tensor> tensor) {
    float[] all = new float[split.shape(split.samples()).size()];
    int at = 0;
    for (Outcome replica : replicas) {
      float[] part = tensor.apply(replica).toArray();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static double[] doubles(Tensor tensor) {
    return doubles(tensor.toArray());
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
