package io.github.normkit;

import static io.github.normkit.Layout.CHANNELS_LAST;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A layer with a mask, and what the mask means: the set and the parameter of each element, and
 * whether it counts.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MaskedCase(
    String name,
    long seed,
    NormBuilder<?> builder,
    Shape shape,
    Mask mask,
    boolean centered,
    int[] sets,
    int[] parameters,
    boolean[] counted) {

  static final double EPSILON = 1e-3;

  private static final int KINDS = 8;

  static Stream<MaskedCase> random(int each) {
    return IntStream.range(0, KINDS * each).mapToObj(i -> of(i % KINDS, Seeds.seed(i)));
  }

  /** One of each kind: five with channels, in a random layout, three with rows. */
  private static MaskedCase of(int kind, long seed) {
    RandomGenerator random = Seeds.random(seed);
    int n = random.nextInt(1, 6);
    int c = 2 * random.nextInt(1, 5);
    int h = random.nextInt(1, 4);
    int w = random.nextInt(2, 40);
    Layout layout = random.nextInt(2) == 0 ? Layout.CHANNELS_FIRST : CHANNELS_LAST;
    return switch (kind) {
      case 0 -> channels("BatchNorm", seed, layout, n, c, h, w);
      case 1 -> channels("GroupNorm", seed, layout, n, c, h, w);
      case 2 -> channels("InstanceNorm", seed, layout, n, c, h, w);
      case 3 -> channels("BatchNorm", seed, layout, n + w, c, 0, 0);
      case 4 -> channels("GroupNorm", seed, layout, n + w, c, 0, 0);
      case 5 -> rows("LayerNorm", seed, Shape.of(n, h, w), 2, 1);
      case 6 -> rows("LayerNorm", seed, Shape.of(n, h, w, 3), 2 + random.nextInt(3), 3);
      default -> rows("RMSNorm", seed, Shape.of(n, h, w, 3), 1 + random.nextInt(4), 2);
    };
  }

  /** Images, or, without a height, features alone. */
  private static MaskedCase channels(
      String layer, long seed, Layout layout, int n, int c, int h, int w) {
    RandomGenerator random = Seeds.random(seed + 1);
    Shape positions = h == 0 ? Shape.of(n) : Shape.of(n, h, w);
    int spatial = h == 0 ? 1 : h * w;
    boolean last = layout == CHANNELS_LAST;
    Shape shape = h == 0 ? Shape.of(n, c) : last ? Shape.of(n, h, w, c) : Shape.of(n, c, h, w);
    Mask mask = mask(random, positions);
    IntUnaryOperator channel = i -> last ? i % c : i / spatial % c;
    IntUnaryOperator sample = i -> i / (c * spatial);
    IntUnaryOperator position =
        i -> sample.applyAsInt(i) * spatial + (last ? i / c % spatial : i % spatial);
    ChannelNormBuilder<?> builder =
        switch (layer) {
          case "BatchNorm" -> BatchNorm.builder(c);
          case "GroupNorm" -> GroupNorm.builder(2, c);
          default -> InstanceNorm.builder(c).affine(true).trackRunningStatistics(true);
        };
    IntUnaryOperator set =
        switch (layer) {
          case "BatchNorm" -> channel;
          case "GroupNorm" -> i -> 2 * sample.applyAsInt(i) + channel.applyAsInt(i) / (c / 2);
          default -> i -> c * sample.applyAsInt(i) + channel.applyAsInt(i);
        };
    builder.layout(layout).epsilon(EPSILON);
    return of(layer + " " + layout, seed, builder, shape, mask, true, set, channel, position);
  }

  /** The mask has the first dimensions, the layer normalizes the last ones. */
  private static MaskedCase rows(String layer, long seed, Shape shape, int masked, int normalized) {
    RandomGenerator random = Seeds.random(seed + 1);
    int rank = shape.rank();
    int[] dims = shape.toArray();
    Mask mask = mask(random, Shape.of(Arrays.copyOf(dims, masked)));
    int[] normalizedShape = Arrays.copyOfRange(dims, rank - normalized, rank);
    int cols = Shape.of(normalizedShape).size();
    int block = shape.size(masked, rank);
    boolean centered = layer.equals("LayerNorm");
    NormBuilder<?> builder =
        centered ? LayerNorm.builder(normalizedShape) : RMSNorm.builder(normalizedShape).bias(true);
    builder.epsilon(EPSILON);
    String name = layer + " over " + normalized;
    return of(
        name, seed, builder, shape, mask, centered, i -> i / cols, i -> i % cols, i -> i / block);
  }

  private static MaskedCase of(
      String name,
      long seed,
      NormBuilder<?> builder,
      Shape shape,
      Mask mask,
      boolean centered,
      IntUnaryOperator set,
      IntUnaryOperator parameter,
      IntUnaryOperator position) {
    boolean[] counted = new boolean[shape.size()];
    int[] sets = new int[shape.size()];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = mask.counts(index(mask.shape(), position.applyAsInt(i)));
      sets[i] = counted[i] ? set.applyAsInt(i) : -1;
    }
    int[] parameters = IntStream.range(0, counted.length).map(parameter).toArray();
    return new MaskedCase(name, seed, builder, shape, mask, centered, sets, parameters, counted);
  }

  private static int[] index(Shape shape, int position) {
    int[] index = new int[shape.rank()];
    int rest = position;
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = rest % shape.dim(i);
      rest /= shape.dim(i);
    }
    return index;
  }

  /** Positions at random, often or seldom, the second half of the samples padded at their ends. */
  private static Mask mask(RandomGenerator random, Shape shape) {
    boolean[] counted = new boolean[shape.size()];
    double share = 0.1 + 0.85 * random.nextDouble();
    int sample = shape.size(1, shape.rank());
    int length = random.nextInt(sample + 1);
    for (int i = 0; i < counted.length; i++) {
      boolean padded = i / sample >= shape.dim(0) / 2 && shape.rank() > 1;
      counted[i] = padded ? i % sample < length : random.nextDouble() < share;
    }
    // Two at least, for BatchNorm.
    counted[0] = true;
    counted[counted.length - 1] = true;
    return Mask.of(shape, counted);
  }

  SetsReference reference() {
    return new SetsReference(sets, parameters, centered, EPSILON);
  }

  /** A new layer with random weight and bias. */
  MaskedNormLayer layer() {
    MaskedNormLayer layer = (MaskedNormLayer) builder.build();
    RandomGenerator random = Seeds.random(seed + 2);
    for (Parameter parameter : layer.parameters()) {
      fill(parameter.value(), random, 0);
    }
    return layer;
  }

  /** A tensor with a value in the padding. */
  Tensor tensor(int number, double mean, float padding) {
    Tensor tensor = Tensor.wrap(new float[shape.size() + 3], 2, shape);
    fill(tensor, Seeds.random(seed + 3 + number), mean);
    for (int i = 0; i < counted.length; i++) {
      if (!counted[i]) {
        tensor.array()[2 + i] = padding;
      }
    }
    return tensor;
  }

  private static void fill(Tensor tensor, RandomGenerator random, double mean) {
    for (int i = 0; i < tensor.shape().size(); i++) {
      tensor.array()[tensor.offset() + i] = (float) (mean + random.nextGaussian());
    }
  }

  @Override
  public String toString() {
    return name + " " + shape + " " + mask + ", seed " + seed;
  }
}
