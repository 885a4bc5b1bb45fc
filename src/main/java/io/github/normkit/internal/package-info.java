/**
 * The kernels: arithmetic over arrays, offsets and lengths, once scalar and once with vectors.
 *
 * <p>Not exported. Kernels trust their callers: they check, allocate, throw and log nothing.
 */
package io.github.normkit.internal;
