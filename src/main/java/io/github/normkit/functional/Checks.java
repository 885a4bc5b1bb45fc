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
              + " must hold a value for each set: expected at least "
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

  /** A stretch inside an array. */
  static void stretch(String operation, String name, float[] array, int offset, long length) {
    notNull(array, name);
    if (offset < 0 || offset + length > array.length) {
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

  /** An output may be its input exactly or be apart from it, also between the input's rows. */
  static void overlap(
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
    if (out != in || rows == 0 || (outOffset == inOffset && outStride == inStride)) {
      return;
    }
    long length = (rows - 1L) * outStride + cols;
    boolean apart =
        outOffset + length <= inOffset || inOffset + (rows - 1L) * inStride + cols <= outOffset;
    if (!apart && outStride == inStride) {
      int distance = Math.floorMod(outOffset - inOffset, inStride);
      apart = distance >= cols && inStride - distance >= cols;
    }
    if (!apart) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + outName
              + " must be "
              + inName
              + " or not overlap it: got offset="
              + outOffset
              + " and "
              + inOffset
              + " of the same array, rows="
              + rows
              + ", cols="
              + cols);
    }
  }
}
