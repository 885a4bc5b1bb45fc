/**
 * How fast normkit is: each operation on each shape, checked against the reference and then timed
 * by JMH, beside a copy of the same bytes.
 *
 * <p>A {@link io.github.normkit.throughput.Case} is what is to be computed, an {@link
 * io.github.normkit.throughput.Implementation} is who computes it, and a {@link
 * io.github.normkit.throughput.Call} is the two bound together, ready to be timed. An {@link
 * io.github.normkit.throughput.AroundPass} is the same for what is no layer of the five, which
 * normkit alone computes.
 */
package io.github.normkit.throughput;
