package io.github.normkit;

import java.util.Arrays;
import java.util.Objects;

/**
 * Which positions of a padded batch count: the tokens of sequences of different lengths, the pixels
 * of images of different sizes.
 *
 * <p>Its shape is that of the positions, {@code (N, L)} for sequences, {@code (N, H, W)} for
 * images: the input's without its channels. {@link MaskedNormLayer} says what layers do with it.
 * Immutable, and safe for use by many threads.
 *
 * <pre>{@code
 * Mask mask = Mask.lengths(5, 3, 5, 2);  // 3 sequences, padded at their ends to 5 tokens
 * Tensor y = norm.forward(x, mask);
 * }</pre>
 */
public final class Mask {

  private final Shape shape;
  private final boolean[] counted;
  private final int count;

  /** Takes over the array. */
  private Mask(Shape shape, boolean[] counted) {
    this.shape = shape;
    this.counted = counted;
    int n = 0;
    for (boolean counts : counted) {
      n += counts ? 1 : 0;
    }
    count = n;
  }

  /**
   * Returns the mask with the given positions.
   *
   * @param shape the shape of the positions, of one dimension at least
   * @param counted for each position, in row-major order, whether it counts; copied
   * @return the mask
   * @throws IllegalArgumentException if there is no dimension, or not a value for each position
   */
  public static Mask of(Shape shape, boolean... counted) {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(counted, "counted");
    if (shape.rank() == 0) {
      throw new IllegalArgumentException(
          "Mask: a mask needs a dimension: expected rank >= 1, got rank 0");
    }
    if (counted.length != shape.size()) {
      throw new IllegalArgumentException(
          "Mask: values must fill the shape: expected "
              + shape.size()
              + " for "
              + shape
              + ", got "
              + counted.length);
    }
    return new Mask(shape, counted.clone());
  }

  /**
   * Returns the mask of sequences that are padded at their ends, of shape {@code (N, maxLength)}.
   *
   * @param maxLength the number of positions of each, padding included
   * @param lengths for each sequence, how many of its positions count, the first ones; 0 for none
   * @return the mask
   * @throws IllegalArgumentException if a length is negative or more than {@code maxLength}
   */
  public static Mask lengths(int maxLength, int... lengths) {
    Objects.requireNonNull(lengths, "lengths");
    Shape shape = Shape.of(lengths.length, maxLength);
    boolean[] counted = new boolean[shape.size()];
    for (int i = 0; i < lengths.length; i++) {
      checkLength("lengths", i, lengths[i], maxLength);
      Arrays.fill(counted, i * maxLength, i * maxLength + lengths[i], true);
    }
    return new Mask(shape, counted);
  }

  /**
   * Returns the mask of images that are padded at the bottom and to the right, of shape {@code (N,
   * maxHeight, maxWidth)}.
   *
   * @param maxHeight the number of lines of each, padding included
   * @param maxWidth the number of columns of each, padding included
   * @param heights for each image, how many of its lines count, the first ones
   * @param widths for each image, how many of its columns count, the first ones
   * @return the mask
   * @throws IllegalArgumentException if there are not as many heights as widths, or one is negative
   *     or more than its maximum
   */
  public static Mask rectangles(int maxHeight, int maxWidth, int[] heights, int[] widths) {
    Objects.requireNonNull(heights, "heights");
    Objects.requireNonNull(widths, "widths");
    if (heights.length != widths.length) {
      throw new IllegalArgumentException(
          "Mask: there must be as many widths as heights: expected "
              + heights.length
              + ", got "
              + widths.length);
    }
    Shape shape = Shape.of(heights.length, maxHeight, maxWidth);
    boolean[] counted = new boolean[shape.size()];
    for (int i = 0; i < heights.length; i++) {
      checkLength("heights", i, heights[i], maxHeight);
      checkLength("widths", i, widths[i], maxWidth);
      for (int h = 0; h < heights[i]; h++) {
        int line = (i * maxHeight + h) * maxWidth;
        Arrays.fill(counted, line, line + widths[i], true);
      }
    }
    return new Mask(shape, counted);
  }

  private static void checkLength(String what, int i, int length, int max) {
    if (length < 0 || length > max) {
      throw new IllegalArgumentException(
          "Mask: " + what + " must lie in [0, " + max + "]: got " + length + " at index " + i);
    }
  }

  /**
   * Returns this mask with one more dimension, along which it repeats: {@code expand(1, C)} makes
   * of {@code (N, H, W)} the mask of all elements of a tensor {@code (N, C, H, W)}, which a
   * LayerNorm over {@code (C, H, W)} takes.
   *
   * @param axis where the new dimension stands, from 0 to the rank
   * @param size the size of the new dimension
   * @return the mask
   * @throws IllegalArgumentException if the axis or the size is out of range
   */
  public Mask expand(int axis, int size) {
    int rank = shape.rank();
    if (axis < 0 || axis > rank) {
      throw new IllegalArgumentException(
          "Mask: a new axis must lie in [0, " + rank + "]: got " + axis + " for " + shape);
    }
    int[] dims = new int[rank + 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i == axis ? size : shape.dim(i < axis ? i : i - 1);
    }
    Shape expanded = Shape.of(dims);
    boolean[] repeated = new boolean[expanded.size()];
    int inner = shape.size(axis, rank);
    for (int to = 0; to < repeated.length; to += inner) {
      System.arraycopy(counted, to / inner / size * inner, repeated, to, inner);
    }
    return new Mask(expanded, repeated);
  }

  /**
   * Returns the shape.
   *
   * @return the shape of the positions
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns how many positions count.
   *
   * @return their number, 0 if none does
   */
  public int count() {
    return count;
  }

  /**
   * Returns whether a position counts.
   *
   * @param index one index for each dimension
   * @return true if it counts, false if it is padding
   * @throws IllegalArgumentException if the number of indices is not the rank
   * @throws IndexOutOfBoundsException if an index is outside its dimension
   */
  public boolean counts(int... index) {
    return counted[shape.position("Mask", index)];
  }

  /**
   * The first position, from one on, that counts, or does not, of a sample of so many; their number
   * if there is none.
   */
  int first(boolean counts, int sample, int from, int positions) {
    int i = from;
    while (i < positions && counted[sample * positions + i] != counts) {
      i++;
    }
    return i;
  }

  /** Whether all positions count. */
  boolean isFull() {
    return count == counted.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask
        && shape.equals(mask.shape)
        && Arrays.equals(counted, mask.counted);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(counted);
  }

  /** Returns the shape and how many positions count, as in {@code Mask[3, 5] with 10 of 15}. */
  @Override
  public String toString() {
    return "Mask" + shape + " with " + count + " of " + counted.length;
  }
}
