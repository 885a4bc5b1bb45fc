package io.github.normkit.internal;

/**
 * The arithmetic of normalization over arrays, offsets and lengths; no checks.
 *
 * <p>There are two implementations, {@link ScalarKernels} and {@link VectorKernels}, with the same
 * bits. Three views serve all layers: rows, segments and columns.
 *
 * <p>A mean arrives as a float {@code head}, and what the head leaves off is made good by a float
 * that is added or subtracted after scaling: so {@code x - mean} keeps its digits where the mean is
 * large, at the cost of no operation.
 *
 * <p>Sums over runs go to virtual lanes in a fixed order, which {@link Lanes} defines.
 *
 * @param name {@code scalar} or {@code vector}
 * @param bits the width of the vectors, or 0 for the scalar kernels
 * @param rows those of rows
 * @param segments those of segments
 * @param columns those of columns
 */
public record Kernels(
    String name, int bits, RowKernels rows, SegmentKernels segments, ColumnKernels columns) {}
