package io.github.normkit.experiments;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The 8x8 handwritten digits, and which of them are for training and which for testing. */
final class DigitsData {

  /** Rows and columns of an image. */
  static final int SIDE = 8;

  /** The digits 0 to 9. */
  static final int CLASSES = 10;

  private static final int PIXELS = SIDE * SIDE;
  private static final float BRIGHTEST = 16;
  private static final int TRAINING_IMAGES = 1440;
  private static final long SPLIT_SEED = 1;

  private final float[] pixels;
  private final int[] labels;
  private final int[] order;

  private DigitsData(float[] pixels, int[] labels) {
    this.pixels = pixels;
    this.labels = labels;
    this.order = IntStream.range(0, labels.length).toArray();
    shuffle(order, new Random(SPLIT_SEED));
  }

  /** Reads the images that come with this program. */
  static DigitsData load() {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                DigitsData.class.getResourceAsStream("digits.csv"), StandardCharsets.US_ASCII))) {
      lines = reader.lines().skip(1).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    float[] pixels = new float[lines.size() * PIXELS];
    int[] labels = new int[lines.size()];
    for (int row = 0; row < labels.length; row++) {
      String[] fields = lines.get(row).split(",", -1);
      for (int i = 0; i < PIXELS; i++) {
        pixels[row * PIXELS + i] = Integer.parseInt(fields[i]) / BRIGHTEST;
      }
      labels[row] = Integer.parseInt(fields[PIXELS]);
    }
    return new DigitsData(pixels, labels);
  }

  /** Puts the elements into random order (Fisher and Yates). */
  static void shuffle(int[] elements, Random random) {
    for (int i = elements.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int element = elements[i];
      elements[i] = elements[j];
      elements[j] = element;
    }
  }

  /** Returns the number of images. */
  int size() {
    return labels.length;
  }

  /** Returns the rows of the images to train on; always the same. */
  int[] trainingRows() {
    return Arrays.copyOf(order, TRAINING_IMAGES);
  }

  /** Returns the rows of the images to test on: all the others. */
  int[] testRows() {
    return Arrays.copyOfRange(order, TRAINING_IMAGES, order.length);
  }

  /** Returns the rows in the order of the digits on their images, else in their order. */
  int[] sortedByDigit(int[] rows) {
    return IntStream.of(rows)
        .boxed()
        .sorted(Comparator.comparingInt(row -> labels[row]))
        .mapToInt(row -> row)
        .toArray();
  }

  /** Returns the images of the rows, (N, 1, 8, 8), with pixels from 0 to 1. */
  Tensor images(int[] rows) {
    Tensor images = Tensor.zeros(Shape.of(rows.length, 1, SIDE, SIDE));
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(pixels, rows[i] * PIXELS, images.array(), i * PIXELS, PIXELS);
    }
    return images;
  }

  /** Returns the digits on the images of the rows. */
  int[] labels(int[] rows) {
    return IntStream.of(rows).map(row -> labels[row]).toArray();
  }

  /** Returns the share of the test images that a network, from images to scores, gets right. */
  double accuracy(UnaryOperator<Tensor> network) {
    return accuracy(testRows(), network);
  }

  /** Returns the share of the images of the rows that a network gets right. */
  double accuracy(int[] rows, UnaryOperator<Tensor> network) {
    int[] labels = labels(rows);
    Tensor scores = network.apply(images(rows));
    int right = 0;
    for (int i = 0; i < rows.length; i++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = scores.get(i, c) > scores.get(i, best) ? c : best;
      }
      right += best == labels[i] ? 1 : 0;
    }
    return (double) right / rows.length;
  }
}
