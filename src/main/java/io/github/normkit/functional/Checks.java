package io.github.normkit.functional;

import java.util.Objects;

/** The checks at the edge of the operations; each message names the operation, rule and numbers. */
final class Checks {

  private Checks() {}

  static void notNull(Object value, String name) {
    Objects.requireNonNull(value, name);
  }

  static void epsilon(String operation, double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          operation + ": epsilon must be finite and positive: got " + epsilon);
    }
  }

  static void affine(String operation, String name, Affine affine, int length) {
    notNull(affine, name);
    affine.check(operation, name, length);
  }

  static void statistics(String operation, String name, double[] array, int length) {
    if (array != null && array.length < length) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + name
              + " must hold a value for each row or set: expected at least "
              + length
              + ", got "
              + array.length);
    }
  }

  /** A matrix of rows inside an array; the indices of its elements fit an int. */
  static void rows(
      String operation, String name, float[] array, int offset, int stride, int rows, int cols) {
    notNull(array, name);
    if (rows < 0 || cols < 1 || stride < cols) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + name
              + " must have rows >= 0, cols >= 1 and a stride of at least cols: got rows="
              + rows
              + ", cols="
              + cols
              + ", stride="
              + stride);
    }
    stretch(operation, name, array, offset, rows == 0 ? 0 : (rows - 1L) * stride + cols);
  }

  /** The first elements of a row, over which its statistics run. */
  static void part(String operation, int part, int cols) {
    if (part < 1 || part > cols) {
      throw new IllegalArgumentException(
          operation + ": part must lie in [1, cols]: got part=" + part + ", cols=" + cols);
    }
  }

  /** A stretch inside an array. */
  static void stretch(String operation, String name, float[] array, int offset, long length) {
    notNull(array, name);
    if (!holds(array, offset, length)) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + name
              + " must hold "
              + length
              + " elements from its offset on: got offset="
              + offset
              + ", length="
              + array.length);
    }
  }

  /** Whether a stretch is inside an array. */
  static boolean holds(float[] array, int offset, long length) {
    return offset >= 0 && offset + length <= array.length;
  }

  /** An output may be its input exactly or be apart from it. */
  static void sameOrApart(
      String operation,
      String outName,
      float[] out,
      int outOffset,
      int outStride,
      String inName,
      float[] in,
      int inOffset,
      int inStride,
      int rows,
      int cols) {
    boolean same = outOffset == inOffset && (outStride == inStride || rows == 1);
    if (!same && overlap(out, outOffset, outStride, in, inOffset, inStride, rows, cols)) {
      throw overlap(
          operation,
          outName + " must be " + inName + " or not overlap it",
          outOffset,
          inOffset,
          rows,
          cols);
    }
  }

  /** An output must be apart from an input that is read after it is written. */
  static void apart(
      String operation,
      String outName,
      float[] out,
      int outOffset,
      int outStride,
      String inName,
      float[] in,
      int inOffset,
      int inStride,
      int rows,
      int cols) {
    if (overlap(out, outOffset, outStride, in, inOffset, inStride, rows, cols)) {
      throw overlap(
          operation, outName + " must not overlap " + inName, outOffset, inOffset, rows, cols);
    }
  }

  /** Whether two matrices share an element; one may lie between the rows of the other. */
  private static boolean overlap(
      float[] out,
      int outOffset,
      int outStride,
      float[] in,
      int inOffset,
      int inStride,
      int rows,
      int cols) {
    if (out != in || rows == 0) {
      return false;
    }
    long outEnd = outOffset + (rows - 1L) * outStride + cols;
    long inEnd = inOffset + (rows - 1L) * inStride + cols;
    if (outEnd <= inOffset || inEnd <= outOffset) {
      return false;
    }
    int distance = Math.floorMod(outOffset - inOffset, inStride);
    return outStride != inStride || distance < cols || inStride - distance < cols;
  }

  private static IllegalArgumentException overlap(
      String operation, String rule, int outOffset, int inOffset, int rows, int cols) {
    return new IllegalArgumentException(
        operation
            + ": "
            + rule
            + ": got offset="
            + outOffset
            + " and "
            + inOffset
            + " of the same array, rows="
            + rows
            + ", cols="
            + cols);
  }
}
