package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.RowNorm;

/**
 * Rows of which some positions count, each of several elements.
 *
 * @param centered whether the mean is taken off: LayerNorm, not RMSNorm
 * @param block the number of elements of a position
 */
record RowPieces(RowLayer layer, boolean centered, int block) implements PieceNorm {

  @Override
  public int sets() {
    return 1;
  }

  @Override
  public boolean affineByPosition() {
    return true;
  }

  @Override
  public void forward(
      float[] x,
      float[] y,
      int offset,
      int positions,
      Affine affine,
      double[] mean,
      double[] spread) {
    int n = positions * block;
    double epsilon = layer.epsilon;
    if (centered) {
      RowNorm.layerNorm(
          x, offset, n, y, offset, n, 1, n, affine, epsilon, mean, spread, layer.pool);
    } else {
      RowNorm.rmsNorm(x, offset, n, y, offset, n, 1, n, affine, epsilon, spread, layer.pool);
    }
  }

  @Override
  public void backward(
      float[] dy,
      float[] x,
      int offset,
      int positions,
      Affine affine,
      double[] mean,
      double[] spread,
      Affine gradients) {
    int n = positions * block;
    if (centered) {
      RowNorm.layerNormBackward(
          dy, offset, n, x, offset, n, dy, offset, n, 1, n, affine, mean, spread, gradients,
          layer.pool);
    } else {
      RowNorm.rmsNormBackward(
          dy, offset, n, x, offset, n, dy, offset, n, 1, n, affine, spread, gradients, layer.pool);
    }
  }
}
