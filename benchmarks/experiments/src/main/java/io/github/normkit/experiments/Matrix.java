package io.github.normkit.experiments;

import java.util.Arrays;

/** Products of row-major matrices. The sums have one fixed order. */
final class Matrix {

  private Matrix() {}

  /**
   * {@code c += a b}, with a of m rows and k columns, and b of k rows and n columns.
   *
   * <p>The rows are copied into arrays of their own: loops over arrays that all begin at 0 are
   * those that the compiler makes vectors of.
   */
  static void addProduct(float[] a, float[] b, float[] c, int m, int k, int n) {
    float[][] rows = new float[k][];
    for (int p = 0; p < k; p++) {
      rows[p] = Arrays.copyOfRange(b, p * n, (p + 1) * n);
    }
    float[] sum = new float[n];
    for (int i = 0; i < m; i++) {
      System.arraycopy(c, i * n, sum, 0, n);
      int p = 0;
      for (; p + 3 < k; p += 4) {
        addFourRows(a, i * k + p, rows[p], rows[p + 1], rows[p + 2], rows[p + 3], sum);
      }
      for (; p < k; p++) {
        addRow(a[i * k + p], rows[p], sum);
      }
      System.arraycopy(sum, 0, c, i * n, n);
    }
  }

  /** Returns the transpose of a, of m rows and n columns. */
  static float[] transpose(float[] a, int m, int n) {
    float[] transposed = new float[n * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        transposed[j * m + i] = a[i * n + j];
      }
    }
    return transposed;
  }

  /** Four rows at once: the sum is read and written a quarter as often. */
  private static void addFourRows(
      float[] a, int start, float[] b0, float[] b1, float[] b2, float[] b3, float[] sum) {
    float a0 = a[start];
    float a1 = a[start + 1];
    float a2 = a[start + 2];
    float a3 = a[start + 3];
    for (int j = 0; j < sum.length; j++) {
      sum[j] += (a0 * b0[j] + a1 * b1[j]) + (a2 * b2[j] + a3 * b3[j]);
    }
  }

  private static void addRow(float factor, float[] b, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * b[j];
    }
  }
}
