package io.github.normkit;

import io.github.normkit.functional.Affine;

/** The operation of a layer on one piece, a sample or a row with statistics of its own. */
interface PieceNorm {

  /** How many means a piece has. */
  int sets();

  /** Whether each position has a weight and a bias of its own, or all positions have the same. */
  boolean affineByPosition();

  /**
   * Normalizes a piece.
   *
   * @param positions how many positions it has, at least 1
   * @param y modified
   * @param mean receives the means; may be null. Modified.
   * @param spread receives what backward needs besides: variances or 1/σ; may be null. Modified.
   */
  void forward(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int positions,
      Affine affine,
      double[] mean,
      double[] spread);

  /**
   * Back-propagates through a piece.
   *
   * @param dx receives the gradient of the input; may be {@code dy}. Modified.
   * @param gradients added into. Modified.
   */
  void backward(
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
      Affine gradients);
}
