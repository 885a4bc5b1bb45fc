package io.github.normkit;

/** How a layer takes masks, and a weight and a bias for each sample. */
interface Masking {

  /** How a checked input is packed by a mask; throws unless the layer takes the mask. */
  Packing packing(Shape shape, Mask mask, boolean inferring);

  /** The operation on samples or rows that are packed each for itself. */
  PieceNorm pieces(Packing packing);

  /** Takes statistics of pieces into the running ones, where a layer has them and now updates. */
  default void keepRunning(Packing packing, double[] mean, double[] variance) {}

  /** What the layer does with the samples of an input; throws if it has no dimension for them. */
  Samples samples(Shape shape);

  /** How the layer takes a weight and a bias for each sample. */
  Modulation modulation();
}
