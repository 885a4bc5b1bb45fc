package io.github.normkit;

import java.util.Arrays;
import java.util.Objects;

/**
 * The immutable dimensions of a {@link Tensor}.
 *
 * <p>A dimension of 0 is legal (an empty batch), a negative one is not. The number of elements, the
 * product of the dimensions, fits an {@code int}. A shape without dimensions is that of a scalar
 * and has one element. Safe for use by many threads.
 */
public final class Shape {

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    this.size = size(0, dims.length);
  }

  /**
   * Returns the shape with the given dimensions, outermost first.
   *
   * @param dims the dimensions; copied
   * @return the shape
   * @throws IllegalArgumentException if a dimension is negative or the number of elements exceeds
   *     {@link Integer#MAX_VALUE}
   */
  public static Shape of(int... dims) {
    Objects.requireNonNull(dims, "dims");
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "Shape: dimensions must not be negative: got " + dim + " in " + Arrays.toString(dims));
      }
    }
    if (!fitsInt(dims)) {
      throw new IllegalArgumentException(
          "Shape: the number of elements must fit an int: got "
              + Arrays.toString(dims)
              + ", limit "
              + Integer.MAX_VALUE);
    }
    return new Shape(dims.clone());
  }

  /** Whether the product of dimensions, none of them negative, fits an int. */
  static boolean fitsInt(int... dims) {
    long size = 1;
    for (int dim : dims) {
      if (dim == 0) {
        return true;
      }
    }
    for (int dim : dims) {
      size *= dim;
      if (size > Integer.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the number of dimensions.
   *
   * @return the rank, 0 for a scalar
   */
  public int rank() {
    return dims.length;
  }

  /**
   * Returns one dimension.
   *
   * @param i its index; a negative one counts from the end, so that -1 is the innermost
   * @return the dimension
   * @throws IllegalArgumentException if there is no such dimension
   */
  public int dim(int i) {
    int index = i < 0 ? i + dims.length : i;
    if (index < 0 || index >= dims.length) {
      throw new IllegalArgumentException(
          "Shape: a dimension's index must be at least -rank and less than rank: got "
              + i
              + ", rank "
              + dims.length
              + " of "
              + this);
    }
    return dims[index];
  }

  /**
   * Returns the number of elements.
   *
   * @return the product of the dimensions
   */
  public int size() {
    return size;
  }

  /** The product of the dimensions from index {@code from} to {@code to}, exclusive. */
  int size(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** The place of an element in row-major order; errors are those of {@code owner}. */
  int position(String owner, int... index) {
    if (index.length != dims.length) {
      throw new IllegalArgumentException(
          owner
              + ": there must be one index for each dimension: expected "
              + dims.length
              + " for "
              + this
              + ", got "
              + index.length);
    }
    int position = 0;
    for (int i = 0; i < dims.length; i++) {
      position = position * dims[i] + Objects.checkIndex(index[i], dims[i]);
    }
    return position;
  }

  /**
   * Returns the dimensions.
   *
   * @return a copy, outermost first
   */
  public int[] toArray() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** Returns the dimensions as in {@code [32, 64, 56, 56]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
