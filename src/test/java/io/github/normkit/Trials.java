package io.github.normkit;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws layers: each kind, all options, sizes on and off the blocks of the kernels. */
final class Trials {

  private static final double[] EPSILONS = {1e-3, 1e-5, 1e-6, 1e-12};
  private static final int[] CHANNELS = {1, 1, 2, 3, 4, 6, 7, 8, 12, 16, 17, 32, 33, 64, 65, 130};
  private static final int[] DIMS = {1, 1, 2, 3, 5, 7, 8, 11, 16, 17};
  private static final int[] LENGTHS = {1, 2, 3, 7, 15, 16, 17, 49, 63, 64, 65, 100, 127, 130, 207};
  private static final int LARGEST_SMALL = 20_000;

  private interface Kind {
    Trial draw(long seed, int atLeast);
  }

  private Trials() {}

  /** So many trials of each layer, with inputs of at least so many elements if that is not 0. */
  static Stream<Trial> ofEachLayer(int count, int atLeast) {
    List<Kind> kinds =
        List.of(
            Trials::batchNorm,
            Trials::layerNorm,
            Trials::groupNorm,
            Trials::instanceNorm,
            Trials::rmsNorm);
    return kinds.stream()
        .flatMap(
            kind -> IntStream.range(0, count).mapToObj(i -> kind.draw(Seeds.seed(i), atLeast)));
  }

  private static Trial batchNorm(long seed, int atLeast) {
    RandomGenerator random = Seeds.random(seed);
    int channels = pick(random, CHANNELS);
    int rank = random.nextInt(2, 6);
    Options options = Options.draw(random);
    RunningOptions running = RunningOptions.draw(random, true).with(options.convention());
    double epsilon = options.epsilon(Convention::batchEpsilon);
    return new Trial(
        "BatchNorm(" + channels + ") rank " + rank + " " + options + " " + running,
        seed,
        false,
        pool -> {
          BatchNorm.Builder builder = BatchNorm.builder(channels).frozen(running.frozen());
          setRunning(builder, running, options);
          builder.layout(options.layout()).rank(options.ranks(rank));
          return build(builder, options, pool);
        },
        () -> new RunningOracle(false, channels, options.layout(), epsilon, running),
        (from, batchStatistics) ->
            image(from, channels, rank, options.layout(), batchStatistics ? 2 : 1, 1, atLeast));
  }

  private static Trial instanceNorm(long seed, int atLeast) {
    RandomGenerator random = Seeds.random(seed);
    int channels = pick(random, CHANNELS);
    int rank = random.nextInt(3, 6);
    Options options = Options.draw(random);
    RunningOptions running = RunningOptions.draw(random, false).with(options.convention());
    double epsilon = options.epsilon(Convention::epsilon);
    return new Trial(
        "InstanceNorm(" + channels + ") rank " + rank + " " + options + " " + running,
        seed,
        false,
        pool -> {
          InstanceNorm.Builder builder = InstanceNorm.builder(channels);
          setRunning(builder, running, options);
          builder.layout(options.layout()).rank(options.ranks(rank));
          return build(builder, options, pool);
        },
        () -> new RunningOracle(true, channels, options.layout(), epsilon, running),
        (from, batchStatistics) ->
            image(from, channels, rank, options.layout(), 1, batchStatistics ? 2 : 1, atLeast));
  }

  private static Trial groupNorm(long seed, int atLeast) {
    RandomGenerator random = Seeds.random(seed);
    int channels = pick(random, CHANNELS);
    int groups = divisor(random, channels);
    int rank = random.nextInt(2, 6);
    Options options = Options.draw(random);
    double epsilon = options.epsilon(Convention::epsilon);
    return new Trial(
        "GroupNorm(" + groups + ", " + channels + ") rank " + rank + " " + options,
        seed,
        false,
        pool -> {
          GroupNorm.Builder builder = GroupNorm.builder(groups, channels);
          builder.layout(options.layout()).rank(options.ranks(rank));
          return build(builder, options, pool);
        },
        () -> new GroupOracle(groups, channels, options.layout(), epsilon),
        // A single sample with one value in each group is refused.
        (from, batchStatistics) ->
            image(from, channels, rank, options.layout(), groups == channels ? 2 : 1, 1, atLeast));
  }

  private static Trial layerNorm(long seed, int atLeast) {
    RandomGenerator random = Seeds.random(seed);
    int[] normalized = normalizedShape(random);
    boolean zeroCentered = random.nextBoolean();
    Options options = Options.draw(random);
    double epsilon = options.epsilon(Convention::epsilon);
    return new Trial(
        "LayerNorm(" + Shape.of(normalized) + ") zeroCentered=" + zeroCentered + " " + options,
        seed,
        zeroCentered,
        pool -> build(LayerNorm.builder(normalized).zeroCentered(zeroCentered), options, pool),
        () -> new RowOracle(true, Shape.of(normalized).size(), epsilon),
        (from, batchStatistics) -> rows(from, normalized, atLeast));
  }

