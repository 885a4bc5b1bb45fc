package io.github.normkit;

/** How layers of rows take masks: whole rows count or not, or some elements of each. */
final class RowMasking implements Masking {

  private final RowLayer layer;

  /** Whether the mean is taken off: LayerNorm, not RMSNorm. */
  private final boolean centered;

  RowMasking(RowLayer layer, boolean centered) {
    this.layer = layer;
    this.centered = centered;
  }

  @Override
  public Packing packing(Shape shape, Mask mask, boolean inferring) {
    int rank = mask.shape().rank();
    boolean matches = rank <= shape.rank();
    for (int i = 0; matches && i < rank; i++) {
      matches = mask.shape().dim(i) == shape.dim(i);
    }
    if (!matches) {
      throw layer.invalid(
          "the mask's shape must be the first dimensions of the input: expected some of "
              + shape
              + ", got "
              + mask.shape());
    }
    int cols = layer.cols;
    int block = shape.size(rank, shape.rank());
    if (rank <= shape.rank() - layer.normalizedShape.rank()) {
      Shape rows = Shape.of(mask.count() * (block / cols), cols);
      return Packing.together(mask, 1, 1, mask.shape().size(), block, rows);
    }
    return Packing.apart(mask, shape.size() / cols, 1, cols / block, block);
  }

  @Override
  public PieceNorm pieces(Packing packing) {
    return new RowPieces(layer, centered, 1, packing.block());
  }

  @Override
  public Samples samples(Shape shape) {
    int rank = shape.rank();
    if (rank == layer.normalizedShape.rank()) {
      throw layer.invalid(
          "a modulated input must have a dimension of samples before normalizedShape:"
              + " expected rank >= "
              + (rank + 1)
              + ", got rank "
              + rank
              + " of "
              + shape);
    }
    int rows = shape.size(1, rank) / layer.cols;
    return new Samples(new RowPieces(layer, centered, rows, layer.cols), 1, layer.normalizedShape);
  }

  @Override
  public Modulation modulation() {
    return new SampleModulation(this);
  }
}
