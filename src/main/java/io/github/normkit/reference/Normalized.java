package io.github.normkit.reference;

/**
 * What a forward pass gives: the output and the statistics it was made with.
 *
 * <p>The arrays are not copied, neither in nor out, and {@code equals} compares them by identity.
 *
 * @param y the output, of the input's length and order
 * @param mean the mean of each set that shares statistics; 0 for RMSNorm
 * @param variance the biased variance of each set, the sum of squares divided by their number; for
 *     RMSNorm the mean square
 */
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the language of this package
public record Normalized(double[] y, double[] mean, double[] variance) {}
