package io.github.normkit;

import io.github.normkit.functional.Affine;
import java.util.Arrays;

/** Weight and bias as one piece after the other meets them, and the sums of their gradients. */
final class PieceParameters {

  private final Packing packing;
  private final boolean byPosition;
  private final Affine whole;
  private final Affine piece;

  /**
   * Begins a pass.
   *
   * @param byPosition whether a piece meets only those of its counted positions
   */
  PieceParameters(Packing packing, boolean byPosition, Affine whole) {
    this.packing = packing;
    this.byPosition = byPosition;
    this.whole = whole;
    piece = byPosition ? like(whole) : whole;
  }

  /** Other arrays for the same parameters. */
  private static Affine like(Affine affine) {
    float[] weight = affine.weight() == null ? null : new float[affine.weight().length];
    float[] bias = affine.bias() == null ? null : new float[affine.bias().length];
    return new Affine(weight, 0, bias, 0, affine.zeroCentered());
  }

  /** Those that a piece meets; good until the next piece. */
  Affine of(int sample) {
    if (byPosition) {
      pack(sample, whole.weight(), piece.weight());
      pack(sample, whole.bias(), piece.bias());
    }
    return piece;
  }

  private void pack(int sample, float[] from, float[] to) {
    if (from != null) {
      packing.pack(sample, from, 0, to, 0);
    }
  }

  /** Sums of the gradients of pieces, in double: few roundings, however many pieces there are. */
  Sums sums() {
    return new Sums();
  }

  /** The gradients of one piece and the sums of those before. */
  final class Sums {

    private final Affine gradients = like(whole);
    private final double[] weight = doubles(whole.weight());
    private final double[] bias = doubles(whole.bias());

    private static double[] doubles(float[] array) {
      return array == null ? null : new double[array.length];
    }

    /** The gradients for the next piece, which are 0. */
    Affine cleared() {
      clear(gradients.weight());
      clear(gradients.bias());
      return gradients;
    }

    private static void clear(float[] array) {
      if (array != null) {
        Arrays.fill(array, 0);
      }
    }

    /** Takes in the gradients of a piece. */
    void take(int sample) {
      take(sample, gradients.weight(), weight);
      take(sample, gradients.bias(), bias);
    }

    private void take(int sample, float[] from, double[] sums) {
      if (from == null) {
        return;
      }
      if (byPosition) {
        packing.add(sample, from, sums);
        return;
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += from[i];
      }
    }

    /** Adds the sums to the gradients of the layer. */
    void addTo(Affine total) {
      addTo(total.weight(), weight);
      addTo(total.bias(), bias);
    }

    private static void addTo(float[] total, double[] sums) {
      for (int i = 0; total != null && i < total.length; i++) {
        total[i] = (float) (total[i] + sums[i]);
      }
    }
  }
}
