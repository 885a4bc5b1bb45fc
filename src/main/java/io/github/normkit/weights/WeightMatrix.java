package io.github.normkit.weights;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;

/**
 * A weight of any shape read as a matrix where it lies: the chosen dimensions are its rows, the
 * others its columns, both in row-major order.
 *
 * <p>The weight is a sequence of runs of {@code length} elements, in each of which either the row
 * stands and the column goes on, or the other way round. All sums are taken in double: over a run
 * in order, and over the runs in order.
 */
final class WeightMatrix {

  private final int rows;
  private final int columns;
  private final int length;
  private final boolean alongRow;
  private final int[] firstRow;
  private final int[] firstColumn;

  private WeightMatrix(
      int rows, int columns, int length, boolean alongRow, int[] firstRow, int[] firstColumn) {
    this.rows = rows;
    this.columns = columns;
    this.length = length;
    this.alongRow = alongRow;
    this.firstRow = firstRow;
    this.firstColumn = firstColumn;
  }

  /** The matrix of a shape without dimensions of 0, at least one; {@code isRow} by dimension. */
  static WeightMatrix of(Shape shape, boolean[] isRow) {
    int rank = shape.rank();
    boolean alongRow = !isRow[rank - 1];
    int rows = 1;
    int columns = 1;
    int length = 1;
    int runDims = rank;
    while (runDims > 0 && isRow[runDims - 1] != alongRow) {
      length *= shape.dim(--runDims);
    }
    if (alongRow) {
      columns = length;
    } else {
      rows = length;
    }
    int[] firstRow = {0};
    int[] firstColumn = {0};
    for (int d = runDims - 1; d >= 0; d--) {
      int size = shape.dim(d);
      firstRow = repeated(firstRow, size, isRow[d] ? rows : 0);
      firstColumn = repeated(firstColumn, size, isRow[d] ? 0 : columns);
      rows *= isRow[d] ? size : 1;
      columns *= isRow[d] ? 1 : size;
    }
    return new WeightMatrix(rows, columns, length, alongRow, firstRow, firstColumn);
  }

  /** The indices, so many times, each time a step further. */
  private static int[] repeated(int[] indices, int times, int step) {
    int[] all = new int[times * indices.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = indices[i % indices.length] + i / indices.length * step;
    }
    return all;
  }

  /** The same weight with rows for columns. */
  WeightMatrix transposed() {
    return new WeightMatrix(columns, rows, length, !alongRow, firstColumn, firstRow);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  private int row(int run, int i) {
    return alongRow ? firstRow[run] : firstRow[run] + i;
  }

  private int column(int run, int i) {
    return alongRow ? firstColumn[run] + i : firstColumn[run];
  }

  /** Writes {@code sums[r] = Σ over row r of a * b}. */
  void dots(Tensor a, Tensor b, double[] sums) {
    Arrays.fill(sums, 0);
    for (int run = 0; run < firstRow.length; run++) {
      int atA = a.offset() + run * length;
      int atB = b.offset() + run * length;
      if (alongRow) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          sum += (double) a.array()[atA + i] * b.array()[atB + i];
        }
        sums[firstRow[run]] += sum;
      } else {
        for (int i = 0; i < length; i++) {
          sums[firstRow[run] + i] += (double) a.array()[atA + i] * b.array()[atB + i];
        }
      }
    }
  }

  /** Writes the product of matrix and vector, {@code y[r] = Σ over row r of a * x}. */
  void times(Tensor a, double[] x, double[] y) {
    Arrays.fill(y, 0);
    for (int run = 0; run < firstRow.length; run++) {
      int at = a.offset() + run * length;
      if (alongRow) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          sum += a.array()[at + i] * x[firstColumn[run] + i];
        }
        y[firstRow[run]] += sum;
      } else {
        double factor = x[firstColumn[run]];
        for (int i = 0; i < length; i++) {
          y[firstRow[run] + i] += a.array()[at + i] * factor;
        }
      }
    }
  }

  /** Returns {@code uᵀ a v}. */
  double bilinear(Tensor a, float[] u, float[] v) {
    double total = 0;
    for (int run = 0; run < firstRow.length; run++) {
      int at = a.offset() + run * length;
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += a.array()[at + i] * ((double) u[row(run, i)] * v[column(run, i)]);
      }
      total += sum;
    }
    return total;
  }

  /** Writes {@code out = a * factor[r]}. */
  void scale(Tensor a, double[] factor, Tensor out) {
    for (int run = 0; run < firstRow.length; run++) {
      int at = run * length;
      for (int i = 0; i < length; i++) {
        double product = a.array()[a.offset() + at + i] * factor[row(run, i)];
        out.array()[out.offset() + at + i] = (float) product;
      }
    }
  }

  /** Adds {@code a * factor[r] - b * slope[r]}, rounded with the sum. */
  void addScaled(Tensor a, double[] factor, Tensor b, double[] slope, Tensor sum) {
    for (int run = 0; run < firstRow.length; run++) {
      int at = run * length;
      for (int i = 0; i < length; i++) {
        int r = row(run, i);
        double value =
            a.array()[a.offset() + at + i] * factor[r] - b.array()[b.offset() + at + i] * slope[r];
        add(sum, at + i, value);
      }
    }
  }

  /** Adds {@code a * factor - slope * u vᵀ}, rounded with the sum. */
  void addScaled(Tensor a, double factor, double slope, float[] u, float[] v, Tensor sum) {
    for (int run = 0; run < firstRow.length; run++) {
      int at = run * length;
      for (int i = 0; i < length; i++) {
        double product = (double) u[row(run, i)] * v[column(run, i)];
        add(sum, at + i, a.array()[a.offset() + at + i] * factor - slope * product);
      }
    }
  }

  static void add(Tensor sum, int i, double value) {
    int at = sum.offset() + i;
    sum.array()[at] = (float) (sum.array()[at] + value);
  }
}
