package io.github.normkit.experiments;

/** Products of row-major matrices. The sums have one fixed order. */
final class Matrix {

  private Matrix() {}

  /** {@code c += a b}, with a of m rows and k columns, and b of k rows and n columns. */
  static void addProduct(float[] a, float[] b, float[] c, int m, int k, int n) {
    for (int i = 0; i < m; i++) {
      int p = 0;
      for (; p + 3 < k; p += 4) {
        addFourRows(a, i * k + p, b, p * n, c, i * n, n);
      }
      for (; p < k; p++) {
        addRow(a[i * k + p], b, p * n, c, i * n, n);
      }
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

  /** Four rows at once: c is read and written a quarter as often. */
  private static void addFourRows(
      float[] a, int aStart, float[] b, int bStart, float[] c, int cStart, int n) {
    float a0 = a[aStart];
    float a1 = a[aStart + 1];
    float a2 = a[aStart + 2];
    float a3 = a[aStart + 3];
    int b1 = bStart + n;
    int b2 = b1 + n;
    int b3 = b2 + n;
    for (int j = 0; j < n; j++) {
      c[cStart + j] += (a0 * b[bStart + j] + a1 * b[b1 + j]) + (a2 * b[b2 + j] + a3 * b[b3 + j]);
    }
  }

  private static void addRow(float factor, float[] b, int bStart, float[] c, int cStart, int n) {
    for (int j = 0; j < n; j++) {
      c[cStart + j] += factor * b[bStart + j];
    }
  }
}
