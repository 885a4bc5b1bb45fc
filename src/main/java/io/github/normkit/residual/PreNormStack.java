package io.github.normkit.residual;

import io.github.normkit.AddNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * {@link PreNorm} blocks one after the other, and if wanted a norm at the end, as in transformers.
 *
 * <p>What a block adds to the stream is added at once with the norm of the next ({@link AddNorm}),
 * and likewise backward: with LayerNorm and RMSNorm the stream is read and written once a block.
 * The bits are those of the blocks one by one.
 *
 * <pre>{@code
 * PreNormStack transformer =
 *     new PreNormStack(
 *         List.of(new PreNorm(new RMSNorm(768), attention), new PreNorm(new RMSNorm(768), mlp)),
 *         new RMSNorm(768));
 * }</pre>
 *
 * <p>Shapes are those that the norms take. Names of parameters and state begin with {@code
 * blocks.0.}, {@code blocks.1.} and so on, and with {@code norm.} those of the norm at the end. One
 * thread at a time.
 */
public final class PreNormStack extends Composite {

  private final List<PreNorm> blocks;

  /** The norm at the end, or null. */
  private final AddNorm last;

  /**
   * Makes a stack without a norm at the end.
   *
   * @param blocks the blocks, at least one; shared
   * @throws IllegalArgumentException if there are none, or two have the same norm
   */
  public PreNormStack(List<PreNorm> blocks) {
    this(blocks, null, false);
  }

  /**
   * Makes a stack.
   *
   * @param blocks the blocks, at least one; shared
   * @param last normalizes the stream after the last block; shared
   * @throws IllegalArgumentException if there are no blocks, or a norm stands in two places
   */
  public PreNormStack(List<PreNorm> blocks, NormLayer last) {
    this(blocks, last, true);
  }

  private PreNormStack(List<PreNorm> blocks, NormLayer last, boolean normalized) {
    super("PreNormStack");
    this.blocks = List.copyOf(Objects.requireNonNull(blocks, "blocks"));
    this.last = normalized ? new AddNorm(Objects.requireNonNull(last, "last")) : null;
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(
          "PreNormStack: there must be blocks: expected at least 1, got 0");
    }
    for (int i = 0; i < blocks.size(); i++) {
      part("blocks." + i, this.blocks.get(i));
    }
    if (normalized) {
      part("norm", Sublayer.of(last));
    }
    checkNorms(last);
  }

  /** Throws if a norm stands in two places. */
  private void checkNorms(NormLayer last) {
    IdentityHashMap<NormLayer, String> places = new IdentityHashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      checkNorm(blocks.get(i).norm(), "blocks." + i, places);
    }
    checkNorm(last, "norm", places);
  }

  private static void checkNorm(
      NormLayer norm, String place, IdentityHashMap<NormLayer, String> places) {
    String other = places.put(norm, place);
    if (other != null) {
      throw new IllegalArgumentException(
          "PreNormStack: each norm must be a layer of its own, for it keeps its input: got one for "
              + other
              + " and "
              + place);
    }
  }

  @Override
  Tensor output(Tensor x, boolean keep) {
    Tensor stream = x;
    Tensor branch = blocks.get(0).branch(x, keep);
    for (PreNorm block : blocks.subList(1, blocks.size())) {
      AddNorm.Result result = block.branchAfter(branch, stream, keep);
      stream = result.sum();
      branch = result.y();
    }
    return last == null ? sum(branch, stream, 1) : outputOf(last, branch, stream, keep).y();
  }

  @Override
  Tensor gradient(Tensor dy) {
    Tensor dstream = last == null ? dy : last.backward(dy, null);
    for (int i = blocks.size() - 1; i >= 0; i--) {
      dstream = blocks.get(i).gradientThrough(dstream);
    }
    return dstream;
  }
}
