package io.github.normkit;

/** A layer that works over trailing dimensions: the input is a matrix of rows to it. */
abstract class RowLayer extends BaseLayer {

  final Shape normalizedShape;

  /** The length of a row. */
  final int cols;

  /** The 1/σ of each row, where the layer keeps it. */
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

  RowLayer(
      LayerBuilder<?> builder, double epsilon, Shape normalizedShape, AffineParameters affine) {
    super(builder, epsilon, affine, null);
    this.normalizedShape = normalizedShape;
    cols = normalizedShape.size();
  }

  /** Makes room for the statistics of so many rows. */
  void reserve(int rows) {
    if (rstd.length < rows) {
      rstd = new double[rows];
    }
  }

  final int rows(Tensor x) {
    return x.shape().size() / cols;
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