  private static Trial rmsNorm(long seed, int atLeast) {
    RandomGenerator random = Seeds.random(seed);
    int[] normalized = normalizedShape(random);
    boolean zeroCentered = random.nextBoolean();
    Options options = Options.draw(random);
    double epsilon = options.epsilon(Convention::rmsEpsilon);
    return new Trial(
        "RMSNorm(" + Shape.of(normalized) + ") zeroCentered=" + zeroCentered + " " + options,
        seed,
        zeroCentered,
        pool -> build(RMSNorm.builder(normalized).zeroCentered(zeroCentered), options, pool),
        () -> new RowOracle(false, Shape.of(normalized).size(), epsilon),
        (from, batchStatistics) -> rows(from, normalized, atLeast));
  }

  private static void setRunning(
      RunningNormBuilder<?> builder, RunningOptions running, Options options) {
    builder.trackRunningStatistics(running.track());
    if (options.convention() != null) {
      return;
    }
    builder.unbiasedVariance(running.unbiased());
    if (running.cumulative()) {
      builder.cumulativeAverage();
    } else {
      builder.momentum(running.momentum());
    }
  }

  private static NormLayer build(NormBuilder<?> builder, Options options, ForkJoinPool pool) {
    builder.weight(options.weight()).bias(options.bias());
    if (options.convention() != null) {
      builder.convention(options.convention());
    } else {
      builder.epsilon(options.drawnEpsilon());
    }
    if (pool != null) {
      builder.parallel(pool);
    }
    return builder.build();
  }

  /** The options all layers share; a convention, unless null, decides what it covers. */
  private record Options(
      boolean weight,
      boolean bias,
      Layout layout,
      boolean restrictsRank,
      double drawnEpsilon,
      Convention convention) {

    static Options draw(RandomGenerator random) {
      return new Options(
          random.nextInt(4) > 0,
          random.nextInt(4) > 0,
          random.nextBoolean() ? Layout.CHANNELS_FIRST : Layout.CHANNELS_LAST,
          random.nextBoolean(),
          EPSILONS[random.nextInt(EPSILONS.length)],
          random.nextInt(4) == 0
              ? List.of(Convention.values()).get(random.nextInt(Convention.values().length))
              : null);
    }

    /** The ranks to accept: this one alone, or all. */
    int[] ranks(int rank) {
      return restrictsRank ? new int[] {rank} : new int[0];
    }

    double epsilon(ToDoubleFunction<Convention> of) {
      return convention == null ? drawnEpsilon : of.applyAsDouble(convention);
    }
  }

  private static Shape rows(RandomGenerator random, int[] normalized, int atLeast) {
    int cols = Shape.of(normalized).size();
    int[] leading = new int[random.nextInt(atLeast == 0 ? 0 : 1, 3)];
    Arrays.setAll(leading, i -> random.nextInt(1, 8));
    if (leading.length > 0) {
      leading[0] =
          firstDim(random, leading[0], cols * Shape.of(leading).size(1, leading.length), atLeast);
    }
    int[] dims = Arrays.copyOf(leading, leading.length + normalized.length);
    System.arraycopy(normalized, 0, dims, leading.length, normalized.length);
    return Shape.of(dims);
  }

  private static Shape image(
      RandomGenerator random,
      int channels,
      int rank,
      Layout layout,
      int leastValues,
      int leastPlaces,
      int atLeast) {
    int[] spatial = new int[rank - 2];
    int n;
    int places;
    do {
      n = random.nextInt(1, 10);
      Arrays.setAll(spatial, i -> pick(random, DIMS));
      places = Shape.of(spatial).size();
    } while (places < leastPlaces
        || n * places < leastValues
        || n * places * channels > LARGEST_SMALL);
    n = firstDim(random, n, channels * places, atLeast);
    int[] dims = new int[rank];
    dims[0] = n;
    dims[layout == Layout.CHANNELS_FIRST ? 1 : rank - 1] = channels;
    System.arraycopy(spatial, 0, dims, layout == Layout.CHANNELS_FIRST ? 2 : 1, rank - 2);
    return Shape.of(dims);
  }

  /** As drawn, as large as it takes or, of small shapes, now and then an empty batch. */
  private static int firstDim(RandomGenerator random, int drawn, int rest, int atLeast) {
    if (atLeast > 0) {
      return Math.max(drawn, (atLeast + rest - 1) / rest);
    }
    return random.nextInt(25) == 0 ? 0 : drawn;
  }

  private static int[] normalizedShape(RandomGenerator random) {
    int[] dims = new int[random.nextInt(1, 4)];
    if (dims.length == 1) {
      dims[0] = pick(random, LENGTHS) * (random.nextInt(6) == 0 ? 31 : 1);
    } else {
      Arrays.setAll(dims, i -> pick(random, DIMS));
    }
    return dims;
  }

  private static int divisor(RandomGenerator random, int channels) {
    int[] divisors = IntStream.rangeClosed(1, channels).filter(d -> channels % d == 0).toArray();
    return pick(random, divisors);
  }

  private static int pick(RandomGenerator random, int[] values) {
    return values[random.nextInt(values.length)];
  }
}
