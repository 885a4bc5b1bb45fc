package io.github.normkit.internal;

import java.util.function.Supplier;

/**
 * The kernels with vectors of 128, 256 or 512 bits; above each loop stands the scalar line that it
 * computes.
 *
 * <p>A vector narrower than the virtual lanes of {@link Lanes} sweeps a run more often, a slice of
 * the lanes each time. Nothing is fused: a product and a sum are two roundings, as in the scalar
 * kernels, which also take the elements that fill no vector.
 *
 * <p>The compiler puts vectors on the heap where it does not see through all that is done to them.
 * So their methods are small, sums live through no nested loops, and no vector goes to or comes
 * from a method of these classes: in rare branches and in large compilations such a call is not
 * inlined, but those of the Vector API always are. And floats become doubles by convertShape: what
 * castShape gives, JDK 17 puts on the heap.
 */
public final class VectorKernels implements Supplier<Kernels> {

  @Override
  public Kernels get() {
    return new Kernels(
        "vector",
        Vectors.SPECIES.vectorBitSize(),
        new VectorRows(),
        new VectorSegments(),
        new VectorColumns());
  }
}
