package io.github.normkit.throughput;

import io.github.normkit.Layout;
import io.github.normkit.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is computed: an operation on a shape, with its inputs and the results they must give.
 *
 * <p>The inputs have fixed seeds; each call of their methods makes a new array.
 *
 * @param operation the operation
 * @param shape rows x columns, or N x C and any spatial dimensions, in this order whatever the
 *     layout
 * @param channelsLast whether the elements stand in the order N, spatial, C
 */
public record Case(Operation operation, Shape shape, boolean channelsLast) implements Checked {

  /** ε of all layers. */
  public static final double EPSILON = 1e-5;

  /** The weight of the new batch in BatchNorm's running statistics. */
  public static final double MOMENTUM = 0.1;

  /** The number of groups of GroupNorm. */
  public static final int GROUPS = 32;

  private static final List<String> ROWS =
      List.of("1x4096", "32x128", "128x768", "4096x64", "512x1024", "2048x4096", "4096x8192");
  private static final List<String> IMAGES = List.of("32x64x56x56", "8x256x14x14", "32x512x7x7");
  private static final String FEATURES = "256x1024";

  /** Checks that the operation takes the shape. */
  public Case {
    if (operation.isRows() ? shape.rank() != 2 : shape.rank() < 2) {
      throw invalid(
          operation,
          "shape must be " + (operation.isRows() ? "rows x columns" : "N x C x ..."),
          shape);
    }
    if (channelsLast && (operation.isRows() || shape.rank() == 2)) {
      throw invalid(operation, "channels last must have spatial dimensions", shape);
    }
    if (operation.layer() == Operation.Layer.GROUP && shape.dim(1) % GROUPS != 0) {
      throw invalid(operation, "channels must be divisible by " + GROUPS, shape);
    }
  }

  private static IllegalArgumentException invalid(Operation operation, String rule, Shape shape) {
    return new IllegalArgumentException(operation + ": " + rule + ": got " + text(shape));
  }

  /** Returns every operation on each of its shapes, images in both layouts. */
  public static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      for (String shape : operation.isRows() ? ROWS : IMAGES) {
        all.add(new Case(operation, shape(shape), false));
      }
      if (operation.layer() == Operation.Layer.BATCH) {
        all.add(new Case(operation, shape(FEATURES), false));
      }
      if (!operation.isRows()) {
        IMAGES.forEach(shape -> all.add(new Case(operation, shape(shape), true)));
      }
    }
    return List.copyOf(all);
  }

  /**
   * Reads a case as {@link #toString} writes it: {@code "LAYER_FORWARD 128x768"}, {@code
   * "BATCH_TRAIN 32x64x56x56 channels-last"}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Case parse(String text) {
    String[] words = text.trim().split("\\s+", -1);
    boolean last = words.length == 3 && words[2].equals(NormBenchmark.CHANNELS_LAST);
    if (words.length != 2 && !last) {
      throw new IllegalArgumentException(
          "case must be an operation, a shape and perhaps "
              + NormBenchmark.CHANNELS_LAST
              + ": got \""
              + text
              + '"');
    }
    return new Case(operation(words[0]), shape(words[1]), last);
  }

  private static Operation operation(String text) {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "operation must be one of "
                        + Arrays.toString(Operation.values())
                        + ": got "
                        + text));
  }

  static Shape shape(String text) {
    try {
      return Shape.of(Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "shape must be whole numbers between x, as in 128x768: got " + text, e);
    }
  }

  private static String text(Shape shape) {
    return IntStream.of(shape.toArray()).mapToObj(String::valueOf).collect(Collectors.joining("x"));
  }

  /** Returns the shape as text, {@code 128x768}. */
  public String shapeText() {
    return text(shape);
  }

  @Override
  public String toString() {
    return operation + " " + shapeText() + (channelsLast ? " " + NormBenchmark.CHANNELS_LAST : "");
  }

  /** Returns the number of elements. */
  public int size() {
    return shape.size();
  }

  /** Returns the first dimension: rows, or samples. */
  public int n() {
    return shape.dim(0);
  }

  /** Returns the second dimension: columns, or channels. The weight has as many elements. */
  public int channels() {
    return shape.dim(1);
  }

  /** Returns the number of spatial positions, 1 if there are no spatial dimensions. */
  public int spatial() {
    return IntStream.range(2, shape.rank()).map(shape::dim).reduce(1, (a, b) -> a * b);
  }

  /** Returns where the channels stand. */
  public Layout layout() {
    return channelsLast ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
  }

  /** Returns the shape in the order of the elements: with channels last N, spatial, C. */
  public Shape storedShape() {
    if (!channelsLast) {
      return shape;
    }
    int[] dims = shape.toArray();
    System.arraycopy(dims, 2, dims, 1, dims.length - 2);
    dims[dims.length - 1] = channels();
    return Shape.of(dims);
  }

  /** Returns the bytes that must move, those of weight, bias and statistics not counted. */
  public long bytes() {
    return (long) size() * operation.bytesPerElement();
  }

  /**
   * Returns whether input and output go beyond an L2 cache of some MiB, and are in long runs: from
   * 512 x 1024 elements on, but for planes of 7 x 7.
   */
  public boolean isBeyondL2() {
    return size() >= 512 * 1024 && (spatial() == 1 || spatial() > 49);
  }

  /** Returns the input. */
  public float[] x() {
    return gaussian(1, size(), 0.3, 1.5);
  }

  /** Returns what is added to the input, for ADD_RMS_FORWARD. */
  public float[] residual() {
    return gaussian(7, size(), -0.2, 1);
  }

  /** Returns the gradient by the output. */
  public float[] dy() {
    return gaussian(2, size(), 0.1, 1);
  }

  /** Returns the weight γ, of a column or a channel each. */
  public float[] weight() {
    return gaussian(3, channels(), 1, 0.3);
  }

  /** Returns the bias β, of a column or a channel each; empty where the operation has none. */
  public float[] bias() {
    return gaussian(4, operation.hasBias() ? channels() : 0, 0, 0.3);
  }

  /** Returns the running mean of each channel, for BATCH_INFER. */
  public float[] runningMean() {
    return gaussian(5, channels(), 0.3, 0.1);
  }

  /** Returns the running variance of each channel, for BATCH_INFER. */
  public float[] runningVariance() {
    float[] variance = gaussian(6, channels(), 0, 0.5);
    for (int i = 0; i < variance.length; i++) {
      variance[i] = 1 + variance[i] * variance[i];
    }
    return variance;
  }

  /** Returns normally distributed numbers. */
  static float[] gaussian(long seed, int size, double mean, double deviation) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian(mean, deviation);
    }
    return values;
  }

  /**
   * Returns the results in float64: {@link Call#OUTPUT} and, where there is a residual, {@link
   * Call#SUM}; or {@link Call#GRAD_INPUT}, {@link Call#GRAD_WEIGHT} and, where there is a bias,
   * {@link Call#GRAD_BIAS}.
   */
  @Override
  public Map<String, double[]> expected() {
    return Expected.of(this);
  }
}
