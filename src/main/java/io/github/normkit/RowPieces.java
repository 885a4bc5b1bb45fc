package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.RowNorm;

/**
 * Pieces of some rows, whose elements are those of one or several positions.
 *
 * @param centered whether the mean is taken off: LayerNorm, not RMSNorm
 * @param rows the number of rows of a piece
 * @param block the number of elements of a position of a row
 */
record RowPieces(RowLayer layer, boolean centered, int rows, int block) implements PieceNorm {

  @Override
  public int sets() {
    return rows;
  }

  @Override
  public boolean affineByPosition() {
    return true;
  }

  @Override
  public void forward(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int positions,
      Affine affine,
      double[] mean,
      double[] spread) {
    int n = positions * block;
    double epsilon = layer.epsilon;
    if (centered) {
      RowNorm.layerNorm(
          x, xOffset, n, y, yOffset, n, rows, n, affine, epsilon, mean, spread, layer.pool);
    } else {
      RowNorm.rmsNorm(x, xOffset, n, y, yOffset, n, rows, n, affine, epsilon, spread, layer.pool);
    }
  }

  @Override
  public void backward(
      float[] dy,
      int dyOffset,
      float[] x,
      int xOffset,
      float[] dx,
      int dxOffset,
      int positions,
      Affine affine,
      double[] mean,
      double[] spread,
      Affine gradients) {
    int n = positions * block;
    if (centered) {
      RowNorm.layerNormBackward(
          dy,
          dyOffset,
          n,
          x,
          xOffset,
          n,
          dx,
          dxOffset,
          n,
          rows,
          n,
          affine,
          mean,
          spread,
          gradients,
          layer.pool);
    } else {
      RowNorm.rmsNormBackward(
          dy,
          dyOffset,
          n,
          x,
          xOffset,
          n,
          dx,
          dxOffset,
          n,
          rows,
          n,
          affine,
          spread,
          gradients,
          layer.pool);
    }
  }
}
