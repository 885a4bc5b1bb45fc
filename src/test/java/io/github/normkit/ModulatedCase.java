package io.github.normkit;

import static io.github.normkit.Layout.CHANNELS_LAST;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A layer to modulate, and what that means: the set of each element and its weight's index. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ModulatedCase(
    String name,
    long seed,
    NormBuilder<?> builder,
    Shape shape,
    Shape parameterShape,
    boolean zeroCentered,
    boolean centered,
    int[] sets,
    int[] parameters) {

  static final double EPSILON = 1e-3;

  private static final int KINDS = 6;

  static Stream<ModulatedCase> random(int each) {
    return IntStream.range(0, KINDS * each).mapToObj(i -> of(i % KINDS, Seeds.seed(i)));
  }

  private static ModulatedCase of(int kind, long seed) {
    RandomGenerator random = Seeds.random(seed);
    int n = random.nextInt(2, 5);
    int c = 2 * random.nextInt(1, 5);
    int spatial = random.nextInt(2, 40);
    Layout layout = random.nextInt(2) == 0 ? Layout.CHANNELS_FIRST : CHANNELS_LAST;
    boolean rows = random.nextBoolean();
    return switch (kind) {
      case 0 -> rows(true, seed, Shape.of(n, 3, spatial), rows ? 1 : 2);
      case 1 -> rows(false, seed, Shape.of(n, 3, spatial), rows ? 1 : 2);
      case 2 -> channels(BatchNorm.builder(c), seed, layout, n, c, rows ? 1 : spatial);
      case 3 -> channels(GroupNorm.builder(2, c), seed, layout, n, c, rows ? 1 : spatial);
      case 4 -> channels(InstanceNorm.builder(c), seed, layout, n, c, spatial);
      default -> {
        InstanceNorm.Builder tracking = InstanceNorm.builder(c).trackRunningStatistics(true);
        yield channels(tracking, seed, layout, n, c, spatial);
      }
    };
  }

  private static ModulatedCase rows(boolean centered, long seed, Shape shape, int normalized) {
    int[] dims = shape.toArray();
    int[] normalizedShape = Arrays.copyOfRange(dims, 3 - normalized, 3);
    int cols = Shape.of(normalizedShape).size();
    int sample = shape.size(1, 3);
    int[] parameterShape = new int[normalized + 1];
    parameterShape[0] = dims[0];
    System.arraycopy(normalizedShape, 0, parameterShape, 1, normalized);
    NormBuilder<?> builder =
        centered ? LayerNorm.builder(normalizedShape) : RMSNorm.builder(normalizedShape);
    return of(
        centered ? "LayerNorm" : "RMSNorm",
        seed,
        builder,
        shape,
        Shape.of(parameterShape),
        centered,
        i -> i / cols,
        i -> i / sample * cols + i % cols);
  }

  /** With one position the input has no spatial dimension. */
  private static ModulatedCase channels(
      ChannelNormBuilder<?> builder, long seed, Layout layout, int n, int c, int spatial) {
    boolean last = layout == CHANNELS_LAST;
    Shape positions = last ? Shape.of(n, spatial, c) : Shape.of(n, c, spatial);
    IntUnaryOperator channel = i -> last ? i % c : i / spatial % c;
    IntUnaryOperator sample = i -> i / (c * spatial);
    String name = builder.getClass().getEnclosingClass().getSimpleName();
    IntUnaryOperator set =
        switch (name) {
          case "BatchNorm" -> channel;
          case "GroupNorm" -> i -> 2 * sample.applyAsInt(i) + channel.applyAsInt(i) / (c / 2);
          default -> i -> c * sample.applyAsInt(i) + channel.applyAsInt(i);
        };
    return of(
        name + " " + layout,
        seed,
        builder.layout(layout),
        spatial == 1 ? Shape.of(n, c) : positions,
        Shape.of(n, c),
        true,
        set,
        i -> sample.applyAsInt(i) * c + channel.applyAsInt(i));
  }

  private static ModulatedCase of(
      String name,
      long seed,
      NormBuilder<?> builder,
      Shape shape,
      Shape parameterShape,
      boolean centered,
      IntUnaryOperator set,
      IntUnaryOperator parameter) {
    builder.affine(false).epsilon(EPSILON);
    int size = shape.size();
    return new ModulatedCase(
        name,
        seed,
        builder,
        shape,
        parameterShape,
        seed % 2 == 0,
        centered,
        IntStream.range(0, size).map(set).toArray(),
        IntStream.range(0, size).map(parameter).toArray());
  }

  SetsReference reference() {
    return new SetsReference(sets, parameters, centered, EPSILON);
  }

  ModulatedNorm norm() {
    return new ModulatedNorm(builder.build(), zeroCentered);
  }

  Tensor tensor(int number, Shape shape, double mean) {
    RandomGenerator random = Seeds.random(seed + 100 + number);
    Tensor tensor = Tensor.wrap(new float[shape.size() + 3], 2, shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.array()[2 + i] = (float) (mean + random.nextGaussian());
    }
    return tensor;
  }

  @Override
  public String toString() {
    return name + " " + shape + ", seed " + seed;
  }
}
