package io.github.normkit;

/**
 * What a layer does with one sample of an input.
 *
 * @param norm the operation on a sample by itself
 * @param positions how many positions the operation is given
 * @param parameters the shape of the weight and the bias that a sample meets
 */
record Samples(PieceNorm norm, int positions, Shape parameters) {}
