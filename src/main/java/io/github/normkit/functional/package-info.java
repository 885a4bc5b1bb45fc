/**
 * The operations without state, over {@code float[]} with offsets: for engines that have tensors of
 * their own.
 *
 * <p>{@link io.github.normkit.functional.RowNorm} normalizes rows (LayerNorm, RMSNorm), also of
 * sums with a residual, {@link io.github.normkit.functional.HeadNorm} attention heads inside larger
 * rows, {@link io.github.normkit.functional.ChannelNorm} channels (BatchNorm, GroupNorm,
 * InstanceNorm); {@link io.github.normkit.functional.BatchSteps} is BatchNorm for a batch in
 * several places. {@link io.github.normkit.functional.FilterResponse}, {@link
 * io.github.normkit.functional.LocalResponse} and {@link io.github.normkit.functional.RowTanh} are
 * what the wider family has besides. The layers are state and checks around these; there is no
 * second implementation.
 */
package io.github.normkit.functional;
