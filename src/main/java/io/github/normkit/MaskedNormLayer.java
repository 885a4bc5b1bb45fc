package io.github.normkit;

/**
 * A normalization layer that can leave out the padding of a batch: {@link BatchNorm}, {@link
 * GroupNorm}, {@link InstanceNorm}, {@link LayerNorm} and {@link RMSNorm}.
 *
 * <p>Statistics run over the positions that a {@link Mask} counts: with {@code m} of them in a set
 * of elements that share statistics,
 *
 * <pre>{@code
 * mean     = Σ x / m                            (sums over the counted elements)
 * variance = Σ (x - mean)² / m
 * y        = (x - mean) / sqrt(variance + epsilon) * weight + bias,   0 in the padding
 * }</pre>
 *
 * <p>and all that a layer says of n holds for m: its running variance is divided by m - 1 where it
 * is unbiased. What is in the padding, a NaN too, has no influence on anything. {@link #backward}
 * of such a forward takes nothing from {@code dy} in the padding, neither for the parameters nor
 * for the input, and the gradient of the input is 0 there.
 *
 * <p>A result has the bits of the same layer without a mask on the counted elements copied
 * together. With a mask that counts all positions a call is that without.
 *
 * <h2>What a mask says</h2>
 *
 * <p><b>{@link BatchNorm}, {@link GroupNorm}, {@link InstanceNorm}:</b> the mask has the input's
 * shape without the channels, {@code (N, L)} for {@code (N, C, L)} and {@code (N, L, C)}, {@code
 * (N)} for {@code (N, C)}. A position counts for all channels.
 *
 * <p><b>{@link LayerNorm}, {@link RMSNorm}:</b> the mask's shape is the input's first dimensions,
 * as many as it has. Where it has none of the normalized dimensions, as {@code (N, L)} for {@code
 * (N, L, D)} normalized over {@code D}, it says which rows are normalized; the others are skipped.
 * Where it has some of them, as {@code (N, L)} for the same input normalized over {@code (L, D)},
 * it says which elements of a row its statistics run over; weight and bias of a position are those
 * of that position.
 *
 * <h2>Few elements, and none</h2>
 *
 * <p>A sample, a row or a batch without any counted position has the output 0 and the gradient 0; a
 * batch without any leaves the running statistics untouched, as an empty one does, and may be of
 * one position. A sample or a row with one counted element in a set has the variance 0 there: the
 * output {@code bias} and the gradient 0. Samples with fewer than two counted positions have no
 * part in the running statistics of InstanceNorm. A BatchNorm that needs its batch's statistics
 * refuses one counted position in all, as it does a batch of one; replicas that share statistics
 * count those of all.
 *
 * <h2>Errors and threads</h2>
 *
 * <p>As {@link NormLayer} says; {@link IllegalArgumentException} if the mask's shape is not as
 * above, with both shapes. With a mask, infer allocates the copies of the counted elements; forward
 * and backward use those of the layer.
 */
public interface MaskedNormLayer extends NormLayer {

  /**
   * Normalizes the counted positions of a tensor and remembers what backward needs.
   *
   * @param x the input. Not modified.
   * @param mask the positions that count
   * @return a new tensor of the input's shape, 0 in the padding
   */
  Tensor forward(Tensor x, Mask mask);

  /**
   * Normalizes the counted positions of a tensor into another and remembers what backward needs.
   *
   * @param x the input. Not modified.
   * @param mask the positions that count
   * @param out the output, of the input's shape, 0 in the padding; must not overlap the input.
   *     Modified.
   * @return {@code out}
   */
  Tensor forward(Tensor x, Mask mask, Tensor out);

  /**
   * Normalizes the counted positions of a tensor as in evaluation mode, whatever the mode is;
   * remembers and changes nothing.
   *
   * @param x the input. Not modified.
   * @param mask the positions that count
   * @return a new tensor of the input's shape, 0 in the padding
   */
  Tensor infer(Tensor x, Mask mask);

  /**
   * Normalizes the counted positions of a tensor into another as in evaluation mode, whatever the
   * mode is; remembers and changes nothing else.
   *
   * @param x the input. Not modified unless it is {@code out}.
   * @param mask the positions that count
   * @param out the output, of the input's shape, 0 in the padding; may be {@code x} itself.
   *     Modified.
   * @return {@code out}
   */
  Tensor infer(Tensor x, Mask mask, Tensor out);
}
