package io.github.normkit;

import io.github.normkit.functional.Affine;
import io.github.normkit.functional.RowNorm;

/** A layer that divides rows by their norms, {@link UnitNorm} and {@link ScaleNorm}. */
abstract class UnitLayer extends RowLayer {

  UnitLayer(
      LayerBuilder<?> builder, double epsilon, Shape normalizedShape, Parameter... parameters) {
    super(
        builder,
        epsilon,
        normalizedShape,
        new AffineParameters(normalizedShape, false, false, false, parameters));
  }

  /** What the unit rows are multiplied by. */
  abstract Affine scale();

  @Override
  final void normalizeAndKeep(Tensor x, Tensor out) {
    reserve(rows(x));
    normalize(x, out, rstd);
  }

  @Override
  final void normalize(Tensor x, Tensor out) {
    normalize(x, out, null);
  }

  private void normalize(Tensor x, Tensor out, double[] rstd) {
    RowNorm.unitNorm(
        x.array(),
        x.offset(),
        cols,
        out.array(),
        out.offset(),
        cols,
        rows(x),
        cols,
        scale(),
        epsilon,
        rstd,
        pool);
  }

  /** Takes the gradient of a scale that all elements share. */
  abstract void addToScale(double gradient);

  @Override
  final void gradient(Tensor dy, Tensor x, Tensor dx) {
    addToScale(
        RowNorm.unitNormBackward(
            dy.array(),
            dy.offset(),
            cols,
            x.array(),
            x.offset(),
            cols,
            dx.array(),
            dx.offset(),
            cols,
            rows(x),
            cols,
            scale(),
            epsilon,
            rstd,
            Affine.NONE,
            pool));
  }
}
