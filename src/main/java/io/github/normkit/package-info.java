/**
 * Normalization layers with forward and backward passes, and the small tensors they work on.
 *
 * <p>Start at {@link io.github.normkit.NormLayer}; the layers are {@link
 * io.github.normkit.BatchNorm}, {@link io.github.normkit.LayerNorm}, {@link
 * io.github.normkit.GroupNorm}, {@link io.github.normkit.InstanceNorm} and {@link
 * io.github.normkit.RMSNorm}. A {@link io.github.normkit.Mask} leaves padding out of their
 * statistics, {@link io.github.normkit.ModulatedNorm} gives each sample a weight and a bias of its
 * own. The wider family are {@link io.github.normkit.BatchRenorm}, {@link
 * io.github.normkit.GhostBatchNorm}, {@link io.github.normkit.UnitNorm}, {@link
 * io.github.normkit.ScaleNorm}, {@link io.github.normkit.PartialRMSNorm}, {@link
 * io.github.normkit.FilterResponseNorm}, {@link io.github.normkit.LocalResponseNorm} and {@link
 * io.github.normkit.DynamicTanh}. Every result is a function of its input alone: the same bits with
 * vector and scalar kernels, on one thread and on many.
 */
package io.github.normkit;
