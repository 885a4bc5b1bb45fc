package io.github.normkit;

import io.github.normkit.functional.Residual;
import io.github.normkit.functional.RowNorm;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * A residual added and the sum normalized, at once: what stands between two sublayers of a
 * transformer.
 *
 * <pre>{@code
 * sum = x + scale * residual
 * y   = norm(sum)
 * }</pre>
 *
 * <p>It gives both: the sum goes on as the residual stream, y into the next sublayer. With {@link
 * LayerNorm} and {@link RMSNorm} rows are added while they are in cache, so that the sum costs no
 * trip to memory but its own; with any other norm the addition is a pass of its own. The bits are
 * those of one after the other: the product and the sum are rounded once each.
 *
 * <p>Backward takes the gradients of both. With {@code g} the gradient of {@code norm}
 *
 * <pre>{@code
 * dx        = g(dy) + dsum
 * dresidual = scale * dx
 * }</pre>
 *
 * <p>The layer has no state but the norm's, which keeps the sum as its input: parameters, mode and
 * state are those of {@link #norm}, and {@code backward(dy, null)} is the norm's own backward.
 *
 * <p><b>Shapes.</b> All tensors have the shape of x, which the norm has to take.
 *
 * <p><b>Errors.</b> As {@link NormLayer} says: {@link IllegalArgumentException} for shapes and
 * overlapping storage, {@link IllegalStateException} for a backward without a forward, before
 * anything is written.
 *
 * <p><b>Threads.</b> One at a time, but for {@link #infer}: many may call it at once.
 */
public final class AddNorm {

  /**
   * Both results.
   *
   * @param sum the sum, before the norm
   * @param y the normalized sum
   */
  public record Result(Tensor sum, Tensor y) {}

  private final NormLayer norm;

  /** The norm if it is one whose rows are added while they are in cache, else null. */
  private final RowLayer row;

  private final float scale;

  /**
   * Adds the residual as it is.
   *
   * @param norm normalizes the sum; shared
   */
  public AddNorm(NormLayer norm) {
    this(norm, 1);
  }

  /**
   * Adds a scaled residual.
   *
   * @param norm normalizes the sum; shared
   * @param scale multiplies the residual, as a float
   * @throws IllegalArgumentException if the scale is not finite
   */
  public AddNorm(NormLayer norm, double scale) {
    this.norm = Objects.requireNonNull(norm, "norm");
    row = norm instanceof LayerNorm || norm instanceof RMSNorm ? (RowLayer) norm : null;
    this.scale = (float) scale;
    if (!(Math.abs(this.scale) <= Float.MAX_VALUE)) {
      throw invalid("scale must be finite as a float: got " + scale);
    }
  }

  /**
   * Returns the layer that normalizes the sum.
   *
   * @return the norm; shared
   */
  public NormLayer norm() {
    return norm;
  }

  /**
   * Adds, normalizes, and remembers what backward needs.
   *
   * @param x the input. Not modified.
   * @param residual what is added to it. Not modified.
   * @return new tensors; the sum must not be overwritten before backward
   */
  public Result forward(Tensor x, Tensor residual) {
    Shape shape = Objects.requireNonNull(x, "x").shape();
    return forward(x, residual, Tensor.zeros(shape), Tensor.zeros(shape));
  }

  /**
   * Adds, normalizes, and remembers what backward needs.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param sum receives the sum; may be {@code x} or {@code residual}. Modified, and kept until the
   *     next forward.
   * @param y receives the normalized sum; may be {@code x} or {@code residual}, but not {@code
   *     sum}. Modified.
   * @return {@code sum} and {@code y}
   */
  public Result forward(Tensor x, Tensor residual, Tensor sum, Tensor y) {
    check(x, residual, sum, y, false);
    if (y.overlaps(sum)) {
      throw overlap("y", "the sum, which backward needs; infer may run in place", y, sum);
    }
    if (row != null) {
      // Until the statistics are kept as a whole there is nothing to go back to.
      row.keep(null);
      row.reserve(row.rows(x));
      addAndNormalize(x, residual, sum, y, true);
      row.keep(sum);
    } else {
      add(x, residual, scale, sum);
      norm.forward(sum, y);
    }
    return new Result(sum, y);
  }

  /**
   * Adds and normalizes as in evaluation mode, whatever the mode is; remembers nothing.
   *
   * @param x the input. Not modified.
   * @param residual what is added to it. Not modified.
   * @return new tensors
   */
  public Result infer(Tensor x, Tensor residual) {
    Shape shape = Objects.requireNonNull(x, "x").shape();
    Tensor sum = Tensor.zeros(shape);
    return new Result(sum, infer(x, residual, sum, Tensor.zeros(shape)));
  }

  /**
   * Adds and normalizes as in evaluation mode, whatever the mode is; remembers nothing, and, called
   * with the same shape again, allocates nothing.
   *
   * @param x the input. Not modified unless it is {@code sum} or {@code y}.
   * @param residual what is added to it. Not modified unless it is {@code sum} or {@code y}.
   * @param sum receives the sum; may be {@code x} or {@code residual}. Modified.
   * @param y receives the normalized sum; may be {@code x}, {@code residual} or, if the sum is not
   *     wanted, {@code sum}. Modified.
   * @return {@code y}
   */
  public Tensor infer(Tensor x, Tensor residual, Tensor sum, Tensor y) {
    check(x, residual, sum, y, true);
    if (row != null) {
      addAndNormalize(x, residual, sum, y, false);
    } else {
      add(x, residual, scale, sum);
      norm.infer(sum, y);
    }
    return y;
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the norm's parameters.
   *
   * @param dy the gradient of the loss by y. Not modified.
   * @param dsum the gradient of the loss by what else the sum went into, or null for 0. Not
   *     modified.
   * @return the gradient of the loss by x, a new tensor; times the scale it is that of the residual
   * @throws IllegalStateException if there was no forward before it
   */
  public Tensor backward(Tensor dy, Tensor dsum) {
    return backward(dy, dsum, Tensor.zeros(Objects.requireNonNull(dy, "dy").shape()));
  }

  /**
   * Back-propagates through the last forward and adds into the gradients of the norm's parameters.
   *
   * @param dy the gradient of the loss by y. Not modified unless it is {@code dx}.
   * @param dsum the gradient of the loss by what else the sum went into, or null for 0. Not
   *     modified unless it is {@code dx}.
   * @param dx receives the gradient of the loss by x; times the scale it is that of the residual.
   *     May be {@code dy} or {@code dsum}, but not the sum. Modified.
   * @return {@code dx}
   * @throws IllegalStateException if there was no forward before it
   */
  public Tensor backward(Tensor dy, Tensor dsum, Tensor dx) {
    checkBackward(dy, dsum, dx);
    if (row != null && !row.keptMasked()) {
      gradient(dy, dsum, dx);
    } else if (dsum == null) {
      norm.backward(dy, dx);
    } else {
      add(norm.backward(dy), dsum, 1, dx);
    }
    return dx;
  }

  private void check(Tensor x, Tensor residual, Tensor sum, Tensor y, boolean inferring) {
    Objects.requireNonNull(x, "x");
    if (norm instanceof BaseLayer layer) {
      layer.checkInput(x, inferring);
    }
    checkShape("residual", residual, "x", x);
    checkShape("sum", sum, "x", x);
    checkShape("y", y, "x", x);
    checkOverlap("sum", sum, "x", x);
    checkOverlap("sum", sum, "the residual", residual);
    checkOverlap("y", y, "x", x);
    checkOverlap("y", y, "the residual", residual);
    checkOverlap("y", y, "the sum", sum);
  }

  private void checkBackward(Tensor dy, Tensor dsum, Tensor dx) {
    Objects.requireNonNull(dy, "dy");
    if (norm instanceof BaseLayer layer) {
      if (layer.input() == null) {
        throw new IllegalStateException("AddNorm: backward must follow a forward: got none before");
      }
      checkShape("dy", dy, "x", layer.input());
    }
    checkShape("dx", dx, "dy", dy);
    checkOverlap("dx", dx, "dy", dy);
    if (dsum != null) {
      checkShape("dsum", dsum, "dy", dy);
      checkOverlap("dx", dx, "dsum", dsum);
    }
    if (norm instanceof BaseLayer layer && dx.overlaps(layer.input())) {
      throw overlap("dx", "the sum of forward", dx, layer.input());
    }
  }

  private static void checkShape(String what, Tensor tensor, String other, Tensor like) {
    if (!Objects.requireNonNull(tensor, what).shape().equals(like.shape())) {
      throw invalid(
          what
              + " must have the shape of "
              + other
              + ": expected "
              + like.shape()
              + ", got "
              + tensor.shape());
    }
  }

  private static void checkOverlap(String what, Tensor out, String other, Tensor in) {
    if (out.overlaps(in) && !out.sameStorage(in)) {
      throw overlap(what, other + " unless it is just that", out, in);
    }
  }

  private static IllegalArgumentException overlap(String what, String rule, Tensor a, Tensor b) {
    return invalid(
        what
            + " must not overlap "
            + rule
            + ": got offsets "
            + a.offset()
            + " and "
            + b.offset()
            + " of one array, "
            + a.shape().size()
            + " elements each");
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException("AddNorm: " + message);
  }

  private void add(Tensor x, Tensor residual, float scale, Tensor sum) {
    ForkJoinPool pool = norm instanceof BaseLayer layer ? layer.pool : null;
    Residual.add(
        x.array(),
        x.offset(),
        residual.array(),
        residual.offset(),
        scale,
        sum.array(),
        sum.offset(),
        sum.shape().size(),
        pool);
  }

  private void addAndNormalize(Tensor x, Tensor residual, Tensor sum, Tensor y, boolean keep) {
    if (row instanceof LayerNorm layerNorm) {
      RowNorm.addLayerNorm(
          x.array(),
          x.offset(),
          row.cols,
          residual.array(),
          residual.offset(),
          row.cols,
          scale,
          sum.array(),
          sum.offset(),
          row.cols,
          y.array(),
          y.offset(),
          row.cols,
          row.rows(x),
          row.cols,
          row.affine().values(),
          row.epsilon,
          keep ? layerNorm.mean : null,
          keep ? row.rstd : null,
          row.pool);
    } else {
      RowNorm.addRmsNorm(
          x.array(),
          x.offset(),
          row.cols,
          residual.array(),
          residual.offset(),
          row.cols,
          scale,
          sum.array(),
          sum.offset(),
          row.cols,
          y.array(),
          y.offset(),
          row.cols,
          row.rows(x),
          row.cols,
          row.affine().values(),
          row.epsilon,
          keep ? row.rstd : null,
          row.pool);
    }
  }

  private void gradient(Tensor dy, Tensor dsum, Tensor dx) {
    Tensor sum = row.input();
    float[] dsumArray = dsum == null ? null : dsum.array();
    int dsumOffset = dsum == null ? 0 : dsum.offset();
    if (row instanceof LayerNorm layerNorm) {
      RowNorm.addLayerNormBackward(
          dy.array(),
          dy.offset(),
          row.cols,
          dsumArray,
          dsumOffset,
          row.cols,
          sum.array(),
          sum.offset(),
          row.cols,
          dx.array(),
          dx.offset(),
          row.cols,
          row.rows(dy),
          row.cols,
          row.affine().values(),
          layerNorm.mean,
          row.rstd,
          row.affine().gradients(),
          row.pool);
    } else {
      RowNorm.addRmsNormBackward(
          dy.array(),
          dy.offset(),
          row.cols,
          dsumArray,
          dsumOffset,
          row.cols,
          sum.array(),
          sum.offset(),
          row.cols,
          dx.array(),
          dx.offset(),
          row.cols,
          row.rows(dy),
          row.cols,
          row.affine().values(),
          row.rstd,
          row.affine().gradients(),
          row.pool);
    }
  }
}
