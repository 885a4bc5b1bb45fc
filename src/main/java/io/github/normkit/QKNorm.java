package io.github.normkit;

import io.github.normkit.functional.HeadNorm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Normalization of queries and keys, each attention head on its own, inside the rows of a packed
 * projection.
 *
 * <p>Henry et al., <a href="https://arxiv.org/abs/2010.04245">Query-Key Normalization for
 * Transformers</a>, 2020; Dehghani et al., <a href="https://arxiv.org/abs/2302.05442">Scaling
 * Vision Transformers to 22 Billion Parameters</a>, 2023.
 *
 * <pre>{@code
 * a row:  query heads | key heads | whatever else, such as the values
 * y     = head / sqrt(mean(head²) + epsilon) * weight               (RMSNorm, the default)
 * y     = (head - mean) / sqrt(variance + epsilon) * weight + bias  (LayerNorm: centered)
 * }</pre>
 *
 * <p>The statistics run over the elements of one head of one row. All query heads share a weight of
 * the head's size, and all key heads another; it begins as 1. What stands after the heads goes to
 * the output as it is, and its gradient to that of the input. Training and evaluation do not
 * differ.
 *
 * <p>For {@link #backward}, forward keeps a reference to its input and the statistics of each head
 * in double. The gradients are those of {@link RMSNorm} and {@link LayerNorm} over heads as rows.
 *
 * <h2>Shapes</h2>
 *
 * <p>Input and output {@code (*, rowLength)}, any leading dimensions and {@code rowLength >=
 * (queryHeads + keyHeads) * headSize}. Heads that are a tensor of their own, {@code (*, heads,
 * headSize)}, need no more than an {@link RMSNorm} or {@link LayerNorm} of {@code headSize}.
 *
 * <h2>Defaults</h2>
 *
 * <p>RMSNorm, ε 1e-6, a weight and no bias, weight not zero-centered, the caller's thread. The
 * parameters are {@code q_norm.weight} and {@code k_norm.weight}.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the input's rows are too short
 * for the heads.
 *
 * <pre>{@code
 * QKNorm norm = new QKNorm(32, 8, 128);  // 32 query heads, 8 key heads of 128
 * norm.infer(qkv, qkv);                  // (tokens, 48 * 128), in place; the values are left alone
 * }</pre>
 */
public final class QKNorm extends BaseLayer {

  private final Heads queries;
  private final Heads keys;

  /** The length of the heads in a row. */
  private final int used;

  /**
   * Makes a layer with the defaults.
   *
   * @param queryHeads the number of query heads, at least 1
   * @param keyHeads the number of key heads, at least 1
   * @param headSize the length of a head, at least 1
   * @throws IllegalArgumentException if one is less than 1
   */
  public QKNorm(int queryHeads, int keyHeads, int headSize) {
    this(builder(queryHeads, keyHeads, headSize));
  }

  private QKNorm(Builder builder) {
    this(builder, parameters(builder), parameters(builder));
  }

  private QKNorm(Builder builder, AffineParameters query, AffineParameters key) {
    super(builder, named(query, key), null);
    int headSize = builder.normalizedShape.size();
    queries = new Heads(builder.centered, 0, builder.queryHeads, headSize, query);
    int offset = builder.queryHeads * headSize;
    keys = new Heads(builder.centered, offset, builder.keyHeads, headSize, key);
    used = offset + builder.keyHeads * headSize;
  }

  private static AffineParameters parameters(Builder builder) {
    return new AffineParameters(
        builder.normalizedShape, builder.weight, builder.bias, builder.zeroCentered);
  }

  private static AffineParameters named(AffineParameters query, AffineParameters key) {
    Map<String, AffineParameters> named = new LinkedHashMap<>();
    named.put("q_norm", query);
    named.put("k_norm", key);
    return AffineParameters.of(named);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param queryHeads the number of query heads, at least 1
   * @param keyHeads the number of key heads, at least 1
   * @param headSize the length of a head, at least 1
   * @return the builder
   * @throws IllegalArgumentException if one is less than 1, or the heads of a row have more
   *     elements than an int counts
   */
  public static Builder builder(int queryHeads, int keyHeads, int headSize) {
    return new Builder(queryHeads, keyHeads, headSize);
  }

  @Override
  void checkInput(Tensor x, boolean inferring) {
    Shape shape = x.shape();
    if (shape.rank() == 0 || shape.dim(-1) < used) {
      throw invalid(
          "the input's last dimension must hold the heads of queries and keys: expected at least "
              + used
              + ", got "
              + shape);
    }
  }

  @Override
  void normalizeAndKeep(Tensor x, Tensor out) {
    queries.reserve(rows(x));
    keys.reserve(rows(x));
    normalize(x, out, true);
  }

  @Override
  void normalize(Tensor x, Tensor out) {
    normalize(x, out, false);
  }

  private void normalize(Tensor x, Tensor out, boolean keep) {
    queries.normalize(x, out, rows(x), keep);
    keys.normalize(x, out, rows(x), keep);
    copyOthers(x, out);
  }

  @Override
  void gradient(Tensor dy, Tensor x, Tensor dx) {
    queries.gradient(dy, x, dx, rows(x));
    keys.gradient(dy, x, dx, rows(x));
    copyOthers(dy, dx);
  }

  /** Copies what stands after the heads. */
  private void copyOthers(Tensor from, Tensor to) {
    int length = from.shape().dim(-1);
    if (length == used || to.sameStorage(from)) {
      return;
    }
    for (int at = used; at < from.shape().size(); at += length) {
      System.arraycopy(
          from.array(), from.offset() + at, to.array(), to.offset() + at, length - used);
    }
  }

  private static int rows(Tensor x) {
    return x.shape().size() / x.shape().dim(-1);
  }

  /** The heads that share parameters, beginning at an offset of each row. */
  private final class Heads {

    private final boolean centered;
    private final int offset;
    private final int count;
    private final int size;
    private final AffineParameters affine;
    private double[] mean = {};
    private double[] rstd = {};

    Heads(boolean centered, int offset, int count, int size, AffineParameters affine) {
      this.centered = centered;
      this.offset = offset;
      this.count = count;
      this.size = size;
      this.affine = affine;
    }

    void reserve(int rows) {
      if (rstd.length < rows * count) {
        mean = new double[centered ? rows * count : 0];
        rstd = new double[rows * count];
      }
    }

    void normalize(Tensor x, Tensor out, int rows, boolean keep) {
      int stride = x.shape().dim(-1);
      if (centered) {
        HeadNorm.layerNorm(
            x.array(),
            x.offset() + offset,
            stride,
            out.array(),
            out.offset() + offset,
            stride,
            rows,
            count,
            size,
            affine.values(),
            epsilon,
            keep ? mean : null,
            keep ? rstd : null,
            pool);
      } else {
        HeadNorm.rmsNorm(
            x.array(),
            x.offset() + offset,
            stride,
            out.array(),
            out.offset() + offset,
            stride,
            rows,
            count,
            size,
            affine.values(),
            epsilon,
            keep ? rstd : null,
            pool);
      }
    }

    void gradient(Tensor dy, Tensor x, Tensor dx, int rows) {
      int stride = x.shape().dim(-1);
      if (centered) {
        HeadNorm.layerNormBackward(
            dy.array(),
            dy.offset() + offset,
            stride,
            x.array(),
            x.offset() + offset,
            stride,
            dx.array(),
            dx.offset() + offset,
            stride,
            rows,
            count,
            size,
            affine.values(),
            mean,
            rstd,
            affine.gradients(),
            pool);
      } else {
        HeadNorm.rmsNormBackward(
            dy.array(),
            dy.offset() + offset,
            stride,
            x.array(),
            x.offset() + offset,
            stride,
            dx.array(),
            dx.offset() + offset,
            stride,
            rows,
            count,
            size,
            affine.values(),
            rstd,
            affine.gradients(),
            pool);
      }
    }
  }

  /** Options of a {@link QKNorm}. */
  public static final class Builder extends RowNormBuilder<Builder> {

    private final int queryHeads;
    private final int keyHeads;
    private boolean centered;

    private Builder(int queryHeads, int keyHeads, int headSize) {
      super("QKNorm", 1e-6, false, new int[] {Errors.atLeastOne("QKNorm", "headSize", headSize)});
      this.queryHeads = Errors.atLeastOne("QKNorm", "queryHeads", queryHeads);
      this.keyHeads = Errors.atLeastOne("QKNorm", "keyHeads", keyHeads);
      if (((long) queryHeads + keyHeads) * headSize > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "QKNorm: the heads of a row must fit an int: got queryHeads="
                + queryHeads
                + ", keyHeads="
                + keyHeads
                + ", headSize="
                + headSize);
      }
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Takes the mean of each head off as well: LayerNorm instead of RMSNorm.
     *
     * @param centered true for LayerNorm; default false
     * @return this builder
     */
    public Builder centered(boolean centered) {
      this.centered = centered;
      return this;
    }

    /**
     * Takes over a framework's ε: that of its LayerNorm if {@link #centered} is set by now, else of
     * its RMSNorm.
     */
    @Override
    public Builder convention(Convention convention) {
      Objects.requireNonNull(convention, "convention");
      return epsilon(centered ? convention.epsilon() : convention.rmsEpsilon());
    }

    @Override
    public QKNorm build() {
      return new QKNorm(this);
    }
  }
}
