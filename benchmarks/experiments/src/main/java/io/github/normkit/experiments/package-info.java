/**
 * Experiments with the layers of normkit: programs that train, print a table and draw a chart.
 *
 * <p>Start at {@link io.github.normkit.experiments.Digits}. The rest is a small network kit, plain
 * and single-threaded, whose results are the same bits on every machine: sums have one order, and
 * no function is used whose last bit Java leaves open.
 */
package io.github.normkit.experiments;
