package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.ChannelNorm;
import io.github.normkit.functional.ChannelView;

/** Samples with channels, each a batch of one. */
final class ChannelPieces implements PieceNorm {

  private final MaskedChannelLayer layer;

  ChannelPieces(MaskedChannelLayer layer) {
    this.layer = layer;
  }

  @Override
  public int sets() {
    return layer.sampleView(1).sets();
  }

  @Override
  public boolean affineByPosition() {
    return false;
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
    ChannelView view = layer.sampleView(positions);
    ChannelNorm.forward(
        view, x, xOffset, y, yOffset, affine, layer.epsilon, mean, spread, layer.pool);
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
    ChannelNorm.backward(
        layer.sampleView(positions),
        false,
        dy,
        dyOffset,
        x,
        xOffset,
        dx,
        dxOffset,
        affine,
        layer.epsilon,
        mean,
        spread,
        gradients,
        layer.pool);
  }
}
