package io.github.normkit;

/** A layer that normalizes over trailing dimensions: the input is a matrix of rows to it. */
abstract class RowLayer extends BaseLayer {

  private final Shape normalizedShape;

  /** The length of a row. */
  final int cols;

  double[] rstd = {};

  RowLayer(RowNormBuilder<?> builder) {
    this(
        builder,
        builder.epsilon,
        builder.normalizedShape,
        new AffineParameters(
            builder.normalizedShape, builder.weight, builder.bias, builder.zeroCentered));
  }

  RowLayer(
      LayerBuilder<?> builder, double epsilon, Shape normalizedShape, AffineParameters affine) {
    super(builder, epsilon, affine, null);
    this.normalizedShape = normalizedShape;
    cols = normalizedShape.size();
  }

  /** The 1/σ of rows, of which there is room for those of x. */
  final double[] rstd(Tensor x) {
    if (rstd.length < rows(x)) {
      rstd = new double[rows(x)];
    }
    return rstd;
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
