package io.github.normkit;

/** A layer that normalizes over trailing dimensions: the input is a matrix of rows to it. */
abstract class RowLayer extends BaseLayer {

  private final Shape normalizedShape;

  /** The length of a row. */
  final int cols;

  double[] rstd = {};

  RowLayer(RowNormBuilder<?> builder) {
    super(
        builder,
        new AffineParameters(
            builder.normalizedShape, builder.weight, builder.bias, builder.zeroCentered),
        null);
    normalizedShape = builder.normalizedShape;
    cols = normalizedShape.size();
  }

  final int rows(Tensor x) {
    return x.shape().size() / cols;
  }

  /** The operation on pieces of some rows, whose positions have so many elements. */
  abstract PieceNorm pieces(int rows, int block);

  @Override
  final PieceNorm pieces(Packing packing) {
    return pieces(1, packing.block());
  }

  @Override
  final Samples samples(Shape shape) {
    int rank = shape.rank();
    if (rank == normalizedShape.rank()) {
      throw invalid(
          "a modulated input must have a dimension of samples before normalizedShape: expected rank >= "
              + (rank + 1)
              + ", got rank "
              + rank
              + " of "
              + shape);
    }
    int rows = shape.size(1, rank) / cols;
    return new Samples(pieces(rows, cols), 1, normalizedShape);
  }

  @Override
  final Modulation modulation() {
    return new SampleModulation(this);
  }

  @Override
  final Packing packing(Shape shape, Mask mask, boolean inferring) {
    int rank = mask.shape().rank();
    boolean matches = rank <= shape.rank();
    for (int i = 0; matches && i < rank; i++) {
      matches = mask.shape().dim(i) == shape.dim(i);
    }
    if (!matches) {
      throw invalid(
          "the mask's shape must be the first dimensions of the input: expected some of "
              + shape
              + ", got "
              + mask.shape());
    }
    int block = shape.size(rank, shape.rank());
    if (rank <= shape.rank() - normalizedShape.rank()) {
      Shape rows = Shape.of(mask.count() * (block / cols), cols);
      return Packing.together(mask, 1, 1, mask.shape().size(), block, rows);
    }
    return Packing.apart(mask, shape.size() / cols, 1, cols / block, block);
  }

  @Override
  final void checkInput(Tensor x, boolean inferring) {
    Shape shape = x.shape();
    int rank = normalizedShape.rank();
    boolean matches = shape.rank() >= rank;
    for (int i = 1; matches && i <= rank; i++) {
      matches = shape.dim(-i) == normalizedShape.dim(-i);
    }
    if (!matches) {
      throw invalid(
          "the input's trailing dimensions must be normalizedShape: expected "
              + normalizedShape
              + ", got "
              + shape);
    }
  }
}
