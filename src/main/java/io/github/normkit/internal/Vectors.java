package io.github.normkit.internal;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The species that the vector kernels use, and their lengths. */
final class Vectors {

  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Lanes.BLOCK
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  static final int LANES = SPECIES.length();

  static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());

  /** As many floats as there are doubles in a vector. */
  static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  static final int WIDE = DOUBLES.length();

  static final int W = Lanes.WIDTH;

  static final int B = Lanes.BLOCK;

  /**
   * Two doubles a vector gain little, and without AVX the conversion is no instruction to the
   * compiler, which then takes 20 times as long as the scalar kernels.
   */
  static final boolean NARROW = WIDE < 4;

  /**
   * Whether the compiler has room for the largest loops; that of JDK 17 cannot inline all that is
   * done in them, and puts vectors on the heap.
   */
  static final boolean ROOMY = Runtime.version().feature() > 17;

  private Vectors() {}

  /** Begins the sums. */
  static void clear(double[] sums, int at) {
    for (int lane = 0; lane < Lanes.RUN; lane += WIDE) {
      DoubleVector.zero(DOUBLES).intoArray(sums, at + lane);
    }
  }
}
