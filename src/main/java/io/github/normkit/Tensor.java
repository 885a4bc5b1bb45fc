package io.github.normkit;

import java.util.Arrays;
import java.util.Objects;

/**
 * A {@link Shape} over a contiguous row-major stretch of a {@code float[]}.
 *
 * <p>{@link #wrap} shares the caller's array, {@link #of} copies it; {@link #reshape} and {@link
 * #slice} are views of the same storage. {@link #array} and {@link #offset} hand the storage to
 * code that wants speed. The shape is immutable, the elements are not: threads that write the same
 * elements have to agree among themselves.
 */
public final class Tensor {

  private final float[] array;
  private final int offset;
  private final Shape shape;

  private Tensor(float[] array, int offset, Shape shape) {
    this.array = array;
    this.offset = offset;
    this.shape = shape;
  }

  /**
   * Returns a tensor that holds a copy of the values.
   *
   * @param shape the shape
   * @param values the elements in row-major order; not modified
   * @return the tensor
   * @throws IllegalArgumentException if there are not as many values as the shape has elements
   */
  public static Tensor of(Shape shape, float... values) {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(values, "values");
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "Tensor: values must fill the shape: expected "
              + shape.size()
              + " for "
              + shape
              + ", got "
              + values.length);
    }
    return new Tensor(values.clone(), 0, shape);
  }

  /**
   * Returns a tensor over the whole array, which is shared.
   *
   * @param array the storage
   * @param shape the shape; its size is the array's length
   * @return the tensor
   * @throws IllegalArgumentException if the array is longer or shorter than the shape
   */
  public static Tensor wrap(float[] array, Shape shape) {
    Objects.requireNonNull(array, "array");
    Objects.requireNonNull(shape, "shape");
    if (array.length != shape.size()) {
      throw new IllegalArgumentException(
          "Tensor: the array must fill the shape: expected "
              + shape.size()
              + " for "
              + shape
              + ", got "
              + array.length);
    }
    return new Tensor(array, 0, shape);
  }

  /**
   * Returns a tensor over a stretch of the array, which is shared.
   *
   * @param array the storage
   * @param offset the index of the first element
   * @param shape the shape
   * @return the tensor
   * @throws IllegalArgumentException if the stretch does not lie inside the array
   */
  public static Tensor wrap(float[] array, int offset, Shape shape) {
    Objects.requireNonNull(array, "array");
    Objects.requireNonNull(shape, "shape");
    if (offset < 0 || offset > array.length - shape.size()) {
      throw new IllegalArgumentException(
          "Tensor: the stretch must lie inside the array: got offset="
              + offset
              + " and "
              + shape.size()
              + " elements for "
              + shape
              + " in an array of "
              + array.length);
    }
    return new Tensor(array, offset, shape);
  }

  /**
   * Returns a new tensor of zeros.
   *
   * @param shape the shape
   * @return the tensor
   */
  public static Tensor zeros(Shape shape) {
    Objects.requireNonNull(shape, "shape");
    return new Tensor(new float[shape.size()], 0, shape);
  }

  /**
   * Returns a new tensor of ones.
   *
   * @param shape the shape
   * @return the tensor
   */
  public static Tensor ones(Shape shape) {
    return full(shape, 1);
  }

  /**
   * Returns a new tensor with all elements equal.
   *
   * @param shape the shape
   * @param value the value of each element
   * @return the tensor
   */
  public static Tensor full(Shape shape, float value) {
    Tensor tensor = zeros(shape);
    Arrays.fill(tensor.array, value);
    return tensor;
  }

  /**
   * Returns the shape.
   *
   * @return the shape
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns the storage, shared: element {@code i} in row-major order is {@code array()[offset() +
   * i]}.
   *
   * @return the array, which may hold more than this tensor
   */
  public float[] array() {
    return array;
  }

  /**
   * Returns the index of the first element in {@link #array}.
   *
   * @return the offset in elements
   */
  public int offset() {
    return offset;
  }

  /**
   * Returns one element.
   *
   * @param index one index for each dimension
   * @return its value
   * @throws IllegalArgumentException if the number of indices is not the rank
   * @throws IndexOutOfBoundsException if an index is outside its dimension
   */
  public float get(int... index) {
    return array[position(index)];
  }

  /**
   * Sets one element.
   *
   * @param value the new value
   * @param index one index for each dimension
   * @throws IllegalArgumentException if the number of indices is not the rank
   * @throws IndexOutOfBoundsException if an index is outside its dimension
   */
  public void set(float value, int... index) {
    array[position(index)] = value;
  }

  private int position(int[] index) {
    return offset + shape.position("Tensor", index);
  }

  /**
   * Returns the same elements under another shape, as a view.
   *
   * @param other the new shape
   * @return the view
   * @throws IllegalArgumentException if the number of elements differs
   */
  public Tensor reshape(Shape other) {
    Objects.requireNonNull(other, "other");
    if (other.size() != shape.size()) {
      throw new IllegalArgumentException(
          "Tensor: reshape must keep the number of elements: expected "
              + shape.size()
              + " of "
              + shape
              + ", got "
              + other.size()
              + " of "
              + other);
    }
    return new Tensor(array, offset, other);
  }

  /**
   * Returns the stretch [from, to) along the first dimension, as a view.
   *
   * @param from the first index, inclusive
   * @param to the last index, exclusive
   * @return the view
   * @throws IllegalArgumentException if the tensor is a scalar or the stretch leaves the dimension
   */
  public Tensor slice(int from, int to) {
    if (shape.rank() == 0) {
      throw new IllegalArgumentException(
          "Tensor: slice needs a first dimension: expected rank >= 1, got rank 0");
    }
    if (from < 0 || from > to || to > shape.dim(0)) {
      throw new IllegalArgumentException(
          "Tensor: slice must lie in [0, "
              + shape.dim(0)
              + "]: got ["
              + from
              + ", "
              + to
              + ") of "
              + shape);
    }
    int[] dims = shape.toArray();
    dims[0] = to - from;
    return new Tensor(array, offset + from * shape.size(1, shape.rank()), Shape.of(dims));
  }

  /**
   * Returns the elements in row-major order.
   *
   * @return a copy
   */
  public float[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + shape.size());
  }

  /** Whether some element of this tensor is also one of the other. */
  boolean overlaps(Tensor other) {
    return array == other.array
        && shape.size() > 0
        && other.shape.size() > 0
        && offset < other.offset + other.shape.size()
        && other.offset < offset + shape.size();
  }

  /** Whether the two are the same stretch of the same array. */
  boolean sameStorage(Tensor other) {
    return array == other.array && offset == other.offset && shape.size() == other.shape.size();
  }

  /** Returns the shape and, of short tensors, the elements. */
  @Override
  public String toString() {
    return shape.size() <= 16
        ? "Tensor" + shape + " " + Arrays.toString(toArray())
        : "Tensor" + shape;
  }
}
