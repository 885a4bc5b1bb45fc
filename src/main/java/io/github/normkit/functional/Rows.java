package io.github.normkit.functional;

/**
 * The rows that a call takes from an array, {@code stride} apart, or the heads that stand one after
 * the other in each of them.
 *
 * <p>Set anew for each call and kept by a {@link RowCall}, so that a call allocates nothing.
 */
final class Rows {

  /** As messages have it; null if the call has no such rows. */
  private String name;

  float[] array;
  private int offset;

  /** The distance of neighbours without a gap between them. */
  int stride;

  private int heads;
  private int gap;

  void set(String name, float[] array, int offset, int stride) {
    this.name = name;
    this.array = array;
    this.offset = offset;
    this.stride = stride;
    heads = 1;
    gap = 0;
  }

  void clear() {
    name = null;
    array = null;
  }

  /** Whether the call has such rows; their array may be null. */
  boolean given() {
    return name != null;
  }

  /** Throws unless the rows are inside the array. */
  void check(String operation, int rows, int cols) {
    Checks.rows(operation, name, array, offset, stride, rows, cols);
  }

  /** Throws unless these, to be written, are those read, or apart from them. */
  void checkSameOrApart(String operation, Rows read, int rows, int cols) {
    Checks.sameOrApart(
        operation,
        name,
        array,
        offset,
        stride,
        read.name,
        read.array,
        read.offset,
        read.stride,
        rows,
        cols);
  }

  /** Throws unless these, to be written, are apart from those read afterwards. */
  void checkApart(String operation, Rows read, int rows, int cols) {
    Checks.apart(
        operation,
        name,
        array,
        offset,
        stride,
        read.name,
        read.array,
        read.offset,
        read.stride,
        rows,
        cols);
  }

  /** Counts each head of a row as a row from now on. */
  void split(int heads, int headSize) {
    if (heads > 1) {
      this.heads = heads;
      gap = stride - heads * headSize;
      stride = headSize;
    }
  }

  /** The index of a row's first element. */
  int at(int row) {
    int at = offset + row * stride;
    return heads == 1 ? at : at + row / heads * gap;
  }
}
